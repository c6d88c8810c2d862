public import Time

/// A message to publish.
public struct OutgoingMessage: Sendable, Hashable {
    /// The payload, as it is.
    public var data: [UInt8]
    /// Text beside the payload: what filters and the pipelines' time stamps are read from.
    public var attributes: [String: String]
    /// Messages with the same key are handed out in the order of publishing; empty: no order.
    public var orderingKey: String

    /// A message that has no number yet: the broker gives it one.
    public init(data: [UInt8], attributes: [String: String] = [:], orderingKey: String = "") {
        self.data = data
        self.attributes = attributes
        self.orderingKey = orderingKey
    }
}

/// A message as a subscription hands it out.
public struct IncomingMessage: Sendable, Hashable {
    /// The broker's number of the message in its topic: ascending in the order of publishing.
    public var sequence: UInt64
    /// The payload as it was published.
    public var data: [UInt8]
    /// As they were published.
    public var attributes: [String: String]
    /// Empty when there is none.
    public var orderingKey: String
    /// When the broker took it, on the broker's clock.
    public var publishTime: Timestamp
    /// How often it has been handed out, this time included.
    public var deliveryAttempt: Int

    /// A message as it is handed out for the first time, if nothing else is said.
    public init(
        sequence: UInt64, data: [UInt8], attributes: [String: String] = [:], orderingKey: String = "",
        publishTime: Timestamp, deliveryAttempt: Int = 1
    ) {
        self.sequence = sequence
        self.data = data
        self.attributes = attributes
        self.orderingKey = orderingKey
        self.publishTime = publishTime
        self.deliveryAttempt = deliveryAttempt
    }
}

/// Where messages are published: a Pub/Sub broker.
public protocol MessagePublisher: Sendable {
    /// Publishes to the topic with that short or full (`projects/…/topics/…`) name; returns the messages' numbers once
    /// they are durable.
    func publish(_ messages: [OutgoingMessage], to topic: String) async throws -> [UInt64]
}

/// One subscription read by one consumer in the process.
///
/// The consumer holds the lease of what it pulled for as long as it lives: ack deadlines do not run against it.
public protocol MessageSource: Sendable {
    /// Up to `limit` messages that nobody holds, at once: empty when there are none.
    func pull(limit: Int) async throws -> [IncomingMessage]

    /// Returns when `pull` would give something, or throws `CancellationError`.
    func waitForMessages() async throws

    /// Marks messages as done; returns when the marks are on disk.
    func acknowledge(_ sequences: SequenceSet) async throws

    /// After a restart: marks `committed` as done, and hands everything else out anew.
    func resume(committed: SequenceSet) async throws

    /// What is published but not acknowledged, pulled or not.
    func backlog() async -> Backlog

    /// The smallest value of the attribute `timestampAttribute` (nil: of the publish time) among the unacknowledged
    /// messages; nil when there are none. An attribute that is missing or unreadable counts as the publish time.
    func oldestUnacknowledged(timestampAttribute: String?) async -> Timestamp?
}

/// What waits in a subscription.
public struct Backlog: Sendable, Hashable {
    /// How many wait.
    public var messages: Int
    /// Their size as stored.
    public var bytes: Int
    /// Nil when nothing waits.
    public var oldestPublishTime: Timestamp?

    /// What waits at one moment.
    public init(messages: Int, bytes: Int, oldestPublishTime: Timestamp?) {
        self.messages = messages
        self.bytes = bytes
        self.oldestPublishTime = oldestPublishTime
    }
}

/// A message's time as Dataflow reads it from an attribute: milliseconds since the epoch, or RFC 3339.
public enum TimestampAttribute {
    /// Nil when the text is neither.
    public static func parse(_ text: String) -> Timestamp? {
        if let millis = Int64(text), millis.magnitude < UInt64(Int64.max) / 2000 { return Timestamp(millis: millis) }
        return Timestamp(rfc3339: text)
    }
}
