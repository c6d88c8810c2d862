import Time

// What a restart reads. Replaying the records of a ledger gives the state that wrote them, but for attempts that were under
// way: their tasks are due again.
extension QueueState {
    mutating func replay(_ record: TaskRecord) {
        switch record {
        case .task(let stored):
            totals.nextID = max(totals.nextID, stored.task.id + 1)
            keep(stored.task)
            schedule(stored.task, due: stored.due)
        case .started(let id, let at, let change):
            guard isNews(change) else { return }
            totals.dispatched += 1
            guard var task = tasks[id] else { return }
            if task.isAttempted { totals.retries += 1 }
            task.attempts += 1
            task.firstAttempt = task.firstAttempt ?? at
            schedule(task, due: at)
        case .failed(let id, let due, let status, let reason, let change):
            guard isNews(change), var task = tasks[id] else { return }
            totals.failedAttempts += 1
            totals.lastError = "task \(task.name): \(reason)"
            if status != nil { task.responses += 1 }
            task.previousStatus = status
            task.retryReason = reason
            schedule(task, due: due)
        case .ended(let id, let at, let end, let reason):
            guard let task = tasks[id] else { return }
            switch end {
            case .succeeded: totals.succeeded += 1
            case .deleted: break
            case .dropped:
                totals.dropped += 1
                totals.failedAttempts += 1
                totals.lastError = reason.map { "task \(task.name): \($0)" } ?? totals.lastError
            }
            finish(task, at: at)
        case .purged(let at): purge(at: at)
        case .state(let wasPaused, let declared):
            // A declaration that a person has changed since holds.
            isPaused = declared == queue.state ? wasPaused : queue.state == .paused
        case .totals(let stored):
            totals = stored
            compactedChanges = stored.changes ?? 0
        case .name(let name, let until): remembered.remember(name, until: until)
        }
    }

    /// The number of a change that is about to be written down.
    mutating func nextChange() -> UInt64 {
        let change = (totals.changes ?? 0) + 1
        totals.changes = change
        return change
    }

    /// Whether a change is not yet in what the ledger was compacted to. Changes are not written in the order of their numbers.
    private mutating func isNews(_ change: UInt64?) -> Bool {
        guard let change else { return true }
        totals.changes = max(totals.changes ?? 0, change)
        return change > compactedChanges
    }

    /// A ledger that says what this state is, in as few records as possible.
    func records(at now: Timestamp) -> [TaskRecord] {
        var records: [TaskRecord] = [.totals(totals), .state(isPaused: isPaused, declared: queue.state)]
        for (name, expiry) in remembered.expiries where expiry > now { records.append(.name(name, until: expiry)) }
        for task in tasks.values.sorted(by: { $0.id < $1.id }) {
            records.append(.task(.init(task: task, due: calendar.due(of: task.id) ?? task.scheduleTime)))
        }
        return records
    }

    /// How many records that would be.
    var recordCount: Int { 2 + remembered.expiries.count + tasks.count }

    private mutating func schedule(_ task: QueuedTask, due: Timestamp) {
        tasks[task.id] = task
        calendar.insert(task.id, due: due, isRetry: task.isAttempted)
    }
}
