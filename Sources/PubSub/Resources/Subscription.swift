import Time

/// A subscription's declaration, with the field names of `google.pubsub.v1.Subscription`.
public struct Subscription: Sendable, Hashable, Codable {
    /// Short, or `projects/P/subscriptions/S`.
    public var name: String
    /// Short or full; `_deleted-topic_` when it has been deleted. Cannot be changed.
    public var topic: String
    /// How long a reader may hold a message: 10 to 600; 0 means 10.
    public var ackDeadlineSeconds: Int
    /// How long unacknowledged messages are kept: 10 minutes to 31 days.
    public var messageRetentionDuration: Duration
    /// Keep acknowledged messages as long, so that one can seek back to them.
    public var retainAckedMessages: Bool
    /// Where messages go that fail again and again; nil: nowhere.
    public var deadLetterPolicy: DeadLetterPolicy?
    /// How long a failed message waits before it is handed out again; nil: not at all.
    public var retryPolicy: RetryPolicy?
    /// Which messages are delivered, in Google's filter language; empty: all. Cannot be changed.
    public var filter: String
    /// Deliver messages with one ordering key in the order of publishing. Cannot be changed.
    public var enableMessageOrdering: Bool
    /// An acknowledged message is never delivered again, and one that is leased is delivered to nobody else: what
    /// acknowledgements are told of says whether they counted.
    public var enableExactlyOnceDelivery: Bool
    /// Where messages are sent to; nil: they wait to be pulled.
    public var pushConfig: PushConfig?
    /// When the subscription is deleted for not being used; nil: after 31 days.
    public var expirationPolicy: ExpirationPolicy?
    /// For people: at most 64.
    public var labels: [String: String]
    /// It has been detached from its topic: it has lost its messages and gets no more. Output only.
    public var detached: Bool

    /// Seven days.
    public static let defaultRetention = Duration.seconds(7 * 86_400)

    /// A subscription's declaration.
    public init(
        name: String, topic: String, ackDeadlineSeconds: Int = 10,
        messageRetentionDuration: Duration = Subscription.defaultRetention, retainAckedMessages: Bool = false,
        deadLetterPolicy: DeadLetterPolicy? = nil, retryPolicy: RetryPolicy? = nil, filter: String = "",
        enableMessageOrdering: Bool = false, enableExactlyOnceDelivery: Bool = false, pushConfig: PushConfig? = nil,
        expirationPolicy: ExpirationPolicy? = nil, labels: [String: String] = [:]
    ) {
        self.name = name
        self.topic = topic
        self.ackDeadlineSeconds = ackDeadlineSeconds
        self.messageRetentionDuration = messageRetentionDuration
        self.retainAckedMessages = retainAckedMessages
        self.deadLetterPolicy = deadLetterPolicy
        self.retryPolicy = retryPolicy
        self.filter = filter
        self.enableMessageOrdering = enableMessageOrdering
        self.enableExactlyOnceDelivery = enableExactlyOnceDelivery
        self.pushConfig = pushConfig
        self.expirationPolicy = expirationPolicy
        self.labels = labels
        detached = false
    }

    private enum CodingKeys: String, CodingKey {
        case name, topic, ackDeadlineSeconds, messageRetentionDuration, retainAckedMessages, deadLetterPolicy,
            retryPolicy
        case filter, enableMessageOrdering, enableExactlyOnceDelivery, pushConfig, expirationPolicy, labels, detached
    }

    /// Reads Google's JSON form; what is absent has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        topic = try container.decode(String.self, forKey: .topic)
        ackDeadlineSeconds = try container.decodeIfPresent(Int.self, forKey: .ackDeadlineSeconds) ?? 10
        messageRetentionDuration =
            try container.decodeDurationIfPresent(forKey: .messageRetentionDuration) ?? Subscription.defaultRetention
        retainAckedMessages = try container.decodeIfPresent(Bool.self, forKey: .retainAckedMessages) ?? false
        deadLetterPolicy = try container.decodeIfPresent(DeadLetterPolicy.self, forKey: .deadLetterPolicy)
        retryPolicy = try container.decodeIfPresent(RetryPolicy.self, forKey: .retryPolicy)
        filter = try container.decodeIfPresent(String.self, forKey: .filter) ?? ""
        enableMessageOrdering = try container.decodeIfPresent(Bool.self, forKey: .enableMessageOrdering) ?? false
        enableExactlyOnceDelivery =
            try container.decodeIfPresent(Bool.self, forKey: .enableExactlyOnceDelivery) ?? false
        pushConfig = try container.decodeIfPresent(PushConfig.self, forKey: .pushConfig)
        expirationPolicy = try container.decodeIfPresent(ExpirationPolicy.self, forKey: .expirationPolicy)
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        detached = try container.decodeIfPresent(Bool.self, forKey: .detached) ?? false
    }

    /// Writes Google's JSON form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(topic, forKey: .topic)
        try container.encode(ackDeadlineSeconds, forKey: .ackDeadlineSeconds)
        try container.encodeDurationIfPresent(messageRetentionDuration, forKey: .messageRetentionDuration)
        if retainAckedMessages { try container.encode(true, forKey: .retainAckedMessages) }
        try container.encodeIfPresent(deadLetterPolicy, forKey: .deadLetterPolicy)
        try container.encodeIfPresent(retryPolicy, forKey: .retryPolicy)
        if !filter.isEmpty { try container.encode(filter, forKey: .filter) }
        if enableMessageOrdering { try container.encode(true, forKey: .enableMessageOrdering) }
        if enableExactlyOnceDelivery { try container.encode(true, forKey: .enableExactlyOnceDelivery) }
        try container.encodeIfPresent(pushConfig, forKey: .pushConfig)
        try container.encodeIfPresent(expirationPolicy, forKey: .expirationPolicy)
        if !labels.isEmpty { try container.encode(labels, forKey: .labels) }
        if detached { try container.encode(true, forKey: .detached) }
    }

    /// The same with full names and defaults filled in; throws what is wrong with it (INVALID_ARGUMENT).
    public func checked(project: String) throws(PubSubError) -> Subscription {
        let resource = try ResourceName(name, in: .subscriptions, project: project)
        try resource.check()
        var subscription = self
        subscription.name = resource.description
        subscription.topic = try ResourceName(topic, in: .topics, project: project).description
        try DeclarationRules.check(labels: labels, of: resource)
        try DeclarationRules.check(retention: messageRetentionDuration, of: resource)
        if ackDeadlineSeconds == 0 { subscription.ackDeadlineSeconds = 10 }
        guard (10...600).contains(subscription.ackDeadlineSeconds) else {
            throw PubSubError(
                .invalidArgument,
                "\(resource): ackDeadlineSeconds is \(ackDeadlineSeconds); it must be between 10 and 600 seconds.")
        }
        if var policy = deadLetterPolicy {
            policy.deadLetterTopic =
                try ResourceName(policy.deadLetterTopic, in: .topics, project: project).description
            if policy.maxDeliveryAttempts == 0 { policy.maxDeliveryAttempts = 5 }
            guard (5...100).contains(policy.maxDeliveryAttempts) else {
                throw PubSubError(
                    .invalidArgument,
                    "\(resource): deadLetterPolicy.maxDeliveryAttempts is \(policy.maxDeliveryAttempts); "
                        + "it must be between 5 and 100.")
            }
            subscription.deadLetterPolicy = policy
        }
        try retryPolicy?.check(of: resource)
        try expirationPolicy?.check(of: resource, retention: messageRetentionDuration)
        if pushConfig?.pushEndpoint.isEmpty == true { subscription.pushConfig = nil }
        try subscription.pushConfig?.check(of: resource)
        if enableExactlyOnceDelivery, subscription.pushConfig != nil {
            throw PubSubError(
                .invalidArgument,
                "\(resource): exactly-once delivery and a push endpoint exclude each other. Leave one of them out.")
        }
        _ = try Filter(parsing: filter, of: resource)
        return subscription
    }
}
