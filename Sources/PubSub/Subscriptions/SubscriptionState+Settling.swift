extension SubscriptionState {
    /// Settles messages that were handed out; returns those that were not settled yet. An acknowledgement that comes
    /// after its deadline counts, unless `leases` are given and the message has been handed out again since.
    mutating func acknowledge(_ sequences: [UInt64], leases: [UInt32]? = nil) -> [UInt64] {
        var accepted: [UInt64] = []
        accepted.reserveCapacity(sequences.count)
        for (index, sequence) in sequences.enumerated() {
            guard let entry = entries[sequence] else { continue }
            if let leases {
                guard case .leased = entry.status, entry.lease == leases[index] else { continue }
            }
            settle(sequence, entry)
            accepted.append(sequence)
        }
        return accepted
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
                settle(lower, entry)
                count += 1
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

    private mutating func settle(_ sequence: UInt64, _ entry: Entry) {
        entries[sequence] = nil
        // Thousands of subscriptions at rest must not each keep the room of their busiest moment.
        if entries.isEmpty, entries.capacity > 64 { entries = [:] }
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
