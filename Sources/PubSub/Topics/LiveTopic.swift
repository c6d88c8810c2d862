import Journal
import Pipes
import Synchronization
import Telemetry
import Time

/// A topic at work: its journal and those who read it.
final class LiveTopic: Sendable {
    private struct State {
        var topic: Topic
        var isDeleted: Bool
        /// Publish times never go back, so that time and number order messages alike.
        var lastPublish: Timestamp
        var subscriptions: [LiveSubscription] = []
        var snapshots: [LiveSnapshot] = []
        /// Those with tasks that wait for messages.
        var waiting: [UInt64: LiveSubscription] = [:]
        var failure: PublishFailure?
    }

    let id: UInt64
    let name: ResourceName
    let journal: Journal
    let clock: any WallClock
    let published = Counter()
    let publishedBytes = Counter()
    let latency = LatencyHistogram()
    let retention: RetentionSchedule
    private let state: Mutex<State>

    init(
        id: UInt64, topic: Topic, name: ResourceName, isDeleted: Bool, journal: Journal, clock: any WallClock,
        timer: BrokerTimer
    ) throws(JournalError) {
        self.id = id
        self.name = name
        self.journal = journal
        self.clock = clock
        retention = RetentionSchedule(timer: timer)
        var last = Timestamp.distantPast
        if let record = try journal.record(journal.nextSequence &- 1) {
            last = record.withUnsafeBytes { MessageCodec.publishTime($0) } ?? last
        }
        state = Mutex(State(topic: topic, isDeleted: isDeleted, lastPublish: last))
    }

    var topic: Topic {
        get { state.withLock { $0.topic } }
        set { state.withLock { $0.topic = newValue } }
    }

    var isDeleted: Bool {
        get { state.withLock { $0.isDeleted } }
        set { state.withLock { $0.isDeleted = newValue } }
    }

    var subscriptions: [LiveSubscription] { state.withLock { $0.subscriptions } }

    func add(_ subscription: LiveSubscription) { state.withLock { $0.subscriptions.append(subscription) } }

    var snapshots: [LiveSnapshot] { state.withLock { $0.snapshots } }

    func add(_ snapshot: LiveSnapshot) { state.withLock { $0.snapshots.append(snapshot) } }

    func remove(_ snapshot: LiveSnapshot) { state.withLock { $0.snapshots.removeAll { $0 === snapshot } } }

    func remove(_ subscription: LiveSubscription) {
        state.withLock { state in
            state.subscriptions.removeAll { $0 === subscription }
            state.waiting[subscription.id] = nil
        }
    }

    /// Lets go of everything that refers back here.
    func removeAllSubscriptions() {
        state.withLock { state in
            state.subscriptions = []
            state.snapshots = []
            state.waiting = [:]
        }
    }

    // MARK: Publishing

    /// Appends messages, each as `prepare` makes it; returns their numbers when they are durable.
    func publish(
        _ messages: [OutgoingMessage], prepare: ((OutgoingMessage) throws -> OutgoingMessage)? = nil
    ) async throws -> Range<UInt64> {
        let resource = name.description
        for (index, message) in messages.enumerated() {
            try MessageRules.check(message, at: index, topic: resource)
        }
        let messages = try prepare.map { try messages.map($0) } ?? messages
        let start = clock.now
        var bytes = 0
        let range: Range<UInt64>
        do {
            range = try await journal.append { writer in
                let time = publishTime()
                for message in messages {
                    writer.append(capacity: MessageCodec.maximumBytes(message)) { room in
                        let count = MessageCodec.encode(message, publishTime: time, into: room)
                        bytes += count
                        return count
                    }
                }
            }
        } catch {
            let failure = PubSubError(error, resource: name.description)
            let refused = messages.reduce(0) { $0 + MessageCodec.maximumBytes($1) }
            state.withLock { $0.failure = PublishFailure(failure, bytes: refused, at: clock.now) }
            throw failure
        }
        published.add(messages.count)
        publishedBytes.add(bytes)
        latency.record(clock.now - start, count: messages.count)
        let waiting = state.withLock { state in
            if state.failure?.stands(afterPublishing: bytes, at: clock.now) == false { state.failure = nil }
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for subscription in waiting { subscription.signal() }
        if retention.isUnscheduled { retention.schedule(self, at: clock.now + shortestRetention) }
        if retention.isDue(after: journal.oldestSegmentEnd) { sweepSoon() }
        return range
    }

    private func publishTime() -> Timestamp {
        state.withLock { state in
            state.lastPublish = max(state.lastPublish, clock.now)
            return state.lastPublish
        }
    }

    /// The next publish signals `subscription`.
    func awaitPublish(_ subscription: LiveSubscription) {
        state.withLock { $0.waiting[subscription.id] = subscription }
    }

    // MARK: Reading

    /// The publish time of a message; nil when it is gone.
    func publishTime(of sequence: UInt64) throws(JournalError) -> Timestamp? {
        var cursor = JournalCursor(sequence)
        var time: Timestamp?
        try journal.read(&cursor, below: sequence + 1, limit: 1) { _, record in time = MessageCodec.publishTime(record)
        }
        return time
    }

    /// The first message published at `time` or later; the next number when there is none. Reads some twenty records.
    func firstSequence(publishedFrom time: Timestamp) throws(JournalError) -> UInt64 {
        var low = journal.firstSequence
        var high = journal.nextSequence
        while low < high {
            let middle = low + (high - low) / 2
            // A damaged record goes with the next one that is sound.
            var cursor = JournalCursor(middle)
            var found: (sequence: UInt64, time: Timestamp)?
            try journal.read(&cursor, below: high, limit: 1) { sequence, record in
                found = MessageCodec.publishTime(record).map { (sequence, $0) }
            }
            if let found, found.time < time { low = found.sequence + 1 } else { high = middle }
        }
        return low
    }

    // MARK: State

    /// Why publishing fails or messages are missing.
    var health: Health {
        if let failure = state.withLock({ $0.failure?.error }) {
            return failure.code == .resourceExhausted
                ? .resourceExhausted(failure.message) : .unavailable(failure.message)
        }
        if let damage = journal.damage.first {
            let more = journal.damage.count > 1 ? " (and \(journal.damage.count - 1) more places)" : ""
            return .dataLoss(damage.description + more)
        }
        if let aside = journal.recovery.setAside.first {
            return .dataLoss("\(aside): this is no segment of this topic and was set aside; look at it or delete it")
        }
        return .ok
    }
}
