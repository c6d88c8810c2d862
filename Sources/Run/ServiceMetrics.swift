public import Telemetry
public import Time

/// What a service tells of itself.
public struct ServiceMetrics: Sendable, Hashable {
    /// Short.
    public var name: String
    /// Instances that take requests.
    public var instances: Int
    /// Instances that end their last requests and take no new ones.
    public var draining: Int
    /// As declared.
    public var minInstances: Int
    /// As declared.
    public var maxInstances: Int
    /// What a person set the number of instances to; nil: by load.
    public var manualInstances: Int?
    /// Requests that one instance takes at once.
    public var concurrency: Int
    /// Requests that instances work on.
    public var inFlight: Int
    /// Requests that wait for an instance.
    public var queued: Int
    /// Requests that came, since the start.
    public var requests: Int64
    /// Answers by the first digit of their status.
    public var answers: [Int: Int64]
    /// Answers 5xx and 429.
    public var errors: Int64
    /// Status and text of the last one.
    public var lastError: String?
    /// When that was.
    public var lastErrorTime: Timestamp?
    /// From arrival to answer.
    public var latency: Quantiles?
}
