/// How long to wait before each retry: Cloud Tasks' and Cloud Scheduler's rule.
///
/// The first retry waits `minimum`; the wait doubles `maxDoublings` times, then grows by a constant
/// 2^`maxDoublings` × `minimum`, until it stays at `maximum`. With 10 s, 300 s and 3 doublings:
/// 10, 20, 40, 80, 160, 240, 300, 300 …
/// (`RetryConfig.max_doublings` in google.cloud.tasks.v2 and google.cloud.scheduler.v1.)
public struct RetryBackoff: Sendable, Hashable {
    /// Before the first retry.
    public var minimum: Duration
    /// Never more than this.
    public var maximum: Duration
    /// How often the wait doubles before it grows linearly.
    public var maxDoublings: Int

    /// A rule; a maximum below the minimum stands for the minimum.
    public init(minimum: Duration, maximum: Duration, maxDoublings: Int) {
        self.minimum = minimum
        self.maximum = maximum
        self.maxDoublings = maxDoublings
    }

    /// The wait before retry number `retry`, from 1.
    public func delay(beforeRetry retry: Int) -> Duration {
        let lowest = max(0, minimum.inMicroseconds)
        let highest = max(lowest, maximum.inMicroseconds)
        let doublings = max(0, min(retry - 1, maxDoublings))
        let linear = max(0, retry - 1 - max(0, maxDoublings))
        // Beyond 2^53 µs the numbers lose their last digits, long after every maximum that is allowed.
        let doubled = lowest * Double(sign: .plus, exponent: min(doublings, 1000), significand: 1)
        return .microseconds(Int64(min(highest, doubled * Double(1 + linear))))
    }
}

extension Duration {
    /// Capped at 2^62 µs, so that it converts back.
    fileprivate var inMicroseconds: Double {
        let (seconds, attoseconds) = components
        return min(Double(seconds) * 1e6 + Double(attoseconds) / 1e12, 0x1p62).rounded(.towardZero)
    }
}
