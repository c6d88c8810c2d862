import Pipes
import Time

/// What the scheduler must do for a job.
enum JobAction: Equatable {
    /// Remember the job, then send its request.
    case attempt(JobAttempt)
    /// Give the attempt up: whatever comes of it is ignored.
    case abandon(id: UInt64)
    /// Remember the job as it is now.
    case remember
}

/// One request of a job.
struct JobAttempt: Equatable, Sendable {
    var id: UInt64
    /// What goes into `X-CloudScheduler-ScheduleTime`.
    var scheduleTime: Timestamp
    var begunAt: Timestamp
}

/// Decides when a job fires, retries and rests. Pure: it is told the time and what happened, and says what to do.
///
/// An *execution* begins with a scheduled time or by hand and has one or more *attempts*. There is never more than one: a
/// scheduled time that comes during an attempt waits for its end, one that comes between two attempts ends the retries.
/// Scheduled times that pass while nothing looks (the machine slept) fire once, together.
struct JobMachine {
    let job: Job
    let schedule: CronExpression
    let zone: Zone

    private(set) var isPaused: Bool
    private(set) var nextRun: Timestamp?
    private(set) var execution: Execution?
    private(set) var lastFired: Timestamp?
    private(set) var lastAttemptTime: Timestamp?
    private(set) var lastStatus: JobStatus?
    private(set) var attempts: Int64 = 0
    private(set) var failures: Int64 = 0
    private var nextAttemptID: UInt64 = 1

    struct Execution: Equatable {
        enum Phase: Equatable {
            case attempting(id: UInt64, deadline: Timestamp)
            case waiting(until: Timestamp)
        }

        var scheduleTime: Timestamp
        var firstAttempt: Timestamp
        var failures = 0
        var phase: Phase
    }

    /// Throws `CronError` or `UnknownZone`.
    init(_ job: Job, remembered record: JobRecord? = nil) throws {
        self.job = job
        schedule = try CronExpression(job.schedule)
        zone = try Zone(named: job.timeZone)
        isPaused = job.state == .paused
        guard let record else { return }
        if record.declared == job.state { isPaused = record.isPaused }
        lastFired = record.lastFired
        lastAttemptTime = record.lastAttemptTime
        lastStatus = record.isAttempting ? .interrupted : record.lastStatus
        attempts = record.attempts
        failures = record.failures + (record.isAttempting ? 1 : 0)
    }

    var isAttempting: Bool {
        if case .attempting = execution?.phase { true } else { false }
    }

    /// When `wake` has something to do.
    var nextWake: Timestamp? {
        switch execution?.phase {
        case .attempting(_, let deadline): deadline
        case .waiting(let until): nextRun.map { min($0, until) } ?? until
        case nil: nextRun
        }
    }

    var record: JobRecord {
        JobRecord(
            name: job.shortName, declared: job.state, isPaused: isPaused, lastFired: lastFired,
            lastAttemptTime: lastAttemptTime, lastStatus: lastStatus, isAttempting: isAttempting, attempts: attempts,
            failures: failures)
    }

    /// Plans the first firing after `now`; what was due before is not made up for.
    mutating func start(at now: Timestamp) {
        nextRun = isPaused ? nil : next(after: now)
    }

    mutating func wake(at now: Timestamp) -> [JobAction] {
        var actions: [JobAction] = []
        if case .attempting(let id, let deadline) = execution?.phase, deadline <= now {
            let status = JobStatus.deadlineExceeded(after: job.attemptDeadline.secondsText)
            actions = [.abandon(id: id)] + attemptEnded(id: id, with: status, at: now)
        }
        if isAttempting { return actions }
        if let nextRun, nextRun <= now {
            lastFired = nextRun
            self.nextRun = next(after: now)
            return actions + beginExecution(scheduledFor: nextRun, at: now)
        }
        if case .waiting(let until) = execution?.phase, until <= now { return actions + beginAttempt(at: now) }
        return actions
    }

    /// To be told once for each attempt; one that was abandoned is ignored.
    mutating func attemptEnded(id: UInt64, with status: JobStatus, at now: Timestamp) -> [JobAction] {
        guard var current = execution, case .attempting(id, _) = current.phase else { return [] }
        lastStatus = status
        execution = nil
        if !status.isOK {
            failures += 1
            current.failures += 1
            if status != .stopped,
                job.retryConfig.allowsRetry(afterFailures: current.failures, age: now - current.firstAttempt)
            {
                current.phase = .waiting(until: now + backoff.delay(beforeRetry: current.failures))
                execution = current
            }
        }
        // A scheduled time may have been waiting for this end.
        let firings = nextRun.map { $0 <= now } ?? false ? wake(at: now) : []
        return [.remember] + firings
    }

    /// Returns no action when it was paused already. An attempt under way goes on; no retry follows it.
    mutating func pause() -> [JobAction] {
        guard !isPaused else { return [] }
        isPaused = true
        nextRun = nil
        if !isAttempting { execution = nil }
        return [.remember]
    }

    /// Returns no action when it was not paused.
    mutating func resume(at now: Timestamp) -> [JobAction] {
        guard isPaused else { return [] }
        isPaused = false
        nextRun = next(after: now)
        return [.remember]
    }

    /// Fires now, paused or not. A job that waits for a retry makes it now. Nil while an attempt is under way.
    mutating func runNow(at now: Timestamp) -> [JobAction]? {
        switch execution?.phase {
        case .attempting: nil
        case .waiting: beginAttempt(at: now)
        case nil: beginExecution(scheduledFor: now, at: now)
        }
    }

    private mutating func beginExecution(scheduledFor time: Timestamp, at now: Timestamp) -> [JobAction] {
        execution = Execution(scheduleTime: time, firstAttempt: now, phase: .waiting(until: now))
        return beginAttempt(at: now)
    }

    private mutating func beginAttempt(at now: Timestamp) -> [JobAction] {
        guard let scheduleTime = execution?.scheduleTime else { return [] }
        let id = nextAttemptID
        nextAttemptID += 1
        execution?.phase = .attempting(id: id, deadline: now + job.attemptDeadline)
        attempts += 1
        lastAttemptTime = now
        return [.attempt(JobAttempt(id: id, scheduleTime: scheduleTime, begunAt: now))]
    }

    /// A time that has fired does not fire again, even if the clock was set back since or starts anew in every run. But a
    /// firing that lies more than a day ahead was made under a wrong clock, and must not silence the job.
    private func next(after now: Timestamp) -> Timestamp? {
        guard let lastFired, lastFired > now, lastFired - now <= .seconds(86_400) else {
            return schedule.next(after: now, in: zone)
        }
        return schedule.next(after: lastFired, in: zone)
    }

    private var backoff: RetryBackoff {
        RetryBackoff(
            minimum: job.retryConfig.minBackoffDuration, maximum: job.retryConfig.maxBackoffDuration,
            maxDoublings: job.retryConfig.maxDoublings)
    }
}
