public import Telemetry

/// A Pub/Sub topic.
public struct TopicFigures: Sendable, Hashable, Codable {
    /// Without the project where that is the host's, else `projects/P/topics/T`.
    public var name: String
    /// Messages, since the start.
    public var published: Int64
    /// Messages a second.
    public var publishRate: Double?
    /// Of the published messages, as stored.
    public var publishedBytes: Int64
    /// Bytes published a second.
    public var byteRate: Double?
    /// Still stored, acknowledged or not.
    public var retainedMessages: Int64
    /// On disk.
    public var storedBytes: Int64
    /// Why publishing fails or data is missing and what to do about it; nil when all is well.
    public var problem: String?
    /// The problem's code.
    public var health: HealthCode?
    /// Of publishing: until durable.
    public var latency: Quantiles?
    /// The schema that messages are checked by, and their encoding; nil: none.
    public var schema: String?
    /// How long messages are kept whatever becomes of them, seconds; nil: until no subscription needs them.
    public var retention: Double?

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        name: String, published: Int64 = 0, publishRate: Double? = nil, publishedBytes: Int64 = 0,
        byteRate: Double? = nil, retainedMessages: Int64 = 0, storedBytes: Int64 = 0, problem: String? = nil,
        health: HealthCode? = nil, latency: Quantiles? = nil, schema: String? = nil, retention: Double? = nil
    ) {
        self.name = name
        self.published = published
        self.publishRate = publishRate
        self.publishedBytes = publishedBytes
        self.byteRate = byteRate
        self.retainedMessages = retainedMessages
        self.storedBytes = storedBytes
        self.problem = problem
        self.health = health
        self.latency = latency
        self.schema = schema
        self.retention = retention
    }
}
