public import Telemetry
public import Time

/// A Pub/Sub topic.
public struct TopicFigures: Sendable, Hashable, Codable {
    /// Without the project.
    public var name: String
    /// Messages, since the start.
    public var published: Int64
    /// Messages a second.
    public var publishRate: Double?
    /// Of the published messages, as stored.
    public var publishedBytes: Int64
    /// Still stored, acknowledged or not.
    public var retainedMessages: Int64
    /// On disk.
    public var storedBytes: Int64
    /// Why publishing fails or data is missing, if so.
    public var problem: String?
    /// Of publishing: until durable.
    public var latency: Quantiles?

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        name: String, published: Int64 = 0, publishRate: Double? = nil, publishedBytes: Int64 = 0,
        retainedMessages: Int64 = 0, storedBytes: Int64 = 0, problem: String? = nil,
        latency: Quantiles? = nil
    ) {
        self.name = name
        self.published = published
        self.publishRate = publishRate
        self.publishedBytes = publishedBytes
        self.retainedMessages = retainedMessages
        self.storedBytes = storedBytes
        self.problem = problem
        self.latency = latency
    }
}

/// A Pub/Sub subscription.
public struct SubscriptionFigures: Sendable, Hashable, Codable {
    /// Without the project.
    public var name: String
    /// `_deleted-topic_` when it is gone.
    public var topic: String
    /// Published, not acknowledged.
    public var backlogMessages: Int
    /// Of these, as stored.
    public var backlogBytes: Int
    /// Publish time; nil when nothing waits.
    public var oldestUnacknowledged: Timestamp?
    /// Handed out, neither acknowledged nor expired.
    public var outstanding: Int
    /// Attached readers.
    public var consumers: Int
    /// Messages handed out since the start, each time counted.
    public var delivered: Int64
    /// Messages a second.
    public var deliverRate: Double?
    /// Messages, since the start.
    public var acknowledged: Int64
    /// Messages a second.
    public var ackRate: Double?
    /// Messages given back (an ack deadline set to 0), since the start.
    public var negativeAcks: Int64
    /// Messages whose ack deadline passed, since the start.
    public var expiredDeadlines: Int64
    /// Messages sent on to the dead-letter topic, since the start.
    public var deadLettered: Int64
    /// Why messages are missing or stuck; nil when all is well.
    public var problem: String?

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        name: String, topic: String, backlogMessages: Int = 0, backlogBytes: Int = 0,
        oldestUnacknowledged: Timestamp? = nil, outstanding: Int = 0, consumers: Int = 0,
        delivered: Int64 = 0, deliverRate: Double? = nil, acknowledged: Int64 = 0, ackRate: Double? = nil,
        negativeAcks: Int64 = 0, expiredDeadlines: Int64 = 0, deadLettered: Int64 = 0, problem: String? = nil
    ) {
        self.name = name
        self.topic = topic
        self.backlogMessages = backlogMessages
        self.backlogBytes = backlogBytes
        self.oldestUnacknowledged = oldestUnacknowledged
        self.outstanding = outstanding
        self.consumers = consumers
        self.delivered = delivered
        self.deliverRate = deliverRate
        self.acknowledged = acknowledged
        self.ackRate = ackRate
        self.negativeAcks = negativeAcks
        self.expiredDeadlines = expiredDeadlines
        self.deadLettered = deadLettered
        self.problem = problem
    }
}
