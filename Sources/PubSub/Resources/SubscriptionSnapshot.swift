public import Time

/// What a subscription had not acknowledged at one moment, with the field names of `google.pubsub.v1.Snapshot`.
public struct SubscriptionSnapshot: Sendable, Hashable, Codable {
    /// `projects/P/snapshots/S`.
    public var name: String
    /// The topic whose messages it keeps; `_deleted-topic_` when it has been deleted.
    public var topic: String
    /// When it is deleted by itself: seven days after its oldest message was published.
    public var expireTime: Timestamp
    /// For people: at most 64.
    public var labels: [String: String]

    private enum CodingKeys: String, CodingKey { case name, topic, expireTime, labels }

    init(name: String, topic: String, expireTime: Timestamp, labels: [String: String]) {
        self.name = name
        self.topic = topic
        self.expireTime = expireTime
        self.labels = labels
    }

    /// Reads Google's JSON form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        topic = try container.decode(String.self, forKey: .topic)
        let text = try container.decode(String.self, forKey: .expireTime)
        guard let time = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .expireTime, in: container, debugDescription: "'\(text)' is not a time")
        }
        expireTime = time
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
    }

    /// Writes Google's JSON form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(topic, forKey: .topic)
        try container.encode(expireTime.rfc3339, forKey: .expireTime)
        if !labels.isEmpty { try container.encode(labels, forKey: .labels) }
    }
}
