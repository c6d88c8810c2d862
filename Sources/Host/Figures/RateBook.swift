import Telemetry
import Time

/// A rate meter for every counter that a snapshot turns into a rate, by name.
struct RateBook {
    private var meters: [String: RateMeter] = [:]

    /// Events a second over the last seconds; nil at the first reading.
    mutating func rate(_ name: String, _ value: Int64, at now: Timestamp) -> Double? {
        meters[name, default: RateMeter()].sample(value, at: now)
    }
}
