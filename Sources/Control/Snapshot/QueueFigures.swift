public import Telemetry
public import Time

/// A task queue.
public struct QueueFigures: Sendable, Hashable, Codable {
    /// Without the project and location.
    public var name: String
    /// Whether it dispatches nothing.
    public var isPaused: Bool
    /// All tasks that are not finished.
    public var depth: Int
    /// Due and not in flight.
    public var due: Int
    /// Due later, never tried.
    public var scheduled: Int
    /// Waiting for another attempt.
    public var retrying: Int
    /// Attempts under way.
    public var inFlight: Int
    /// Attempts, of all time.
    public var dispatched: Int64
    /// Attempts a second.
    public var dispatchRate: Double?
    /// Tasks.
    public var succeeded: Int64
    /// Attempts, of all time.
    public var failedAttempts: Int64
    /// Attempts after a task's first, of all time.
    public var retries: Int64
    /// Tasks given up after their last attempt.
    public var dropped: Int64
    /// When the oldest due task became due.
    public var oldestDue: Timestamp?
    /// The last failure: task, and why.
    public var lastError: String?
    /// As declared (`RateLimits` in google.cloud.tasks.v2).
    public var maxDispatchesPerSecond: Double
    /// Attempts under way at most, as declared.
    public var maxConcurrentDispatches: Int
    /// Of attempts.
    public var latency: Quantiles?
    /// What of the queue's ledger was lost, and what that may cost.
    public var problem: String?

    /// What is not given has not happened (0) or was never measured (nil). The limits are Cloud Tasks' defaults.
    public init(
        name: String, isPaused: Bool, depth: Int = 0, due: Int = 0, scheduled: Int = 0, retrying: Int = 0,
        inFlight: Int = 0, dispatched: Int64 = 0, dispatchRate: Double? = nil, succeeded: Int64 = 0,
        failedAttempts: Int64 = 0, retries: Int64 = 0, dropped: Int64 = 0, oldestDue: Timestamp? = nil,
        lastError: String? = nil, maxDispatchesPerSecond: Double = 500, maxConcurrentDispatches: Int = 1000,
        latency: Quantiles? = nil, problem: String? = nil
    ) {
        self.name = name
        self.isPaused = isPaused
        self.depth = depth
        self.due = due
        self.scheduled = scheduled
        self.retrying = retrying
        self.inFlight = inFlight
        self.dispatched = dispatched
        self.dispatchRate = dispatchRate
        self.succeeded = succeeded
        self.failedAttempts = failedAttempts
        self.retries = retries
        self.dropped = dropped
        self.oldestDue = oldestDue
        self.lastError = lastError
        self.maxDispatchesPerSecond = maxDispatchesPerSecond
        self.maxConcurrentDispatches = maxConcurrentDispatches
        self.latency = latency
        self.problem = problem
    }
}
