/// The bounds within which a service scales.
struct ScalingSettings: Sendable, Hashable {
    var minInstances: Int
    var maxInstances: Int
    /// Requests that one instance takes at once.
    var concurrency: Int
    /// Requests that may wait for an instance; beyond that they are turned away with 429.
    var queueLimit: Int
    /// How long an instance above the minimum stays without a request.
    var idleTimeout: Duration
}
