import Time

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
    /// After so long without use, at least a day and as long as messages are kept; nil: never.
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

    /// What holds without a policy: 31 days (`google.pubsub.v1`, `expiration_policy`).
    static let standard = ExpirationPolicy(ttl: .seconds(31 * 86_400))

    /// At least a day, and no shorter than messages are kept (Pub/Sub documentation, "Expiration period").
    func check(of resource: ResourceName, retention: Duration) throws(PubSubError) {
        guard let ttl, ttl < max(.seconds(86_400), retention) else { return }
        throw PubSubError(
            .invalidArgument,
            "\(resource): expirationPolicy.ttl is \(ttl.secondsText); it must be at least 86400s (1 day) and not less "
                + "than messageRetentionDuration, which is \(retention.secondsText), or absent.")
    }
}
