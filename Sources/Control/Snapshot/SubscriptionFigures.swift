public import Time

/// A Pub/Sub subscription.
public struct SubscriptionFigures: Sendable, Hashable, Codable {
    /// Without the project where that is the host's, else `projects/P/subscriptions/S`.
    public var name: String
    /// As in `TopicFigures.name`; `_deleted-topic_` when it is gone.
    public var topic: String
    /// Published, not acknowledged.
    public var backlogMessages: Int
    /// Of these, as stored.
    public var backlogBytes: Int
    /// Publish time; nil when nothing waits.
    public var oldestUnacknowledged: Timestamp?
    /// Handed out, neither acknowledged nor expired.
    public var outstanding: Int
    /// Subscribers connected: open streams, pipelines, a push endpoint's sender.
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
    /// Messages given back a second.
    public var nackRate: Double?
    /// Messages whose ack deadline passed, since the start.
    public var expiredDeadlines: Int64
    /// Messages sent on to the dead-letter topic, since the start.
    public var deadLettered: Int64
    /// Messages given up since the start: older than the retention, or damaged on disk.
    public var dropped: Int64
    /// Why messages are missing or stuck and what to do about it; nil when all is well.
    public var problem: String?
    /// The problem's code.
    public var health: HealthCode?
    /// What was wrong last since the start, also when that has passed; nil: nothing.
    public var lastProblem: String?
    /// When that was so last.
    public var lastProblemAt: Timestamp?
    /// As it was declared; nil when that is not known.
    public var terms: SubscriptionTerms?

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        name: String, topic: String, backlogMessages: Int = 0, backlogBytes: Int = 0,
        oldestUnacknowledged: Timestamp? = nil, outstanding: Int = 0, consumers: Int = 0,
        delivered: Int64 = 0, deliverRate: Double? = nil, acknowledged: Int64 = 0, ackRate: Double? = nil,
        negativeAcks: Int64 = 0, nackRate: Double? = nil, expiredDeadlines: Int64 = 0, deadLettered: Int64 = 0,
        dropped: Int64 = 0, problem: String? = nil, health: HealthCode? = nil, lastProblem: String? = nil,
        lastProblemAt: Timestamp? = nil, terms: SubscriptionTerms? = nil
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
        self.nackRate = nackRate
        self.expiredDeadlines = expiredDeadlines
        self.deadLettered = deadLettered
        self.dropped = dropped
        self.problem = problem
        self.health = health
        self.lastProblem = lastProblem
        self.lastProblemAt = lastProblemAt
        self.terms = terms
    }
}

/// What a subscription was declared to do.
public struct SubscriptionTerms: Sendable, Hashable, Codable {
    /// Seconds that a reader may hold a message.
    public var ackDeadline: Double
    /// How long unacknowledged messages are kept, seconds.
    public var retention: Double
    /// Whether acknowledged messages are kept as long.
    public var retainsAcknowledged: Bool
    /// Messages of one ordering key come in order.
    public var isOrdered: Bool
    /// An acknowledged message never comes again.
    public var isExactlyOnce: Bool
    /// Which messages are delivered; nil: all.
    public var filter: String?
    /// Where messages are sent to; nil: they are pulled.
    public var pushEndpoint: String?
    /// Where messages go that fail again and again; nil: nowhere.
    public var deadLetterTopic: String?
    /// After how many deliveries they go there.
    public var maxDeliveryAttempts: Int?
    /// It is detached from its topic: it gets no more messages and cannot be pulled.
    public var isDetached: Bool

    /// A subscription with a service's defaults in all that is not given.
    public init(
        ackDeadline: Double = 10, retention: Double = 604_800, retainsAcknowledged: Bool = false,
        isOrdered: Bool = false, isExactlyOnce: Bool = false, filter: String? = nil, pushEndpoint: String? = nil,
        deadLetterTopic: String? = nil, maxDeliveryAttempts: Int? = nil, isDetached: Bool = false
    ) {
        self.ackDeadline = ackDeadline
        self.retention = retention
        self.retainsAcknowledged = retainsAcknowledged
        self.isOrdered = isOrdered
        self.isExactlyOnce = isExactlyOnce
        self.filter = filter
        self.pushEndpoint = pushEndpoint
        self.deadLetterTopic = deadLetterTopic
        self.maxDeliveryAttempts = maxDeliveryAttempts
        self.isDetached = isDetached
    }
}
