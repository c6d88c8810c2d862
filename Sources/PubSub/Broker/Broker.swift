public import Journal
public import Pipes
import Synchronization
public import Time

/// A Pub/Sub broker: topics, each a `Journal`, and subscriptions, each a cursor into its topic's journal, remembered in
/// one folder.
///
/// What it promises:
/// - `publish` returns when the messages are on the medium. After a crash every message whose publish returned is
///   there, with its number.
/// - An acknowledgement returns when it is with the kernel: it survives the death of the process. A power cut may take
///   the acknowledgements of the last seconds; those messages are delivered again.
/// - Leases, attempts and backoffs are not remembered: after a restart everything unacknowledged is handed out anew.
/// - Nothing of a message is kept in memory but in a cache of bounded size; a backlog costs a bit a message at most.
public final class Broker: MessagePublisher {
    /// The project of short names.
    public let project: String
    /// The folder with everything that is remembered.
    public let folder: String

    let clock: any WallClock
    let registry: Mutex<Registry>
    let ledger: Ledger<Catalog.Change>
    let cache: RecordCache
    let calls: any DiskCalls
    let timer: BrokerTimer
    let segmentBytes: Int
    let notes = Mutex<[String]>([])
    let expirations: Expirations
    let pushing = Mutex(Pushing())

    private init(
        folder: String, project: String, clock: any WallClock, cacheBytes: Int, segmentBytes: Int, calls: any DiskCalls
    ) throws {
        self.folder = folder
        self.project = project
        self.clock = clock
        self.calls = calls
        self.segmentBytes = segmentBytes
        cache = RecordCache(capacity: cacheBytes)
        timer = BrokerTimer(clock: clock)
        expirations = Expirations(timer: timer)
        ledger = try Ledger(path: "\(folder)/catalog.ledger", calls: calls)
        let catalog = Catalog(try ledger.load())
        registry = Mutex(Registry(project: project, catalog: catalog))
        note(ledger.recovery, of: "the catalog of topics and subscriptions")
    }

    /// What opening the folder found and put right, for the log: one line each.
    public var recoveryNotes: [String] { notes.withLock { $0 } }

    /// Opens the broker in `folder`, with everything that it remembers; the folder is created with the first topic.
    ///
    /// - Parameters:
    ///   - project: the project of short names.
    ///   - cacheBytes: how much of the newest messages is kept in memory, over all topics.
    ///   - segmentBytes: the size of a topic's files: retention deletes whole ones.
    public static func open(
        folder: String, project: String = "streamtop", clock: any WallClock, cacheBytes: Int = 16 << 20,
        segmentBytes: Int = 64 << 20, calls: any DiskCalls = SystemDiskCalls()
    ) async throws -> Broker {
        let broker = try Broker(
            folder: folder, project: project, clock: clock, cacheBytes: cacheBytes, segmentBytes: segmentBytes,
            calls: calls)
        try await broker.restore()
        return broker
    }

    /// Publishes to the topic with that short or full name; returns the messages' numbers once they are on the medium.
    ///
    /// Throws `PubSubError`: NOT_FOUND with the nearest topic, INVALID_ARGUMENT for a message that is empty or too
    /// large, RESOURCE_EXHAUSTED when the disk is full. All messages are published or none.
    public func publish(_ messages: [OutgoingMessage], to topic: String) async throws -> [UInt64] {
        let topic = try registry.withLock { (registry) throws(PubSubError) in try registry.topic(topic) }
        guard let settings = topic.topic.schemaSettings else { return Array(try await topic.publish(messages)) }
        return Array(try await topic.publish(messages) { try self.checked($0, settings, topic: topic.name) })
    }

    /// A reader of the subscription with that short or full name. What it pulls is leased to it as long as it lives;
    /// let it go, and what it has not acknowledged is handed out anew. Throws NOT_FOUND, or FAILED_PRECONDITION when
    /// the subscription is detached.
    public func source(for subscription: String) throws -> any MessageSource {
        let subscription = try live(subscription)
        try subscription.checkAttached()
        return SubscriptionSource(subscription)
    }

    /// The figures of now.
    public var metrics: BrokerMetrics {
        let (topics, subscriptions) = registry.withLock { (Array($0.topics.values), Array($0.subscriptions.values)) }
        return BrokerMetrics(
            topics: topics.map(\.metrics).sorted { $0.name < $1.name },
            subscriptions: subscriptions.map(\.metrics).sorted { $0.name < $1.name })
    }

    /// Writes everything to the medium and takes no more.
    public func shutDown() async throws {
        timer.stop()
        stopPushing()
        let registry = registry.withLock { $0 }
        for subscription in registry.subscriptions.values {
            subscription.signal()
            try await subscription.log.close()
        }
        for topic in Array(registry.topics.values) + Array(registry.deletedTopics.values) {
            topic.removeAllSubscriptions()
            try await topic.journal.close()
        }
        try await ledger.close()
    }

    func live(_ subscription: String) throws(PubSubError) -> LiveSubscription {
        try registry.withLock { (registry) throws(PubSubError) in try registry.subscription(subscription) }
    }

    func note(_ report: RecoveryReport, of what: String) {
        notes.withLock { $0 += report.lines.map { "\(what): \($0)" } }
    }
}
