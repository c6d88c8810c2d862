import HeapModule
import Pipes
import Time

/// What a subscription knows of its messages, and what becomes of them: a value that decides and does nothing.
///
/// A message is settled (acknowledged, filtered out or dropped), or it has an entry (it has been seen), or it has never
/// been seen: then it is at or above `fresh`. Everything that waits in the topic costs nothing here until it is seen.
struct SubscriptionState: Sendable {
    /// How messages are handed out.
    struct Policy: Sendable, Hashable {
        var isOrdered = false
        /// After so many times a message goes to the dead letters; nil: never.
        var maxDeliveryAttempts: Int?
        /// How long a failed message waits; nil: not at all.
        var backoff: RetryBackoff?
    }

    enum Status: Sendable, Hashable {
        /// Somebody has it until then; `.distantFuture`: for life.
        case leased(until: Timestamp, by: UInt32)
        /// It may be handed out again.
        case ready
        /// It is being read in order to be handed out.
        case planned
        /// It failed and waits until then.
        case delayed(until: Timestamp)
        /// An earlier message of its key comes first.
        case held
        /// It is being published to the dead letters.
        case forwarding
    }

    struct Entry: Sendable {
        var status: Status
        /// Negative acknowledgements and expired deadlines.
        var failures: Int32 = 0
        var bytes: UInt32
        /// Which lease it is: an ack id of an earlier one is stale.
        var lease: UInt32 = 0
        /// Its ordering key's number, or -1.
        var key: Int32 = -1
    }

    /// A message that is due for the dead letters.
    struct DeadLetter: Sendable, Hashable {
        var sequence: UInt64
        var attempts: Int
    }

    /// What time has brought about.
    struct Passage: Sendable, Hashable {
        /// Leases that ran out.
        var expired = 0
        var deadLetters: [DeadLetter] = []
        /// Something may be handed out that could not before.
        var wakes = false
    }

    /// Messages with ordering keys that wait for an earlier one; beyond so many nothing more is read ahead.
    static let maximumWaiting = 100_000

    var policy: Policy
    private(set) var settled: SettledSet
    /// Bytes of everything settled, on the scale of `Extent.bytes`.
    var settledBytes: Int
    /// The next message that was never handed out.
    private(set) var fresh: UInt64
    /// Seen, not settled.
    private(set) var entries: [UInt64: Entry] = [:]
    /// How many are leased.
    private(set) var outstanding = 0
    /// Changes when messages are unsettled: what was read before counts no more.
    private(set) var epoch = 0
    private var ready = Heap<UInt64>()
    private var timers = Heap<Timer>()
    private var keys = OrderingKeys()
    private var lastLease: UInt32 = 0

    /// Leases or backoffs that run out at one time.
    private struct Timer: Comparable, Sendable {
        var time: Timestamp
        var ranges: [Range<UInt64>]

        static func < (a: Timer, b: Timer) -> Bool { a.time < b.time }

        static func == (a: Timer, b: Timer) -> Bool { a.time == b.time }
    }

    init(settled: SettledSet, settledBytes: Int = 0, policy: Policy = Policy()) {
        self.settled = settled
        self.settledBytes = settledBytes
        self.policy = policy
        fresh = settled.floor
    }

    /// When something runs out next.
    var nextDeadline: Timestamp? { timers.min?.time }

    // MARK: Handing out

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

    // MARK: Acknowledging

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
        if case .leased = entry.status { outstanding -= 1 }
        if entry.key >= 0 { keys.settle(sequence, key: entry.key, wasBlocking: entry.status.isBlocking) }
        settleUnseen(sequence, bytes: Int(entry.bytes))
    }

    private mutating func settleUnseen(_ sequence: UInt64, bytes: Int) {
        if settled.insert(sequence) { settledBytes += bytes }
    }

    /// Settles a message that was never handed out and does not pass the filter.
    mutating func filterOut(_ sequence: UInt64, bytes: Int) {
        if entries[sequence] == nil { settleUnseen(sequence, bytes: bytes) }
    }

    // MARK: Failing

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

    private mutating func makeReady(_ sequence: UInt64) {
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

    /// A consumer has gone: what it held comes again, as if it had never been handed out. Returns how many.
    mutating func release(consumer: UInt32) -> Int {
        let held = entries.compactMap { sequence, entry -> UInt64? in
            if case .leased(_, consumer) = entry.status { sequence } else { nil }
        }
        for sequence in held.sorted() { makeReady(sequence) }
        return held.count
    }

    // MARK: Going back

    /// Unsettles: from now on `settled` holds, and everything else is handed out anew.
    mutating func reset(to settled: SettledSet, settledBytes: Int) {
        self = SubscriptionState(settled: settled, settledBytes: settledBytes, policy: policy).following(self)
    }

    private func following(_ before: SubscriptionState) -> SubscriptionState {
        var state = self
        state.epoch = before.epoch + 1
        // Ack ids that are still out there must stay stale.
        state.lastLease = before.lastLease
        return state
    }

    /// How many messages wait in a topic that ends before `end`, handed out or not.
    func backlogMessages(end: UInt64) -> Int {
        max(Int(clamping: max(end, settled.floor) - settled.floor) - settled.countAboveFloor, 0)
    }
}

extension SubscriptionState.Status {
    /// A message of a key in this state keeps the key from being handed out.
    fileprivate var isBlocking: Bool {
        switch self {
        case .delayed, .forwarding: true
        default: false
        }
    }
}
