public import Telemetry
public import Time

/// The figures of one job at one moment.
public struct JobMetrics: Sendable, Hashable {
    /// The job, with its present state and its output fields.
    public var job: Job
    /// Whether an attempt is under way.
    public var isRunning: Bool
    /// Nil while paused.
    public var nextRun: Timestamp?
    /// When the last attempt began.
    public var lastRun: Timestamp?
    /// `OK`, or the status and reason of the last attempt; nil when there was none.
    public var lastResult: String?
    /// Nil when no attempt has ended yet.
    public var lastSucceeded: Bool?
    /// Of all time.
    public var attempts: Int64
    /// Attempts that failed, of all time.
    public var failures: Int64
    /// Of attempts, since the start.
    public var latency: Quantiles?
}
