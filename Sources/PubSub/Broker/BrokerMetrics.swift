import Journal
import Pipes
import Synchronization
public import Telemetry
public import Time

/// Whether a topic or subscription does what it should.
public enum Health: Sendable, Hashable, CustomStringConvertible {
    /// It does.
    case ok
    /// The disk is full: publishing fails until there is room. With the reason and the remedy.
    case resourceExhausted(String)
    /// The disk fails or may not be written to, or something else is in the way.
    case unavailable(String)
    /// Messages cannot be read any more: which, and in which file.
    case dataLoss(String)

    /// The reason; nil when all is well.
    public var problem: String? {
        switch self {
        case .ok: nil
        case .resourceExhausted(let reason), .unavailable(let reason), .dataLoss(let reason): reason
        }
    }

    /// `OK`, or the status code and the reason.
    public var description: String {
        switch self {
        case .ok: "OK"
        case .resourceExhausted(let reason): "RESOURCE_EXHAUSTED: \(reason)"
        case .unavailable(let reason): "UNAVAILABLE: \(reason)"
        case .dataLoss(let reason): "DATA_LOSS: \(reason)"
        }
    }
}

/// The figures of a broker at one moment.
public struct BrokerMetrics: Sendable, Hashable {
    /// By name.
    public var topics: [TopicMetrics]
    /// By name.
    public var subscriptions: [SubscriptionMetrics]
}

/// The figures of a topic.
public struct TopicMetrics: Sendable, Hashable {
    /// Full.
    public var name: String
    /// Without the project.
    public var id: String
    /// Messages since the broker was opened.
    public var publishedMessages: Int64
    /// Of these, as stored.
    public var publishedBytes: Int64
    /// Messages in the journal.
    public var retainedMessages: Int64
    /// Of the journal, on disk.
    public var journalBytes: Int64
    /// Whether publishing works and everything can be read.
    public var health: Health
    /// From the call until the messages are durable; nil when nothing was published.
    public var publishLatency: Quantiles?
    /// As it was declared.
    public var declaration: Topic
}

/// The figures of a subscription.
public struct SubscriptionMetrics: Sendable, Hashable {
    /// Full.
    public var name: String
    /// Without the project.
    public var id: String
    /// The topic's full name; `_deleted-topic_` when it has been deleted.
    public var topic: String
    /// Published, not acknowledged.
    public var backlogMessages: Int
    /// Of these, as stored.
    public var backlogBytes: Int
    /// Publish time; nil when nothing waits.
    public var oldestUnacknowledged: Timestamp?
    /// Handed out, neither acknowledged nor given back.
    public var outstanding: Int
    /// Deliveries since the broker was opened; the following too.
    public var delivered: Int64
    /// Messages acknowledged.
    public var acknowledged: Int64
    /// Messages given back.
    public var negativeAcks: Int64
    /// Leases that ran out.
    public var expiredDeadlines: Int64
    /// Messages published to the dead-letter topic.
    public var deadLettered: Int64
    /// Messages given up: kept beyond the retention time, or damaged on disk.
    public var dropped: Int64
    /// Attached readers.
    public var consumers: Int
    /// Whether it works.
    public var health: Health
    /// What was wrong last since the broker was opened, also when that has passed.
    public var lastProblem: String?
    /// When that was so last.
    public var lastProblemTime: Timestamp?
    /// As it was declared.
    public var declaration: Subscription
}

extension LiveTopic {
    var metrics: TopicMetrics {
        TopicMetrics(
            name: name.description, id: name.id, publishedMessages: published.value,
            publishedBytes: publishedBytes.value,
            retainedMessages: Int64(clamping: journal.nextSequence - journal.firstSequence),
            journalBytes: Int64(journal.byteCount), health: health, publishLatency: latency.quantiles,
            declaration: topic)
    }
}

extension LiveSubscription {
    var metrics: SubscriptionMetrics {
        let backlog = backlog()
        let declaration = subscription
        let last = lastProblem
        return SubscriptionMetrics(
            name: name.description, id: name.id, topic: declaration.topic, backlogMessages: backlog.messages,
            backlogBytes: backlog.bytes, oldestUnacknowledged: backlog.oldestPublishTime,
            outstanding: state.withLock { $0.outstanding }, delivered: delivered.value,
            acknowledged: acknowledged.value,
            negativeAcks: negative.value, expiredDeadlines: expired.value, deadLettered: deadLettered.value,
            dropped: dropped.value, consumers: Int(consumers.value), health: health,
            lastProblem: last?.text, lastProblemTime: last?.time, declaration: declaration)
    }

    private var health: Health {
        if subscription.detached { return .unavailable("detached from its topic") }
        if let problem { return .unavailable(problem) }
        return .ok
    }
}
