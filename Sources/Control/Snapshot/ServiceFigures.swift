public import Telemetry
public import Time

/// An application service and its instances.
public struct ServiceFigures: Sendable, Hashable, Codable {
    public var name: String
    /// Live.
    public var instances: Int
    public var minInstances: Int
    public var maxInstances: Int
    /// Whether a person set the number of instances.
    public var isManual: Bool
    /// Requests that one instance takes at once.
    public var concurrency: Int
    public var inFlight: Int
    /// Requests waiting for an instance.
    public var queued: Int
    /// Of all time since the start.
    public var requests: Int64
    /// Requests a second.
    public var requestRate: Double?
    /// Requests answered 5xx or 429, or not at all.
    public var errors: Int64
    public var lastError: String?
    public var lastErrorAt: Timestamp?
    /// Of requests.
    public var latency: Quantiles?

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
