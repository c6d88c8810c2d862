import Time

// The JSON of Google's REST resource. What is absent gets Google's default.

extension Queue {
    enum CodingKeys: CodingKey { case name, rateLimits, retryConfig, state }

    /// Reads a queue.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            rateLimits: try container.decodeIfPresent(RateLimits.self, forKey: .rateLimits) ?? RateLimits(),
            retryConfig: try container.decodeIfPresent(QueueRetryConfig.self, forKey: .retryConfig)
                ?? QueueRetryConfig(),
            state: try container.decodeIfPresent(State.self, forKey: .state) ?? .running)
    }
}

extension RateLimits {
    enum CodingKeys: CodingKey { case maxDispatchesPerSecond, maxBurstSize, maxConcurrentDispatches }

    /// Reads limits; `maxBurstSize` is output only and ignored.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = RateLimits()
        self.init(
            maxDispatchesPerSecond: try container.decodeIfPresent(Double.self, forKey: .maxDispatchesPerSecond)
                ?? defaults.maxDispatchesPerSecond,
            maxConcurrentDispatches: try container.decodeIfPresent(Int.self, forKey: .maxConcurrentDispatches)
                ?? defaults.maxConcurrentDispatches)
    }

    /// Writes limits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(maxDispatchesPerSecond, forKey: .maxDispatchesPerSecond)
        try container.encode(maxBurstSize, forKey: .maxBurstSize)
        try container.encode(maxConcurrentDispatches, forKey: .maxConcurrentDispatches)
    }
}

extension QueueRetryConfig {
    enum CodingKeys: CodingKey { case maxAttempts, maxRetryDuration, minBackoff, maxBackoff, maxDoublings }

    /// Reads a configuration.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = QueueRetryConfig()
        self.init(
            maxAttempts: try container.decodeIfPresent(Int.self, forKey: .maxAttempts) ?? defaults.maxAttempts,
            maxRetryDuration: try container.decodeDurationIfPresent(forKey: .maxRetryDuration)
                ?? defaults.maxRetryDuration,
            minBackoff: try container.decodeDurationIfPresent(forKey: .minBackoff) ?? defaults.minBackoff,
            maxBackoff: try container.decodeDurationIfPresent(forKey: .maxBackoff) ?? defaults.maxBackoff,
            maxDoublings: try container.decodeIfPresent(Int.self, forKey: .maxDoublings) ?? defaults.maxDoublings)
    }

    /// Writes a configuration.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(maxAttempts, forKey: .maxAttempts)
        try container.encodeDurationIfPresent(maxRetryDuration, forKey: .maxRetryDuration)
        try container.encodeDurationIfPresent(minBackoff, forKey: .minBackoff)
        try container.encodeDurationIfPresent(maxBackoff, forKey: .maxBackoff)
        try container.encode(maxDoublings, forKey: .maxDoublings)
    }
}
