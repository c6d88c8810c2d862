public import Pipes

/// A queue of Cloud Tasks, with the field names of `google.cloud.tasks.v2.Queue` in REST.
public struct Queue: Sendable, Hashable, Codable {
    /// Short, or `projects/P/locations/L/queues/ID`.
    public var name: String
    /// How fast tasks are dispatched.
    public var rateLimits: RateLimits
    /// What happens after a failed attempt.
    public var retryConfig: QueueRetryConfig
    /// As declared: what a queue that was never paused or resumed starts in.
    public var state: State

    /// A queue as somebody declares it.
    public init(
        name: String, rateLimits: RateLimits = RateLimits(), retryConfig: QueueRetryConfig = QueueRetryConfig(),
        state: State = .running
    ) {
        self.name = name
        self.rateLimits = rateLimits
        self.retryConfig = retryConfig
        self.state = state
    }

    /// Google's queue states. A declaration says `RUNNING` or `PAUSED`.
    public enum State: String, Sendable, Codable, CaseIterable {
        case running = "RUNNING", paused = "PAUSED", disabled = "DISABLED"
    }

    /// The name without project and location.
    public var shortName: String { Self.shortName(name) }

    static func shortName(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }
}

/// How fast a queue dispatches: `google.cloud.tasks.v2.RateLimits`.
public struct RateLimits: Sendable, Hashable, Codable {
    /// Above 0, at most 500.
    public var maxDispatchesPerSecond: Double
    /// Attempts at once: 1 to 5000.
    public var maxConcurrentDispatches: Int

    /// The defaults are Google's.
    public init(maxDispatchesPerSecond: Double = 500, maxConcurrentDispatches: Int = 1000) {
        self.maxDispatchesPerSecond = maxDispatchesPerSecond
        self.maxConcurrentDispatches = maxConcurrentDispatches
    }

    /// What `maxDispatchesPerSecond` may be, but for 0.
    public static let rates: ClosedRange<Double> = 0...500
    /// What `maxConcurrentDispatches` may be.
    public static let concurrencies = 1...5000

    /// Output: how many tasks may be dispatched at once after a rest. Cloud Tasks chooses it from the rate: a fifth of a
    /// second's dispatches, and at least 10.
    public var maxBurstSize: Int { max(10, Int((min(maxDispatchesPerSecond, 500) / 5).rounded(.up))) }
}

/// What happens after a failed attempt: `google.cloud.tasks.v2.RetryConfig`.
public struct QueueRetryConfig: Sendable, Hashable, Codable {
    /// The first one included; -1 is unlimited.
    public var maxAttempts: Int
    /// From the first attempt; zero is no limit.
    public var maxRetryDuration: Duration
    /// Before the first retry.
    public var minBackoff: Duration
    /// The longest wait.
    public var maxBackoff: Duration
    /// How often the wait doubles before it grows linearly.
    public var maxDoublings: Int

    /// The defaults are Google's.
    public init(
        maxAttempts: Int = 100, maxRetryDuration: Duration = .zero, minBackoff: Duration = .milliseconds(100),
        maxBackoff: Duration = .seconds(3600), maxDoublings: Int = 16
    ) {
        self.maxAttempts = maxAttempts
        self.maxRetryDuration = maxRetryDuration
        self.minBackoff = minBackoff
        self.maxBackoff = maxBackoff
        self.maxDoublings = maxDoublings
    }

    /// The waits between attempts.
    public var backoff: RetryBackoff {
        RetryBackoff(minimum: minBackoff, maximum: maxBackoff, maxDoublings: maxDoublings)
    }

    /// Whether another attempt follows after `attempts` failed ones, the first of which began `age` ago.
    ///
    /// A task is given up when it has had all its attempts *and* its time is over, where a time is set.
    func allowsRetry(afterAttempts attempts: Int, age: Duration) -> Bool {
        if maxAttempts < 0 || attempts < maxAttempts { return true }
        return maxRetryDuration > .zero && age < maxRetryDuration
    }
}
