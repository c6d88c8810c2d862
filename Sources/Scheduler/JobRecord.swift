import Time

/// What is remembered of a job: the last record with its name holds.
public struct JobRecord: Sendable, Hashable, Codable {
    /// Short.
    var name: String
    /// The state that the declaration had when the job was last paused or resumed. Another one now means that a person has
    /// changed the declaration since, and then the declaration holds.
    var declared: Job.State
    var isPaused: Bool
    /// The scheduled time of the last firing: it does not fire again, whatever became of it.
    var lastFired: Timestamp?
    var lastAttemptTime: Timestamp?
    var lastStatus: JobStatus?
    /// An attempt had begun and not ended.
    var isAttempting: Bool
    var attempts: Int64
    var failures: Int64
}
