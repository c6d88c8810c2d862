public import Telemetry
public import Time

/// A cron job of the scheduler.
public struct JobFigures: Sendable, Hashable, Codable {
    /// Without the project and location.
    public var name: String
    /// Five fields, or an `@` name.
    public var schedule: String
    /// Of the tz database: `Europe/Berlin`.
    public var timeZone: String
    /// Where it sends: a URL or a topic.
    public var target: String
    /// As a person or the configuration last set it.
    public var state: State
    /// Whether an attempt is under way.
    public var isRunning: Bool
    /// Nil while paused.
    public var nextRun: Timestamp?
    /// When the last attempt began; nil: never.
    public var lastRun: Timestamp?
    /// `OK`, or the status and reason of the last attempt.
    public var lastResult: String?
    /// Nil when no attempt has ended yet.
    public var lastSucceeded: Bool?
    /// Of all time.
    public var attempts: Int64
    /// Attempts that failed, of all time.
    public var failures: Int64
    /// Of attempts.
    public var latency: Quantiles?

    /// What is not given has not happened (0) or was never measured (nil).
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
