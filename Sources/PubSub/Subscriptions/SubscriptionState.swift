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
        /// It is acknowledged, but an earlier message of its key is not: it comes again when that one does.
        case acknowledged
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
    var settled: SettledSet
    /// Bytes of everything settled, on the scale of `Extent.bytes`.
    var settledBytes: Int
    /// The next message that was never handed out.
    var fresh: UInt64
    /// Seen, not settled.
    var entries = MessageEntries()
    /// How many are leased.
    var outstanding = 0
    /// Changes when messages are unsettled: what was read before counts no more.
    var epoch = 0
    var ready = Heap<UInt64>()
    var timers = Heap<Timer>()
    var keys = OrderingKeys()
    var lastLease: UInt32 = 0
    /// Under exactly-once delivery.
    var ended = EndedLeases()

    /// Leases or backoffs that run out at one time.
    struct Timer: Comparable, Sendable {
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
    var isBlocking: Bool {
        switch self {
        case .delayed, .forwarding: true
        default: false
        }
    }
}
