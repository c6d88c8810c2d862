public import Time

/// A task to put into a queue.
public struct NewTask: Sendable, Hashable {
    /// The task's id within its queue; nil: the queue picks one. A name that was used before is refused.
    public var name: String?
    /// Sent at every attempt; a 2xx answer ends the task.
    public var request: HTTPRequest
    /// When it is due; nil: now.
    public var scheduleTime: Timestamp?
    /// How long an attempt may take, 15 s to 30 min; nil: 10 min.
    public var dispatchDeadline: Duration?

    /// A task that is due now and named by its queue, if nothing else is said.
    public init(
        name: String? = nil, request: HTTPRequest, scheduleTime: Timestamp? = nil, dispatchDeadline: Duration? = nil
    ) {
        self.name = name
        self.request = request
        self.scheduleTime = scheduleTime
        self.dispatchDeadline = dispatchDeadline
    }
}

/// Where applications put tasks.
public protocol TaskCreator: Sendable {
    /// Creates a task in the queue with that short or full name; returns the task's name once it is durable. Returns nil
    /// when a task of that name exists or existed: the names deduplicate.
    func createTask(_ task: NewTask, in queue: String) async throws -> String?
}
