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
    /// Accepted and kept; subscriptions do not expire here.
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
        enableMessageOrdering: Bool = false, expirationPolicy: ExpirationPolicy? = nil, labels: [String: String] = [:]
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
        self.expirationPolicy = expirationPolicy
        self.labels = labels
        detached = false
    }

    private enum CodingKeys: String, CodingKey {
        case name, topic, ackDeadlineSeconds, messageRetentionDuration, retainAckedMessages, deadLetterPolicy,
            retryPolicy
        case filter, enableMessageOrdering, expirationPolicy, labels, detached
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
        _ = try Filter(parsing: filter, of: resource)
        return subscription
    }
}

/// Where messages go that fail again and again.
public struct DeadLetterPolicy: Sendable, Hashable, Codable {
    /// The topic that they are published to.
    public var deadLetterTopic: String
    /// How often a message is handed out before: 5 to 100; 0 means 5.
    public var maxDeliveryAttempts: Int

    /// A policy.
    public init(deadLetterTopic: String, maxDeliveryAttempts: Int = 5) {
        self.deadLetterTopic = deadLetterTopic
        self.maxDeliveryAttempts = maxDeliveryAttempts
    }

    /// Reads Google's JSON form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        deadLetterTopic = try container.decode(String.self, forKey: .deadLetterTopic)
        maxDeliveryAttempts = try container.decodeIfPresent(Int.self, forKey: .maxDeliveryAttempts) ?? 5
    }

    private enum CodingKeys: String, CodingKey { case deadLetterTopic, maxDeliveryAttempts }
}

/// How long a failed message waits: `minimumBackoff`, doubled with every further failure up to `maximumBackoff`.
public struct RetryPolicy: Sendable, Hashable, Codable {
    /// 0 to 600 s, by default 10 s.
    public var minimumBackoff: Duration
    /// 0 to 600 s, by default 600 s.
    public var maximumBackoff: Duration

    /// A policy.
    public init(minimumBackoff: Duration = .seconds(10), maximumBackoff: Duration = .seconds(600)) {
        self.minimumBackoff = minimumBackoff
        self.maximumBackoff = maximumBackoff
    }

    private enum CodingKeys: String, CodingKey { case minimumBackoff, maximumBackoff }

    /// Reads Google's JSON form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        minimumBackoff = try container.decodeDurationIfPresent(forKey: .minimumBackoff) ?? .seconds(10)
        maximumBackoff = try container.decodeDurationIfPresent(forKey: .maximumBackoff) ?? .seconds(600)
    }

    /// Writes Google's JSON form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeDurationIfPresent(minimumBackoff, forKey: .minimumBackoff)
        try container.encodeDurationIfPresent(maximumBackoff, forKey: .maximumBackoff)
    }

    func check(of resource: ResourceName) throws(PubSubError) {
        let limits = Duration.zero ... .seconds(600)
        guard limits.contains(minimumBackoff), limits.contains(maximumBackoff), minimumBackoff <= maximumBackoff else {
            throw PubSubError(
                .invalidArgument,
                "\(resource): retryPolicy has minimumBackoff \(minimumBackoff.secondsText) and "
                    + "maximumBackoff \(maximumBackoff.secondsText); "
                    + "both must be between 0s and 600s, the minimum not above the maximum."
            )
        }
    }
}

/// When an unused subscription may be deleted.
public struct ExpirationPolicy: Sendable, Hashable, Codable {
    /// After so long without use; nil: never.
    public var ttl: Duration?

    /// A policy.
    public init(ttl: Duration? = nil) { self.ttl = ttl }

    private enum CodingKeys: String, CodingKey { case ttl }

    /// Reads Google's JSON form.
    public init(from decoder: any Decoder) throws {
        ttl = try decoder.container(keyedBy: CodingKeys.self).decodeDurationIfPresent(forKey: .ttl)
    }

    /// Writes Google's JSON form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeDurationIfPresent(ttl, forKey: .ttl)
    }
}
