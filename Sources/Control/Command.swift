public import Time

/// Something that a person tells the host to do: by key, or over the admin socket.
///
/// As JSON an object with one key, the command's name: `{"resumeJob":{"name":"trigger-event-task-enqueuer"}}`.
public enum Command: Sendable, Hashable, Codable {
    case pauseJob(name: String)
    case resumeJob(name: String)
    /// Fires the job now, paused or not.
    case runJob(name: String)
    case pauseQueue(name: String)
    case resumeQueue(name: String)
    /// Deletes every task of the queue.
    case purgeQueue(name: String)
    /// Sets the number of workers of a pipeline, 1 to 8.
    case setWorkers(pipeline: String, count: Int)
    case pausePipeline(name: String)
    case resumePipeline(name: String)
    /// Sets the number of instances of a service; nil gives it back to the autoscaler.
    case setInstances(service: String, count: Int?)
    /// Acknowledges everything that waits.
    case purgeSubscription(name: String)
    /// Hands out again what was published in the last `seconds`.
    case seekSubscription(name: String, secondsBack: Double)
    /// Hands out again what was published since a time, which JSON writes as RFC 3339: `2026-03-14T09:00:00Z`.
    case seekSubscriptionToTime(name: String, time: Timestamp)
    /// It gets no more messages of its topic, and loses those that wait.
    case detachSubscription(name: String)
    /// Writes a snapshot to a file; nil: a new file in the data folder.
    case exportSnapshot(path: String?)
    /// Ends the program cleanly.
    case shutDown
}

/// What became of a command.
public enum CommandAnswer: Sendable, Hashable, Codable {
    /// It was done: one line for the person.
    case done(String)
    /// It was not: why, and what to do instead.
    case refused(String)

    /// The line for the person, either way.
    public var text: String {
        switch self {
        case .done(let text), .refused(let text): text
        }
    }
}
