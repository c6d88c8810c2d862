public import Telemetry
public import Time

/// What a service tells of itself.
public struct ServiceMetrics: Sendable, Hashable {
    public var name: String
    /// Instances that take requests.
    public var instances: Int
    public var minInstances: Int
    public var maxInstances: Int
    /// What a person set the number of instances to; nil: by load.
    public var manualInstances: Int?
    /// Requests that one instance takes at once.
    public var concurrency: Int
    public var inFlight: Int
    /// Requests that wait for an instance.
    public var queued: Int
    /// Requests that came, since the start.
    public var requests: Int64
    /// Answers by the first digit of their status.
    public var answers: [Int: Int64]
    /// Answers 5xx and 429.
    public var errors: Int64
    public var lastError: String?
    public var lastErrorTime: Timestamp?
    /// From arrival to answer.
    public var latency: Quantiles?
}
