import Pipes
import Time

/// Decides what a queue dispatches and when. Pure: it is told the time and what happened, and says what to do.
///
/// A task *waits* (in the calendar), *flies* (has an attempt under way), or is *pending* (not durable yet). What always holds:
/// a task has at most one attempt under way; never more attempts than `maxConcurrentDispatches`, but for those that were
/// asked for by hand; a task leaves only by success, by its last attempt, or by being deleted.
struct QueueState {
    /// An attempt to make.
    struct Dispatch: Sendable {
        var flight: UInt64
        var task: QueuedTask
        var at: Timestamp
    }

    /// An attempt whose time is over.
    struct Overdue {
        var flight: UInt64
        var task: UInt64
        var begunAt: Timestamp
        var deadline: Duration
    }

    /// What the end of an attempt means for its task.
    enum Ending: Equatable {
        case succeeded(QueuedTask)
        case retry(QueuedTask, due: Timestamp)
        case dropped(QueuedTask)
        /// Nothing: the attempt was abandoned, or its task was deleted meanwhile.
        case nothing
    }

    private struct Flight {
        var task: UInt64
        var begunAt: Timestamp
        var deadline: Duration
        var isForced: Bool
    }

    let queue: Queue
    var isPaused: Bool
    var totals = TaskRecord.Totals()
    /// The last change that was in the state when the ledger that is replayed was compacted.
    var compactedChanges: UInt64 = 0
    var tasks: [UInt64: QueuedTask] = [:]
    /// Given names of unfinished tasks.
    var names: [String: UInt64] = [:]
    var remembered = RememberedNames()
    /// What waits.
    var calendar = DueCalendar()
    private var pending = 0
    private var flights: [UInt64: Flight] = [:]
    private var deadlines = DueCalendar()
    private var forcedFlights = 0
    private var nextFlight: UInt64 = 1
    private var bucket: TokenBucket
    private var throttle: DispatchThrottle

    init(_ queue: Queue, at now: Timestamp) {
        self.queue = queue
        isPaused = queue.state == .paused
        let limits = queue.rateLimits
        bucket = TokenBucket(rate: limits.maxDispatchesPerSecond, burst: limits.maxBurstSize, at: now)
        throttle = DispatchThrottle(configuredRate: limits.maxDispatchesPerSecond)
    }

    /// Attempts under way.
    var inFlight: Int { flights.count }
    /// Tasks that were attempted and are not finished.
    var attemptedUnfinished: Int { calendar.retryCount + tasks.count - calendar.count - pending }

    /// Dispatches a second that are allowed now.
    func effectiveRate(at now: Timestamp) -> Double { throttle.rate(at: now) }

    // MARK: Creating

    /// Takes a task in as pending: it holds its name until `admit` or `withdraw`. Nil when the name is taken.
    mutating func create(_ new: NewTask, at now: Timestamp) -> QueuedTask? {
        remembered.forget(at: now)
        if let name = new.name.map(Queue.shortName), isTaken(name, at: now) { return nil }
        // Also above every id of a ledger that was lost, so that names do not come again.
        var id = max(totals.nextID, UInt64(max(1, now.micros)))
        while names[String(id)] != nil || remembered.contains(String(id), at: now) { id += 1 }
        totals.nextID = id + 1
        var task = QueuedTask(id: id, new, at: now)
        task.isPending = true
        pending += 1
        keep(task)
        return task
    }

    /// The task is durable: it may be dispatched.
    mutating func admit(_ id: UInt64) {
        guard let task = tasks[id], task.isPending else { return }
        tasks[id]?.isPending = false
        pending -= 1
        calendar.insert(id, due: task.scheduleTime)
    }

    /// The task could not be made durable: as if it had not been.
    mutating func withdraw(_ id: UInt64) {
        guard let task = tasks[id], task.isPending else { return }
        discard(task)
    }

    private func isTaken(_ name: String, at now: Timestamp) -> Bool {
        if names[name] != nil || remembered.contains(name, at: now) { return true }
        guard let id = UInt64(name), let task = tasks[id] else { return false }
        return task.name == name
    }

    // MARK: Dispatching

    /// Begins attempts for what is due, as far as pause, rate and concurrency allow.
    mutating func dispatchDue(at now: Timestamp) -> [Dispatch] {
        guard !isPaused else { return [] }
        calendar.advance(to: now)
        guard calendar.readyCount > 0, throttle.heldUntil <= now else { return [] }
        bucket.setRate(
            throttle.rate(at: now), burst: throttle.isThrottled(at: now) ? 1 : queue.rateLimits.maxBurstSize, at: now)
        var dispatches: [Dispatch] = []
        while hasFreePlace, calendar.readyCount > 0, bucket.take(at: now), let id = calendar.popReady() {
            if let dispatch = begin(id, isForced: false, at: now) { dispatches.append(dispatch) }
        }
        return dispatches
    }

    /// Begins an attempt at once, whatever pause and limits say. Nil when one is under way or the task is not durable yet.
    mutating func dispatchNow(_ id: UInt64, at now: Timestamp) -> Dispatch? {
        guard let task = tasks[id], task.flight == nil, !task.isPending else { return nil }
        calendar.remove(id)
        return begin(id, isForced: true, at: now)
    }

    /// When there is something to dispatch, or an attempt exceeds its deadline.
    var nextWake: Timestamp? {
        var wake = deadlines.oldestReady ?? deadlines.nextDue
        if !isPaused, hasFreePlace {
            var next = calendar.readyCount > 0 ? bucket.nextToken : calendar.nextDue
            if let due = next { next = max(due, throttle.heldUntil) }
            wake = [wake, next].compactMap { $0 }.min()
        }
        return wake
    }

    /// The attempts whose time is over; each must be ended with `attemptEnded`.
    mutating func overdue(at now: Timestamp) -> [Overdue] {
        deadlines.advance(to: now)
        var overdue: [Overdue] = []
        while let id = deadlines.popReady() {
            guard let flight = flights[id] else { continue }
            overdue.append(Overdue(flight: id, task: flight.task, begunAt: flight.begunAt, deadline: flight.deadline))
        }
        return overdue
    }

    private var hasFreePlace: Bool { flights.count - forcedFlights < queue.rateLimits.maxConcurrentDispatches }

    private mutating func begin(_ id: UInt64, isForced: Bool, at now: Timestamp) -> Dispatch? {
        guard var task = tasks[id] else { return nil }
        if task.isAttempted { totals.retries += 1 }
        totals.dispatched += 1
        task.attempts += 1
        task.firstAttempt = task.firstAttempt ?? now
        let flight = nextFlight
        nextFlight += 1
        task.flight = flight
        tasks[id] = task
        flights[flight] = Flight(task: id, begunAt: now, deadline: task.dispatchDeadline, isForced: isForced)
        if isForced { forcedFlights += 1 }
        deadlines.insert(flight, due: now + task.dispatchDeadline)
        throttle.dispatched(at: now)
        return Dispatch(flight: flight, task: task, at: now)
    }

    // MARK: Ending

    /// Nil when the attempt's end was told before.
    mutating func attemptEnded(_ flight: UInt64, _ outcome: AttemptOutcome, at now: Timestamp) -> Ending? {
        guard let ended = flights.removeValue(forKey: flight) else { return nil }
        if ended.isForced { forcedFlights -= 1 }
        deadlines.remove(flight)
        if outcome.isOverload {
            throttle.overloaded(at: now, dispatchedAt: ended.begunAt, retryAfter: outcome.retryAfter)
        }
        guard var task = tasks[ended.task], task.flight == flight else {
            if outcome.kind == .failed { totals.failedAttempts += 1 }
            return .nothing
        }
        task.flight = nil
        switch outcome.kind {
        case .succeeded:
            totals.succeeded += 1
            finish(task, at: now)
            return .succeeded(task)
        case .abandoned:
            wait(task, until: now)
            return .nothing
        case .failed:
            fail(&task, outcome)
            let age = now - (task.firstAttempt ?? now)
            guard queue.retryConfig.allowsRetry(afterAttempts: task.attempts, age: age) else {
                totals.dropped += 1
                finish(task, at: now)
                return .dropped(task)
            }
            let delay = queue.retryConfig.backoff.delay(beforeRetry: task.attempts)
            let due = now + max(delay, min(outcome.retryAfter ?? .zero, DispatchThrottle.longestHold))
            wait(task, until: due)
            return .retry(task, due: due)
        }
    }

    private mutating func fail(_ task: inout QueuedTask, _ outcome: AttemptOutcome) {
        totals.failedAttempts += 1
        totals.lastError = "task \(task.name): \(outcome.reason)"
        if outcome.status != nil { task.responses += 1 }
        task.previousStatus = outcome.status
        task.retryReason = outcome.reason
    }

    /// Puts a task that has been attempted back into the calendar.
    mutating func wait(_ task: QueuedTask, until due: Timestamp) {
        tasks[task.id] = task
        calendar.insert(task.id, due: due, isRetry: true)
    }

    // MARK: Deleting

    /// Deletes a task; an attempt under way goes on, and nothing follows it. Returns it, nil when there is none.
    @discardableResult
    mutating func delete(_ id: UInt64, at now: Timestamp) -> QueuedTask? {
        guard let task = tasks[id] else { return nil }
        finish(task, at: now)
        return task
    }

    /// Deletes every task. Returns how many there were.
    @discardableResult
    mutating func purge(at now: Timestamp) -> Int {
        let count = tasks.count
        for name in names.keys { remembered.remember(name, until: now + RememberedNames.span) }
        tasks = [:]
        names = [:]
        calendar.removeAll()
        pending = 0
        return count
    }

    /// The id of an unfinished task with that name.
    func find(_ name: String) -> UInt64? {
        if let id = names[name] { return id }
        guard let id = UInt64(name), let task = tasks[id], task.name == name else { return nil }
        return id
    }

    mutating func keep(_ task: QueuedTask) {
        tasks[task.id] = task
        if let name = task.givenName { names[name] = task.id }
    }

    /// Takes a task out for good and remembers its given name.
    mutating func finish(_ task: QueuedTask, at now: Timestamp) {
        if let name = task.givenName { remembered.remember(name, until: now + RememberedNames.span) }
        discard(task)
    }

    private mutating func discard(_ task: QueuedTask) {
        calendar.remove(task.id)
        if task.isPending { pending -= 1 }
        tasks[task.id] = nil
        if let name = task.givenName { names[name] = nil }
    }
}
