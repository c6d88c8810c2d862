import HeapModule
import Pipes
import Time

extension SubscriptionState {
    /// Gives messages back that were handed out: they failed. Stale ones (`leases`) are ignored.
    mutating func fail(
        _ sequences: [UInt64], leases: [UInt32]? = nil, at now: Timestamp
    ) -> (failed: Int, deadLetters: [DeadLetter]) {
        var failed = 0
        var deadLetters: [DeadLetter] = []
        for (index, sequence) in sequences.enumerated() {
            guard let entry = entries[sequence], case .leased = entry.status else { continue }
            if let leases, entry.lease != leases[index] { continue }
            failed += 1
            if let letter = fail(sequence, entry, at: now) { deadLetters.append(letter) }
        }
        return (failed, deadLetters)
    }

    private mutating func fail(_ sequence: UInt64, _ entry: Entry, at now: Timestamp) -> DeadLetter? {
        var entry = entry
        outstanding -= 1
        entry.failures += 1
        let isForwarded = policy.maxDeliveryAttempts.map { Int(entry.failures) >= $0 } ?? false
        let delay = policy.backoff?.delay(beforeRetry: Int(entry.failures)) ?? .zero
        if isForwarded {
            entry.status = .forwarding
        } else if delay > .zero {
            entry.status = .delayed(until: now + delay)
            timers.insert(Timer(time: now + delay, ranges: [sequence..<sequence + 1]))
        } else {
            entry.status = entry.key < 0 ? .ready : .held
        }
        entries[sequence] = entry
        if entry.key >= 0 {
            takeBack(sequence, entry, isForwarded: isForwarded)
        } else if entry.status == .ready {
            ready.insert(sequence)
        }
        return isForwarded ? DeadLetter(sequence: sequence, attempts: Int(entry.failures)) : nil
    }

    /// Puts a message with a key back, and those that were handed out after it; these have not failed.
    private mutating func takeBack(_ sequence: UInt64, _ entry: Entry, isForwarded: Bool) {
        let revoked = keys.putBack(
            sequence, key: entry.key, isBlocking: entry.status.isBlocking, isForwarded: isForwarded)
        for other in revoked {
            if case .leased? = entries[other]?.status { outstanding -= 1 }
            entries[other]?.status = .held
        }
    }

    mutating func makeReady(_ sequence: UInt64) {
        guard let entry = entries[sequence] else { return }
        if case .leased = entry.status { outstanding -= 1 }
        if entry.key < 0 {
            entries[sequence]?.status = .ready
            ready.insert(sequence)
        } else {
            entries[sequence]?.status = .held
            takeBack(sequence, Entry(status: .held, bytes: entry.bytes, key: entry.key), isForwarded: false)
            if entry.status.isBlocking { keys.unblock(key: entry.key) }
        }
    }

    /// A dead letter could not be published: the message is handed out again after `delay`.
    mutating func forwardingFailed(_ sequence: UInt64, retryAt time: Timestamp) {
        guard var entry = entries[sequence], entry.status == .forwarding else { return }
        entry.status = .delayed(until: time)
        entries[sequence] = entry
        timers.insert(Timer(time: time, ranges: [sequence..<sequence + 1]))
        if entry.key >= 0 {
            // In this order: a key without any message would be forgotten.
            takeBack(sequence, entry, isForwarded: false)
            keys.unblock(key: entry.key)
        }
    }

    /// Sets the deadline of messages that are handed out; stale ones are ignored. Returns how many were set.
    mutating func extend(_ sequences: [UInt64], leases: [UInt32]? = nil, to deadline: Timestamp) -> Int {
        var ranges = SequenceSet()
        for (index, sequence) in sequences.enumerated() {
            guard let entry = entries[sequence], case .leased(_, let consumer) = entry.status else { continue }
            if let leases, entry.lease != leases[index] { continue }
            entries[sequence]?.status = .leased(until: deadline, by: consumer)
            ranges.insert(sequence)
        }
        if !ranges.isEmpty, deadline < .distantFuture { timers.insert(Timer(time: deadline, ranges: ranges.ranges)) }
        return ranges.count
    }

    /// Hands nothing out, but lets run out what runs out by `now`.
    mutating func advance(to now: Timestamp) -> Passage {
        var passage = Passage()
        while let timer = timers.min, timer.time <= now {
            timers.removeMin()
            for sequence in timer.ranges.joined() {
                guard let entry = entries[sequence] else { continue }
                switch entry.status {
                case .leased(let deadline, _) where deadline <= now:
                    passage.expired += 1
                    if let letter = fail(sequence, entry, at: now) { passage.deadLetters.append(letter) }
                    passage.wakes = true
                case .delayed(let time) where time <= now:
                    makeReady(sequence)
                    passage.wakes = true
                default: continue
                }
            }
        }
        return passage
    }
}
