import Journal
import Pipes
import Synchronization
import Telemetry
import Time

/// A subscription at work: decides by its `SubscriptionState`, reads the topic's journal, remembers in its `CursorLog`.
///
/// Locks are taken in this order: reader, cursor log, state. None is held across an `await`.
final class LiveSubscription: Sendable {
    private struct Settings {
        var subscription: Subscription
        var problem: String?
        /// Stays when the problem has gone.
        var lastProblem: (text: String, time: Timestamp)?
        var isDeleted = false
        /// When somebody last pulled, acknowledged or was sent something.
        var lastUse: Timestamp
    }

    /// What the one who reads the journal needs; whoever pulls holds it.
    struct Reader {
        var cursor = JournalCursor(1)
        /// The next message that the filter has not been asked about ahead of its turn.
        var examined: UInt64 = 0
    }

    let id: UInt64
    let name: ResourceName
    let topic: LiveTopic
    let filter: Filter?
    let state: Mutex<SubscriptionState>
    let reader = Mutex(Reader())
    let minima = Mutex<[String: AttributeMinimum]>([:])
    let log: CursorLog
    let waiters = WaitList()
    let delivered = Counter()
    let acknowledged = Counter()
    let negative = Counter()
    let expired = Counter()
    let deadLettered = Counter()
    let dropped = Counter()
    let consumers = Gauge()
    private let settings: Mutex<Settings>
    private let nextConsumer = Atomic<UInt32>(0)
    private let armed = Mutex(Timestamp.distantFuture)
    /// The publish time of the oldest message that waits, and its number.
    private let oldest = Mutex<(sequence: UInt64, time: Timestamp)?>(nil)
    private let timer: BrokerTimer
    private let publishDeadLetters: @Sendable ([OutgoingMessage], String) async throws -> Void

    /// - Parameters:
    ///   - settled: what is settled, none of it beyond the topic's end.
    ///   - publishDeadLetters: publishes to a topic.
    init(
        id: UInt64, subscription: Subscription, name: ResourceName, topic: LiveTopic, settled: SettledSet,
        log: CursorLog,
        timer: BrokerTimer, publishDeadLetters: @escaping @Sendable ([OutgoingMessage], String) async throws -> Void
    ) throws {
        self.id = id
        self.name = name
        self.topic = topic
        self.log = log
        self.timer = timer
        self.publishDeadLetters = publishDeadLetters
        filter = try Filter(parsing: subscription.filter, of: name)
        settings = Mutex(Settings(subscription: subscription, lastUse: topic.clock.now))
        let bytes = try LiveSubscription.settledBytes(settled, in: topic.journal)
        var initial = SubscriptionState(settled: settled, settledBytes: bytes, policy: subscription.policy)
        // Ack ids that were given out before a restart must not be those of new leases.
        initial.lastLease = UInt32(truncatingIfNeeded: topic.clock.now.micros)
        state = Mutex(initial)
    }

    /// The bytes of everything settled, such that the bytes appended minus these are what waits.
    static func settledBytes(_ settled: SettledSet, in journal: Journal) throws(JournalError) -> Int {
        let (end, appended) = journal.extent
        var waiting = try journal.payloadBytes(in: min(settled.floor, end)..<end)
        for range in settled.rangesAboveFloor { waiting -= try journal.payloadBytes(in: range) }
        return appended - waiting
    }

    var subscription: Subscription { settings.withLock { $0.subscription } }

    func update(_ subscription: Subscription) {
        settings.withLock { $0.subscription = subscription }
        state.withLock { $0.policy = subscription.policy }
    }

    var problem: String? {
        get { settings.withLock { $0.problem } }
        set {
            let last = newValue.map { (text: $0, time: topic.clock.now) }
            settings.withLock { settings in
                settings.problem = newValue
                settings.lastProblem = last ?? settings.lastProblem
            }
        }
    }

    /// What was wrong last, now or before, and when.
    var lastProblem: (text: String, time: Timestamp)? { settings.withLock { $0.lastProblem } }

    var floor: UInt64 { state.withLock { $0.settled.floor } }

    /// A number for a reader of this subscription.
    func newConsumer() -> UInt32 { nextConsumer.wrappingAdd(1, ordering: .relaxed).newValue }

    // MARK: Waiting

    func signal() { waiters.signal() }

    /// Returns when there is something to pull for `consumer`.
    func waitForMessages(_ consumer: UInt32) async throws {
        while true {
            try Task.checkCancellation()
            try checkAttached()
            let ticket = waiters.ticket
            topic.awaitPublish(self)
            passTime(to: topic.clock.now)
            examineNew()
            let end = topic.journal.nextSequence
            if state.withLock({ $0.hasMessages(end: end, consumer: consumer) }) { return }
            try await waiters.wait(after: ticket)
        }
    }

    /// It has been deleted: who waits for messages is told.
    func markDeleted() {
        settings.withLock { $0.isDeleted = true }
        signal()
    }

    /// It is deleted or detached: nothing comes any more.
    var isGone: Bool { settings.withLock { $0.isDeleted || $0.subscription.detached } }

    /// Somebody uses it.
    func touch() {
        let now = topic.clock.now
        settings.withLock { $0.lastUse = now }
    }

    /// When it is to be deleted if nobody uses it; nil: never.
    var expiry: Timestamp? {
        if consumers.value > 0 { touch() }
        return settings.withLock { settings in
            (settings.subscription.expirationPolicy ?? .standard).ttl.map { settings.lastUse + $0 }
        }
    }

    func checkAttached() throws(PubSubError) {
        let (subscription, isDeleted) = settings.withLock { ($0.subscription, $0.isDeleted) }
        if isDeleted { throw .notFound(name, among: []) }
        guard subscription.detached else { return }
        throw PubSubError(
            .failedPrecondition,
            "\(name): the subscription is detached from its topic. Create a new one to get messages.")
    }

    // MARK: Time

    /// Lets run out what runs out by `now`.
    func passTime(to now: Timestamp) {
        let passage = state.withLock { $0.advance(to: now) }
        guard passage != SubscriptionState.Passage() else { return }
        expired.add(passage.expired)
        forward(passage.deadLetters)
        setTimer()
        if passage.wakes { signal() }
    }

    /// Makes sure that the timer calls when the next lease or backoff runs out.
    func setTimer() {
        guard let next = state.withLock({ $0.nextDeadline }) else { return }
        let isSooner = armed.withLock { armed in
            guard next < armed else { return false }
            armed = next
            return true
        }
        if isSooner { timer.schedule(self, at: next) }
    }

    // MARK: Figures

    /// What waits, handed out or not.
    func backlog() -> Backlog {
        if subscription.detached { return Backlog(messages: 0, bytes: 0, oldestPublishTime: nil) }
        examineNew()
        let (end, appended) = topic.journal.extent
        let (messages, settledBytes) = state.withLock { ($0.backlogMessages(end: end), $0.settledBytes) }
        guard messages > 0 else { return Backlog(messages: 0, bytes: 0, oldestPublishTime: nil) }
        return Backlog(
            messages: messages, bytes: max(appended - settledBytes, 0), oldestPublishTime: oldestPublishTime())
    }

    /// The publish time of the oldest message that waits: read once for each.
    func oldestPublishTime() -> Timestamp? {
        examineNew()
        let floor = floor
        guard floor < topic.journal.nextSequence else { return nil }
        if let known = oldest.withLock({ $0 }), known.sequence == floor { return known.time }
        guard let time = try? topic.publishTime(of: floor) else { return nil }
        oldest.withLock { $0 = (floor, time) }
        return time
    }

    // MARK: Dead letters

    func forward(_ letters: [SubscriptionState.DeadLetter]) {
        guard !letters.isEmpty else { return }
        Task { await publish(letters) }
    }

    /// Publishes messages to the dead-letter topic, then settles them; where that fails, they are handed out again
    /// after ten seconds.
    private func publish(_ letters: [SubscriptionState.DeadLetter]) async {
        guard let policy = subscription.deadLetterPolicy else { return giveUp(letters, because: nil) }
        do {
            var outgoing: [OutgoingMessage] = []
            for letter in letters {
                var cursor = JournalCursor(letter.sequence)
                try topic.journal.read(&cursor, below: letter.sequence + 1, limit: 1) { sequence, record in
                    guard let message = MessageCodec.decode(record, sequence: sequence) else { return }
                    outgoing.append(deadLetter(message, attempts: letter.attempts))
                }
            }
            if !outgoing.isEmpty { try await publishDeadLetters(outgoing, policy.deadLetterTopic) }
            _ = try await acknowledge(letters.map(\.sequence), counted: false)
            deadLettered.add(letters.count)
            problem = nil
        } catch {
            giveUp(letters, because: "dead letters cannot be published: \(error)")
        }
    }

    private func giveUp(_ letters: [SubscriptionState.DeadLetter], because problem: String?) {
        self.problem = problem
        let time = topic.clock.now + .seconds(10)
        state.withLock { state in
            for letter in letters { state.forwardingFailed(letter.sequence, retryAt: time) }
        }
        setTimer()
    }

    /// The attributes are those that Google's service adds (Pub/Sub documentation, "Handle message failures").
    private func deadLetter(_ message: IncomingMessage, attempts: Int) -> OutgoingMessage {
        var letter = OutgoingMessage(
            data: message.data, attributes: message.attributes, orderingKey: message.orderingKey)
        letter.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] = String(attempts)
        letter.attributes["CloudPubSubDeadLetterSourceSubscription"] = name.id
        letter.attributes["CloudPubSubDeadLetterSourceSubscriptionProject"] = name.project
        letter.attributes["CloudPubSubDeadLetterSourceTopicPublishTime"] = message.publishTime.rfc3339
        return letter
    }
}

extension LiveSubscription: TimerTarget {
    func timeHasCome() {
        armed.withLock { $0 = .distantFuture }
        passTime(to: topic.clock.now)
        setTimer()
    }
}

extension Subscription {
    var policy: SubscriptionState.Policy {
        SubscriptionState.Policy(
            isOrdered: enableMessageOrdering, maxDeliveryAttempts: deadLetterPolicy?.maxDeliveryAttempts,
            backoff: retryPolicy.map {
                // Doubles with every failure, without the linear part that queues have.
                RetryBackoff(minimum: $0.minimumBackoff, maximum: $0.maximumBackoff, maxDoublings: 64)
            })
    }
}
