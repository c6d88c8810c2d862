import Time

/// A topic's declaration, with the field names of `google.pubsub.v1.Topic`.
public struct Topic: Sendable, Hashable, Codable {
    /// Short, or `projects/P/topics/T`.
    public var name: String
    /// For people: at most 64.
    public var labels: [String: String]
    /// How long messages are kept, acknowledged or not, for seeking back; nil: until no subscription needs them. 10
    /// minutes to 31 days.
    public var messageRetentionDuration: Duration?
    /// By which schema messages are checked; nil: by none.
    public var schemaSettings: SchemaSettings?

    /// A topic's declaration.
    public init(
        name: String, labels: [String: String] = [:], messageRetentionDuration: Duration? = nil,
        schemaSettings: SchemaSettings? = nil
    ) {
        self.schemaSettings = schemaSettings
        self.name = name
        self.labels = labels
        self.messageRetentionDuration = messageRetentionDuration
    }

    private enum CodingKeys: String, CodingKey { case name, labels, messageRetentionDuration, schemaSettings }

    /// Reads Google's JSON form; what is absent has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        messageRetentionDuration = try container.decodeDurationIfPresent(forKey: .messageRetentionDuration)
        schemaSettings = try container.decodeIfPresent(SchemaSettings.self, forKey: .schemaSettings)
    }

    /// Writes Google's JSON form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        if !labels.isEmpty { try container.encode(labels, forKey: .labels) }
        try container.encodeDurationIfPresent(messageRetentionDuration, forKey: .messageRetentionDuration)
        try container.encodeIfPresent(schemaSettings, forKey: .schemaSettings)
    }

    /// The same with its full name; throws what is wrong with it (INVALID_ARGUMENT).
    public func checked(project: String) throws(PubSubError) -> Topic {
        let resource = try ResourceName(name, in: .topics, project: project)
        try resource.check()
        try DeclarationRules.check(labels: labels, of: resource)
        if let messageRetentionDuration {
            try DeclarationRules.check(retention: messageRetentionDuration, of: resource)
        }
        var topic = self
        topic.name = resource.description
        return topic
    }
}
