public import Journal
public import Logging
public import Pipes
import Telemetry
public import Time

/// One queue of tasks, as Cloud Tasks runs it: durable, with rate limits, retries and names that deduplicate.
///
/// What it promises: a task that `create` has returned is attempted until it succeeds, has had its last attempt, or is
/// deleted, across crashes; it may be attempted twice when a crash comes between the target's answer and its being written
/// down. That an attempt begins is on disk before the request is sent.
public actor QueueService {
    private var state: QueueState
    private let name: String
    private let http: any HTTPTarget
    private let clock: any WallClock
    private let ledger: Ledger<TaskRecord>?
    private let log: Logger
    /// What of the ledger was lost.
    private let problem: String?
    private let latency = LatencyHistogram()
    private var alarm = Alarm()
    private(set) var isRunning = false
    /// By flight: attempts that have not ended, and whose end is not yet written down.
    private var attempts: [UInt64: Task<Void, Never>] = [:]
    /// Tasks on their way to the disk.
    private var creating = 0
    private var isCompacting = false
    private var quietUntil = Timestamp.distantPast
    private var canWrite = true

    /// Ledgers shorter than this are not compacted, records.
    private static let smallLedger = 10_000

    /// Reads what the ledger holds.
    ///
    /// - Parameters:
    ///   - queue: as declared; throws the first of `Queue.problems`.
    ///   - http: where tasks are sent.
    ///   - ledger: nil remembers nothing. Throws `JournalError` when it cannot be read.
    ///   - log: for what people should know of this queue.
    public init(
        _ queue: Queue, http: any HTTPTarget, clock: any WallClock, ledger: Ledger<TaskRecord>? = nil, log: Logger
    ) throws {
        if let problem = queue.problems.first { throw problem }
        var state = QueueState(queue, at: clock.now)
        for record in try ledger?.load() ?? [] { state.replay(record) }
        self.state = state
        name = queue.shortName
        self.http = http
        self.clock = clock
        self.ledger = ledger
        self.log = log
        let losses = ledger?.recovery.losses ?? []
        problem =
            losses.isEmpty
            ? nil : "tasks may be missing, or be dispatched once more: \(losses.joined(separator: "; "))"
        if let problem { log.warning("\(problem)") }
    }

    /// Dispatches tasks until the task is cancelled; then abandons the attempts that are under way (they are made again after
    /// the next start), and returns when they have ended.
    public func run() async {
        isRunning = true
        wake()
        await Task.untilCancelled()
        isRunning = false
        alarm.cancel()
        let underWay = Array(attempts.values)
        for attempt in underWay { attempt.cancel() }
        for attempt in underWay { await attempt.value }
    }

    /// Whether an attempt is under way, a task is being written down, or something is to be dispatched this moment.
    public var hasWorkInFlight: Bool {
        !attempts.isEmpty || creating > 0 || (isRunning && state.nextWake.map { $0 <= clock.now } ?? false)
    }

    /// When a task is due, or an attempt exceeds its deadline, next: what a clock that jumps may jump to.
    public var nextWake: Timestamp? { state.nextWake }

    /// Creates a task; returns its id once it is durable, nil when a task of that name exists or existed within the last hour.
    ///
    /// Throws `QueueError` for a task that cannot be queued, `JournalError` when it could not be written down.
    public func create(_ new: NewTask) async throws -> String? {
        if let problem = new.problem(in: name) { throw problem }
        guard let task = state.create(new, at: clock.now) else { return nil }
        creating += 1
        defer { creating -= 1 }
        do {
            try await ledger?.append(.task(.init(task: task, due: task.scheduleTime)))
        } catch {
            state.withdraw(task.id)
            throw error
        }
        state.admit(task.id)
        dispatch()
        return task.name
    }

    /// Stops dispatching, now and after a restart. Attempts under way end in peace. Returns whether it was running.
    @discardableResult
    public func pause() async throws -> Bool { try await setPaused(true) }

    /// Dispatches again. Returns whether it was paused.
    @discardableResult
    public func resume() async throws -> Bool { try await setPaused(false) }

    /// Deletes every task; nothing follows attempts under way. Returns how many there were.
    @discardableResult
    public func purge() async throws -> Int {
        let count = state.purge(at: clock.now)
        setAlarm()
        log.info("purged: \(count) tasks deleted")
        try await ledger?.append(.purged(at: clock.now))
        return count
    }

    /// Deletes a task; nothing follows an attempt under way. Throws `QueueError.notFound`.
    public func delete(_ task: String) async throws {
        let id = try find(task)
        state.delete(id, at: clock.now)
        setAlarm()
        try await ledger?.append(.ended(id: id, at: clock.now, end: .deleted, reason: nil))
    }

    /// Dispatches a task now, whatever pause and limits say. Throws `QueueError` when there is no such task, or an attempt is
    /// under way.
    public func runNow(_ task: String) throws {
        let id = try find(task)
        guard isRunning else {
            throw QueueError(.refused, "queue \(name): task \(task) cannot run: the queue's service is not running")
        }
        guard let dispatch = state.dispatchNow(id, at: clock.now) else {
            throw QueueError(
                .refused, "queue \(name): task \(task) is running already; wait until the attempt has ended")
        }
        begin(dispatch)
        setAlarm()
    }

    /// The figures of this moment.
    public var metrics: QueueMetrics {
        // What has become due is counted as due, dispatched or not.
        state.calendar.advance(to: clock.now)
        var queue = state.queue
        queue.state = state.isPaused ? .paused : .running
        let totals = state.totals
        return QueueMetrics(
            queue: queue, depth: state.tasks.count, due: state.calendar.readyCount, later: state.calendar.laterCount,
            scheduled: state.calendar.laterFirstCount, retrying: state.calendar.retryCount, inFlight: state.inFlight,
            attemptedUnfinished: state.attemptedUnfinished, dispatched: totals.dispatched, succeeded: totals.succeeded,
            failedAttempts: totals.failedAttempts, retries: totals.retries, dropped: totals.dropped,
            lastError: totals.lastError, effectiveRate: state.effectiveRate(at: clock.now),
            oldestDue: state.calendar.oldestReady, latency: latency.quantiles, problem: problem)
    }

    private func find(_ task: String) throws -> UInt64 {
        guard let id = state.find(Queue.shortName(task)) else {
            throw QueueError(.notFound, "queue \(name) has no task '\(Queue.shortName(task))'; it may have ended")
        }
        return id
    }

    private func setPaused(_ isPaused: Bool) async throws -> Bool {
        guard state.isPaused != isPaused else { return false }
        state.isPaused = isPaused
        log.info("\(isPaused ? "paused" : "resumed")")
        dispatch()
        try await ledger?.append(.state(isPaused: isPaused, declared: state.queue.state))
        return true
    }

    private func wake() {
        alarm.hasRung()
        for overdue in state.overdue(at: clock.now) {
            attempts[overdue.flight]?.cancel()
            attempts[overdue.flight] = Task {
                await ended(
                    overdue.flight, of: overdue.task, begunAt: overdue.begunAt, .timedOut(after: overdue.deadline))
            }
        }
        dispatch()
    }

    private func dispatch() {
        guard isRunning else { return }
        for dispatch in state.dispatchDue(at: clock.now) { begin(dispatch) }
        setAlarm()
    }

    private func setAlarm() {
        guard isRunning else { return }
        alarm.set(to: state.nextWake, on: clock) { [weak self] in await self?.wake() }
    }

    private func begin(_ dispatch: QueueState.Dispatch) {
        let change = state.nextChange()
        attempts[dispatch.flight] = Task { await attempt(dispatch, change) }
    }

    private func attempt(_ dispatch: QueueState.Dispatch, _ change: UInt64) async {
        await write(.started(id: dispatch.task.id, at: dispatch.at, change: change))
        let outcome: AttemptOutcome
        do {
            let request = dispatch.task.request(ofQueue: name)
            outcome = AttemptOutcome(
                try await http.send(request, timeout: dispatch.task.dispatchDeadline), at: clock.now)
        } catch {
            // Cancelled at its deadline it has been ended already, and this end is ignored.
            outcome = Task.isCancelled ? .abandoned : AttemptOutcome(error)
        }
        await ended(dispatch.flight, of: dispatch.task.id, begunAt: dispatch.at, outcome)
    }

    private func ended(_ flight: UInt64, of id: UInt64, begunAt: Timestamp, _ outcome: AttemptOutcome) async {
        let now = clock.now
        guard let ending = state.attemptEnded(flight, outcome, at: now) else { return }
        if outcome.kind != .abandoned { latency.record(now - begunAt) }
        // A place has become free.
        dispatch()
        switch ending {
        case .nothing: break
        case .succeeded: await write(.ended(id: id, at: now, end: .succeeded, reason: nil))
        case .dropped(let task):
            log.error("task \(task.name) was given up after \(task.attempts) attempts: \(outcome.reason)")
            await write(.ended(id: id, at: now, end: .dropped, reason: outcome.reason))
        case .retry(let task, let due):
            noteFailure(of: task, outcome.reason, retryIn: due - now)
            await write(
                .failed(
                    id: id, due: due, status: outcome.status, reason: outcome.reason, change: state.nextChange()))
        }
        attempts[flight] = nil
        await compactIfDue()
    }

    /// One line a second is enough to know that something is wrong.
    private func noteFailure(of task: QueuedTask, _ reason: String, retryIn delay: Duration) {
        let level: Logger.Level = clock.now >= quietUntil ? .warning : .debug
        if level == .warning { quietUntil = clock.now + .seconds(1) }
        log.log(
            level: level,
            "task \(task.name), attempt \(task.attempts): \(reason); it is tried again in \(delay.secondsText)")
    }

    /// Attempts go on when they cannot be written down: after a crash they are made again, which tasks must bear anyway.
    private func write(_ record: TaskRecord) async {
        guard let ledger else { return }
        do {
            try await ledger.append(record)
            canWrite = true
        } catch {
            if canWrite { log.error("what becomes of tasks cannot be written down: \(error)") }
            canWrite = false
        }
    }

    private func compactIfDue() async {
        guard let ledger, !isCompacting, ledger.recordCount > Self.smallLedger,
            ledger.recordCount > 4 * state.recordCount
        else { return }
        isCompacting = true
        defer { isCompacting = false }
        do {
            try await ledger.compact(to: state.records(at: clock.now))
        } catch {
            log.error("the ledger could not be compacted: \(error)")
        }
    }
}
