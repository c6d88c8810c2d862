public import Time

/// A change of a queue, as its ledger keeps it.
///
/// A change is in the state before it is in the ledger. When the ledger is compacted in between, what is written afterwards is
/// in the state already: changes that would count twice have numbers, and the totals say up to which they go.
public enum TaskRecord: Codable, Sendable {
    /// A task as it is: newly created or, in a compacted ledger, with its attempts so far; `due`: when it is due next.
    case task(StoredTask)
    /// An attempt begins.
    case started(id: UInt64, at: Timestamp, change: UInt64? = nil)
    /// An attempt failed, and another follows at `due`.
    case failed(id: UInt64, due: Timestamp, status: Int?, reason: String, change: UInt64? = nil)
    /// A task has ended.
    case ended(id: UInt64, at: Timestamp, end: End, reason: String?)
    /// All tasks were deleted.
    case purged(at: Timestamp)
    /// The queue was paused or resumed, when its declaration said `declared`.
    case state(isPaused: Bool, declared: Queue.State)
    /// Of a compacted ledger: what cannot be read off the tasks.
    case totals(Totals)
    /// Of a compacted ledger: the name of a task that has ended.
    case name(String, until: Timestamp)

    /// How a task ended.
    public enum End: String, Codable, Sendable { case succeeded, dropped, deleted }

    /// A task in a ledger.
    public struct StoredTask: Codable, Sendable {
        var task: QueuedTask
        var due: Timestamp
    }

    /// Counts of all time.
    public struct Totals: Codable, Sendable, Hashable {
        /// The next task's id.
        var nextID: UInt64 = 1
        var dispatched: Int64 = 0
        var succeeded: Int64 = 0
        var failedAttempts: Int64 = 0
        var retries: Int64 = 0
        var dropped: Int64 = 0
        var lastError: String?
        /// The number of the last change that has one.
        var changes: UInt64?
    }
}
