public import Telemetry
public import Time

/// A cron job of the scheduler.
public struct JobFigures: Sendable, Hashable, Codable {
    public var name: String
    /// Five fields, or an `@` name.
    public var schedule: String
    public var timeZone: String
    /// Where it sends: a URL or a topic.
    public var target: String
    public var state: State
    /// Whether an attempt is under way.
    public var isRunning: Bool
    /// Nil while paused.
    public var nextRun: Timestamp?
    public var lastRun: Timestamp?
    /// `OK`, or the status and reason of the last attempt.
    public var lastResult: String?
    public var lastSucceeded: Bool?
    public var attempts: Int64
    public var failures: Int64
    /// Of attempts.
    public var latency: Quantiles?

    public init(
        name: String, schedule: String, timeZone: String, target: String, state: State,
        isRunning: Bool = false, nextRun: Timestamp? = nil, lastRun: Timestamp? = nil,
        lastResult: String? = nil, lastSucceeded: Bool? = nil, attempts: Int64 = 0, failures: Int64 = 0,
        latency: Quantiles? = nil
    ) {
        self.name = name
        self.schedule = schedule
        self.timeZone = timeZone
        self.target = target
        self.state = state
        self.isRunning = isRunning
        self.nextRun = nextRun
        self.lastRun = lastRun
        self.lastResult = lastResult
        self.lastSucceeded = lastSucceeded
        self.attempts = attempts
        self.failures = failures
        self.latency = latency
    }

    /// Google's job states.
    public enum State: String, Sendable, Codable { case enabled = "ENABLED", paused = "PAUSED", disabled = "DISABLED" }
}
