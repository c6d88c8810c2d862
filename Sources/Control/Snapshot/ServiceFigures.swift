public import Telemetry
public import Time

/// An application service and its instances.
public struct ServiceFigures: Sendable, Hashable, Codable {
    /// As declared; also the host name by which requests reach it.
    public var name: String
    /// Live.
    public var instances: Int
    /// As declared: kept alive without requests.
    public var minInstances: Int
    /// As declared.
    public var maxInstances: Int
    /// Whether a person set the number of instances.
    public var isManual: Bool
    /// Requests that one instance takes at once.
    public var concurrency: Int
    /// Requests that instances work on.
    public var inFlight: Int
    /// Requests waiting for an instance.
    public var queued: Int
    /// Of all time since the start.
    public var requests: Int64
    /// Requests a second.
    public var requestRate: Double?
    /// Requests answered 5xx or 429, or not at all.
    public var errors: Int64
    /// Status and text of the last one; nil when there was none.
    public var lastError: String?
    /// When that was.
    public var lastErrorAt: Timestamp?
    /// Of requests.
    public var latency: Quantiles?

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        name: String, instances: Int = 0, minInstances: Int = 0, maxInstances: Int = 1,
        isManual: Bool = false, concurrency: Int = 80, inFlight: Int = 0, queued: Int = 0,
        requests: Int64 = 0, requestRate: Double? = nil, errors: Int64 = 0, lastError: String? = nil,
        lastErrorAt: Timestamp? = nil, latency: Quantiles? = nil
    ) {
        self.name = name
        self.instances = instances
        self.minInstances = minInstances
        self.maxInstances = maxInstances
        self.isManual = isManual
        self.concurrency = concurrency
        self.inFlight = inFlight
        self.queued = queued
        self.requests = requests
        self.requestRate = requestRate
        self.errors = errors
        self.lastError = lastError
        self.lastErrorAt = lastErrorAt
        self.latency = latency
    }
}
