public import Telemetry
public import Time

/// The figures of one queue at one moment.
public struct QueueMetrics: Sendable, Hashable {
    /// The queue, with its present state.
    public var queue: Queue
    /// All tasks that are not finished.
    public var depth: Int
    /// Due and not in flight, tried before or not.
    public var due: Int
    /// Due later, tried before or not.
    public var later: Int
    /// Due later, never tried.
    public var scheduled: Int
    /// Waiting for another attempt, due or not.
    public var retrying: Int
    /// Attempts under way.
    public var inFlight: Int
    /// Tasks that were attempted and are not finished: in flight, or waiting for another attempt.
    public var attemptedUnfinished: Int
    /// Attempts, of all time.
    public var dispatched: Int64
    /// Tasks, of all time.
    public var succeeded: Int64
    /// Attempts, of all time.
    public var failedAttempts: Int64
    /// Attempts after a task's first, of all time.
    public var retries: Int64
    /// Tasks given up after their last attempt, of all time.
    public var dropped: Int64
    /// The last failure: task, and why.
    public var lastError: String?
    /// Dispatches a second that are allowed now: less than the queue's own while targets are overloaded.
    public var effectiveRate: Double
    /// When the oldest due task became due.
    public var oldestDue: Timestamp?
    /// Of attempts, since the start.
    public var latency: Quantiles?
    /// What of the ledger could not be read at the start, and what that may cost; nil when all of it was sound.
    public var problem: String?

    /// Whether the queue dispatches nothing.
    public var isPaused: Bool { queue.state == .paused }
}
