extension SubscriptionState {
    /// Settles messages that were handed out; returns those that were not settled yet. An acknowledgement that comes
    /// after its deadline counts.
    ///
    /// A message with a key is settled when those of its key before it are: if one of them fails, all that follow come
    /// again, the acknowledged ones too (Pub/Sub documentation, "Order messages", on redelivery). For the same reason
    /// the acknowledgement of a message that was taken back with a failed one counts no more.
    mutating func acknowledge(_ sequences: [UInt64]) -> [UInt64] {
        var accepted: [UInt64] = []
        accepted.reserveCapacity(sequences.count)
        for sequence in sequences {
            guard let entry = entries[sequence] else { continue }
            if entry.key < 0 || entry.status == .forwarding || keys.isFirst(sequence, of: entry.key) {
                settle(sequence, entry, into: &accepted)
            } else if case .leased = entry.status {
                outstanding -= 1
                entries[sequence]?.status = .acknowledged
            }
        }
        return accepted
    }

    /// What became of acknowledgements under exactly-once delivery.
    struct Confirmation: Sendable, Hashable {
        /// To be written down.
        var settled: [UInt64] = []
        /// Their lease is not the message's present one.
        var invalid: [AckID] = []
        /// An earlier message of their key is not acknowledged: they may be sent again once it is.
        var unordered: [AckID] = []
    }

    /// Settles messages under exactly-once delivery: only under their present lease, and in the order of their keys.
    /// What is acknowledged under this lease already is fine: the client did not hear the answer.
    mutating func confirm(_ ids: [AckID]) -> Confirmation {
        var outcome = Confirmation()
        for id in policy.isOrdered ? ids.sorted(by: { $0.sequence < $1.sequence }) : ids {
            guard let entry = entries[id.sequence], case .leased = entry.status, entry.lease == id.lease else {
                if ended[id] != .acknowledged { outcome.invalid.append(id) }
                continue
            }
            if entry.key >= 0, !keys.isFirst(id.sequence, of: entry.key) {
                outcome.unordered.append(id)
                continue
            }
            settle(id.sequence, entry, into: &outcome.settled)
            ended[id] = .acknowledged
        }
        return outcome
    }

    /// Whether a message is handed out under this lease.
    func isLeased(_ sequence: UInt64, as lease: UInt32) -> Bool {
        guard let entry = entries[sequence], case .leased = entry.status else { return false }
        return entry.lease == lease
    }

    /// Settles everything in `range`, seen or not; returns how many messages that were not settled. `bytes` tells how
    /// many bytes a range has that was never seen.
    mutating func settle(_ range: Range<UInt64>, bytes: (Range<UInt64>) -> Int) -> Int {
        var count = 0
        var sequence = range.lowerBound
        while true {
            let lower = settled.nextUnsettled(from: sequence)
            guard lower < range.upperBound else { return count }
            if let entry = entries[lower] {
                var done: [UInt64] = []
                settle(lower, entry, into: &done)
                count += done.count
                sequence = lower + 1
                continue
            }
            // A run of messages that were never seen: below `fresh` there are none.
            let upper = settled.nextSettled(from: lower, below: range.upperBound)
            let run = lower..<(lower < fresh ? lower + 1 : upper)
            settledBytes += bytes(run)
            count += settled.insert(run)
            sequence = run.upperBound
        }
    }

    /// Settles a message, and those after it of its key that are acknowledged already.
    private mutating func settle(_ sequence: UInt64, _ entry: Entry, into done: inout [UInt64]) {
        settle(sequence, entry)
        done.append(sequence)
        guard entry.key >= 0 else { return }
        while let next = keys.first(of: entry.key), let entry = entries[next], entry.status == .acknowledged {
            settle(next, entry)
            done.append(next)
        }
    }

    private mutating func settle(_ sequence: UInt64, _ entry: Entry) {
        entries[sequence] = nil
        if case .leased = entry.status { outstanding -= 1 }
        if entry.key >= 0 { keys.settle(sequence, key: entry.key, wasBlocking: entry.status.isBlocking) }
        settleUnseen(sequence, bytes: Int(entry.bytes))
    }

    mutating func settleUnseen(_ sequence: UInt64, bytes: Int) {
        if settled.insert(sequence) { settledBytes += bytes }
    }

    /// Settles a message that was never handed out and does not pass the filter.
    mutating func filterOut(_ sequence: UInt64, bytes: Int) {
        if entries[sequence] == nil { settleUnseen(sequence, bytes: bytes) }
    }
}
