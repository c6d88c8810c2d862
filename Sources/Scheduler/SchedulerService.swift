public import Journal
public import Logging
public import Pipes
import Spelling
import Telemetry
public import Time

/// Fires jobs at their times, as Cloud Scheduler does.
///
/// What it promises: never two executions of a job at once; a scheduled time fires at most once, also across crashes and
/// clocks that are set back; times that pass while the process is down are *not* made up for. State, last run and counts
/// are remembered in the ledger.
public actor SchedulerService {
    private struct Entry {
        var machine: JobMachine
        /// By their ids: those that have not ended, and whose end is not yet remembered.
        var attempts: [UInt64: Task<Void, Never>] = [:]
        let latency = LatencyHistogram()
        let log: Logger
    }

    private var jobs: [String: Entry] = [:]
    /// As declared.
    private let order: [String]
    private let http: any HTTPTarget
    private let publisher: (any MessagePublisher)?
    private let clock: any WallClock
    private let ledger: Ledger<JobRecord>?
    private var alarm = Alarm()
    private(set) var isRunning = false

    /// Records beyond what the jobs need, after which the ledger is compacted.
    private static let surplus = 1_000

    /// Reads what is remembered of the jobs.
    ///
    /// - Parameters:
    ///   - jobs: as declared; throws `SchedulerError` for the first that is wrong (see `Job.problems`).
    ///   - http: where `httpTarget` jobs send.
    ///   - publisher: where `pubsubTarget` jobs publish.
    ///   - ledger: nil remembers nothing. Throws `JournalError` when it cannot be read.
    ///   - logger: makes the logger for a label, `job NAME`.
    public init(
        jobs declared: [Job], http: any HTTPTarget, publisher: (any MessagePublisher)? = nil, clock: any WallClock,
        ledger: Ledger<JobRecord>? = nil, logger: @Sendable (String) -> Logger = { Logger(label: $0) }
    ) throws {
        var records: [String: JobRecord] = [:]
        for record in try ledger?.load() ?? [] { records[record.name] = record }
        for job in declared {
            if let problem = job.problems.first { throw problem }
            guard jobs[job.shortName] == nil else {
                throw SchedulerError(.invalid, field: "name", "job \(job.shortName) is declared twice; rename one")
            }
            if job.pubsubTarget != nil, publisher == nil {
                throw SchedulerError(
                    .invalid, field: "pubsubTarget", "job \(job.shortName) publishes, but there is no broker")
            }
            let machine = try JobMachine(job, remembered: records[job.shortName])
            jobs[job.shortName] = Entry(machine: machine, log: logger("job \(job.shortName)"))
        }
        order = declared.map(\.shortName)
        self.http = http
        self.publisher = publisher
        self.clock = clock
        self.ledger = ledger
    }

    /// Begins to fire jobs, and lets them be run by hand, before somebody gets round to `run`, which must follow.
    public func start() {
        guard !isRunning else { return }
        isRunning = true
        for name in order { jobs[name]?.machine.start(at: clock.now) }
        wake()
    }

    /// Fires jobs until the task is cancelled; then stops attempts that are under way, and returns when they have ended.
    public func run() async {
        start()
        await Task.untilCancelled()
        isRunning = false
        alarm.cancel()
        let attempts = jobs.values.flatMap(\.attempts.values)
        for attempt in attempts { attempt.cancel() }
        for attempt in attempts { await attempt.value }
    }

    /// Whether an attempt is under way, or a firing is due this moment.
    public var hasWorkInFlight: Bool {
        let now = clock.now
        return jobs.values.contains { entry in
            !entry.attempts.isEmpty || (isRunning && entry.machine.nextWake.map { $0 <= now } ?? false)
        }
    }

    /// When a job fires, retries or exceeds its deadline next: what a clock that jumps may jump to.
    public var nextWake: Timestamp? { jobs.values.compactMap(\.machine.nextWake).min() }

    /// The figures of all jobs, as declared.
    public var metrics: [JobMetrics] { order.compactMap { jobs[$0] }.map(metrics) }

    /// Stops a job's schedule, now and after a restart. An attempt under way ends in peace.
    ///
    /// Throws `SchedulerError.notFound`, or `JournalError` when the state could not be written down.
    @discardableResult
    public func pause(_ name: String) async throws -> JobMetrics {
        try await change(name) { $0.pause() }
    }

    /// Takes a job's schedule up again, with the next scheduled time.
    ///
    /// Throws `SchedulerError.notFound`, or `JournalError` when the state could not be written down.
    @discardableResult
    public func resume(_ name: String) async throws -> JobMetrics {
        let now = clock.now
        return try await change(name) { $0.resume(at: now) }
    }

    /// Fires a job now, paused or not. Throws `SchedulerError`: not found, or refused because an attempt is under way.
    @discardableResult
    public func runNow(_ name: String) async throws -> JobMetrics {
        let name = try find(name)
        guard isRunning else {
            throw SchedulerError(.refused, "job \(name) cannot run: the scheduler is not running")
        }
        guard let actions = jobs[name]?.machine.runNow(at: clock.now) else {
            throw SchedulerError(.refused, "job \(name) is running already; wait until it has ended")
        }
        perform(actions, for: name)
        setAlarm()
        return try current(name)
    }

    private func change(_ name: String, by change: (inout JobMachine) -> [JobAction]) async throws -> JobMetrics {
        let name = try find(name)
        guard var machine = jobs[name]?.machine else { return try current(name) }
        let actions = change(&machine)
        jobs[name]?.machine = machine
        setAlarm()
        if !actions.isEmpty {
            jobs[name]?.log.info("\(machine.isPaused ? "paused" : "resumed")")
            try await remember(name)
        }
        return try current(name)
    }

    private func find(_ name: String) throws -> String {
        let short = Job.shortName(name)
        guard jobs[short] != nil else {
            throw SchedulerError(.notFound, "there is no job '\(short)'\(Spelling.hint(for: short, in: order))")
        }
        return short
    }

    private func current(_ name: String) throws -> JobMetrics {
        guard let entry = jobs[try find(name)] else { throw SchedulerError(.notFound, "there is no job '\(name)'") }
        return metrics(of: entry)
    }

    private func metrics(of entry: Entry) -> JobMetrics {
        let machine = entry.machine
        var job = machine.job
        job.state = machine.isPaused ? .paused : .enabled
        job.scheduleTime = machine.nextRun
        job.lastAttemptTime = machine.lastAttemptTime
        job.status = machine.lastStatus
        return JobMetrics(
            job: job, isRunning: machine.isAttempting, nextRun: machine.nextRun, lastRun: machine.lastAttemptTime,
            lastResult: machine.lastStatus?.message, lastSucceeded: machine.lastStatus?.isOK,
            attempts: machine.attempts,
            failures: machine.failures, latency: entry.latency.quantiles)
    }

    private func wake() {
        alarm.hasRung()
        guard isRunning else { return }
        let now = clock.now
        for name in order {
            guard let due = jobs[name]?.machine.nextWake, due <= now else { continue }
            perform(jobs[name]?.machine.wake(at: now) ?? [], for: name)
        }
        setAlarm()
    }

    private func setAlarm() {
        guard isRunning else { return }
        alarm.set(to: nextWake, on: clock) { [weak self] in await self?.wake() }
    }

    private func perform(_ actions: [JobAction], for name: String) {
        for action in actions {
            switch action {
            case .attempt(let attempt):
                jobs[name]?.attempts[attempt.id] = Task { await self.run(attempt, of: name) }
            case .abandon(let id):
                jobs[name]?.attempts.removeValue(forKey: id)?.cancel()
            case .remember:
                break
            }
        }
    }

    private func run(_ attempt: JobAttempt, of name: String) async {
        await tryToRemember(name)
        guard let job = jobs[name]?.machine.job else { return }
        let status: JobStatus
        do {
            status = try await send(job, attempt)
        } catch {
            status = Task.isCancelled ? .stopped : JobStatus(error)
        }
        await ended(attempt, of: name, with: status)
    }

    private func send(_ job: Job, _ attempt: JobAttempt) async throws -> JobStatus {
        if let message = job.message, let topic = job.pubsubTarget?.topicName, let publisher {
            _ = try await publisher.publish([message], to: topic)
            return .ok
        }
        guard let request = job.request(for: attempt) else {
            return JobStatus(code: 9, message: "the job has no target")
        }
        return JobStatus(try await http.send(request, timeout: job.attemptDeadline))
    }

    private func ended(_ attempt: JobAttempt, of name: String, with status: JobStatus) async {
        let now = clock.now
        guard let actions = jobs[name]?.machine.attemptEnded(id: attempt.id, with: status, at: now), !actions.isEmpty
        else { return }
        jobs[name]?.latency.record(now - attempt.begunAt)
        if !status.isOK { jobs[name]?.log.warning("\(status.message)") }
        // Still counted as under way until the end is on disk.
        await tryToRemember(name)
        jobs[name]?.attempts[attempt.id] = nil
        guard isRunning else { return }
        perform(actions, for: name)
        setAlarm()
        await compactIfDue()
    }

    private func remember(_ name: String) async throws {
        guard let ledger, let record = jobs[name]?.machine.record else { return }
        try await ledger.append(record)
    }

    /// A job goes on firing when its record cannot be written: the log says so.
    private func tryToRemember(_ name: String) async {
        do {
            try await remember(name)
        } catch {
            jobs[name]?.log.error("its state could not be written down: \(error)")
        }
    }

    private func compactIfDue() async {
        guard let ledger, ledger.recordCount > order.count + Self.surplus else { return }
        do {
            try await ledger.compact(to: order.compactMap { jobs[$0]?.machine.record })
        } catch {
            jobs[order.first ?? ""]?.log.error("the jobs' ledger could not be compacted: \(error)")
        }
    }
}
