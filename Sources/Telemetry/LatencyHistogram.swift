import Histogram
import Synchronization
import Time

/// A distribution of durations: an HDR histogram of microseconds, 1 µs to an hour at 2 significant digits, in two halves
/// that take turns, so that quantiles speak of the recent past.
public final class LatencyHistogram: Sendable {
    private struct Halves: Sendable {
        var current = Histogram<UInt32>(highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: .two)
        var previous: Histogram<UInt32>?
        var total: Int64 = 0
        var totalMicros: Int64 = 0
    }

    private let halves = Mutex(Halves())
    private let capacity: UInt64

    /// - Parameter recent: how many of the last values the quantiles speak of (between this and twice this).
    public init(recent: Int = 2_000) { capacity = UInt64(recent) }

    /// Records one duration; negative ones count as zero.
    public func record(_ duration: Duration, count: Int = 1) {
        let micros = min(max(duration.micros, 0), 3_600_000_000)
        halves.withLock { halves in
            if halves.current.totalCount >= capacity {
                halves.previous = halves.current
                halves.current.reset()
            }
            halves.current.record(UInt64(micros), count: UInt32(clamping: count))
            halves.total += Int64(count)
            halves.totalMicros += micros * Int64(count)
        }
    }

    /// Recent quantiles in seconds; nil when nothing was ever recorded.
    public var quantiles: Quantiles? {
        halves.withLock { halves in
            guard halves.total > 0 else { return nil }
            var merged = halves.current
            if let previous = halves.previous {
                for value in previous.recordedValues() {
                    merged.record(value.value, count: value.count)
                }
            }
            func at(_ percentile: Double) -> Double { Double(merged.valueAtPercentile(percentile)) / 1_000_000 }
            return Quantiles(
                p50: at(50), p90: at(90), p99: at(99), max: Double(merged.max) / 1_000_000, count: halves.total,
                sum: Double(halves.totalMicros) / 1_000_000)
        }
    }
}

/// A summary of a distribution of durations. `p50` to `max` are recent, in seconds; `count` and `sum` are of all time.
public struct Quantiles: Sendable, Hashable, Codable {
    /// The median, seconds.
    public var p50: Double
    /// Seconds.
    public var p90: Double
    /// Seconds.
    public var p99: Double
    /// Seconds, an hour at most.
    public var max: Double
    /// How many durations were recorded.
    public var count: Int64
    /// Seconds.
    public var sum: Double

    /// A summary; every duration in seconds.
    public init(p50: Double, p90: Double, p99: Double, max: Double, count: Int64, sum: Double) {
        self.p50 = p50
        self.p90 = p90
        self.p99 = p99
        self.max = max
        self.count = count
        self.sum = sum
    }
}
