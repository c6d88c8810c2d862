import HeapModule
import Time

extension SubscriptionState {
    /// What to read in order to hand it out.
    struct Plan: Sendable, Hashable {
        /// Failed before, or waited for their key: they count as being read until `lease` or `giveBack`.
        var again: [UInt64] = []
        /// Never handed out.
        var fresh: Range<UInt64>?
        var epoch: Int

        var isEmpty: Bool { again.isEmpty && fresh == nil }
    }

    /// Up to `limit` messages for `consumer` of a topic that ends before `end`: first those that come again.
    mutating func plan(limit: Int, end: UInt64, consumer: UInt32) -> Plan {
        var plan = Plan(epoch: epoch)
        guard limit > 0 else { return plan }
        while plan.again.count < limit, let sequence = ready.popMin() {
            guard entries[sequence]?.status == .ready else { continue }
            plan.again.append(sequence)
        }
        if policy.isOrdered, plan.again.count < limit {
            plan.again += keys.take(limit: limit - plan.again.count, for: consumer)
            plan.again.sort()
        }
        for sequence in plan.again { entries[sequence]?.status = .planned }
        guard plan.again.isEmpty, keys.waiting < SubscriptionState.maximumWaiting else { return plan }
        fresh = settled.nextUnsettled(from: fresh)
        guard fresh < end else { return plan }
        let stop = settled.nextSettled(from: fresh, below: end)
        plan.fresh = fresh..<min(stop, fresh + UInt64(limit))
        return plan
    }

    /// Whether `plan` would name something that may be handed out.
    mutating func hasMessages(end: UInt64, consumer: UInt32) -> Bool {
        while let sequence = ready.min {
            if entries[sequence]?.status == .ready { return true }
            ready.removeMin()
        }
        if policy.isOrdered, keys.hasMessages(for: consumer) { return true }
        return keys.waiting < SubscriptionState.maximumWaiting && settled.nextUnsettled(from: fresh) < end
    }

    /// A message as it was read.
    struct Head: Sendable, Hashable {
        var sequence: UInt64
        var bytes: Int
        var key = ""
        /// It passes the subscription's filter.
        var matches = true
    }

    /// What `consumer` gets of a message that was read.
    struct Lease: Sendable, Hashable {
        var number: UInt32
        var attempt: Int
    }

    /// Hands out what was read for a plan, in ascending order, until `deadline`; nil for what is not for `consumer`: it
    /// is settled meanwhile, does not pass the filter, or waits for its key.
    mutating func lease(
        _ heads: [Head], epoch: Int, to consumer: UInt32, until deadline: Timestamp
    ) -> [Lease?] {
        guard epoch == self.epoch else { return [Lease?](repeating: nil, count: heads.count) }
        lastLease &+= 1
        var ranges: [Range<UInt64>] = []
        let leases = heads.map { head -> Lease? in
            guard let lease = lease(head, to: consumer, until: deadline) else { return nil }
            if let last = ranges.last, last.upperBound == head.sequence {
                ranges[ranges.count - 1] = last.lowerBound..<head.sequence + 1
            } else {
                ranges.append(head.sequence..<head.sequence + 1)
            }
            return lease
        }
        if !ranges.isEmpty, deadline < .distantFuture { timers.insert(Timer(time: deadline, ranges: ranges)) }
        return leases
    }

    private mutating func lease(_ head: Head, to consumer: UInt32, until deadline: Timestamp) -> Lease? {
        let sequence = head.sequence
        if var entry = entries[sequence] {
            guard entry.status == .planned else { return nil }
            entry.status = .leased(until: deadline, by: consumer)
            entry.lease = lastLease
            entries[sequence] = entry
            outstanding += 1
            return Lease(number: lastLease, attempt: Int(entry.failures) + 1)
        }
        guard sequence >= fresh, !settled.contains(sequence) else { return nil }
        fresh = sequence + 1
        guard head.matches else {
            settleUnseen(sequence, bytes: head.bytes)
            return nil
        }
        var entry = Entry(
            status: .leased(until: deadline, by: consumer), bytes: UInt32(clamping: head.bytes), lease: lastLease)
        if policy.isOrdered, !head.key.isEmpty {
            let (key, isDelivered) = keys.admit(sequence, name: head.key, to: consumer)
            entry.key = key
            if !isDelivered { entry.status = .held }
        }
        entries[sequence] = entry
        guard entry.status != .held else { return nil }
        outstanding += 1
        return Lease(number: lastLease, attempt: 1)
    }

    /// Messages of a plan that could not be read now: they come again.
    mutating func giveBack(_ sequences: [UInt64]) {
        for sequence in sequences where entries[sequence]?.status == .planned { makeReady(sequence) }
    }

    /// A consumer has gone: what it held comes again, as if it had never been handed out. Returns how many.
    mutating func release(consumer: UInt32) -> Int {
        let held = entries.sequences { entry in
            if case .leased(_, consumer) = entry.status { true } else { false }
        }
        for sequence in held { makeReady(sequence) }
        return held.count
    }
}
