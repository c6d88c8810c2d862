public import Columnar
public import Pipes
public import Time

/// CPython in worker processes: as many as have ever been busy at once, which is one for each worker of a pipeline.
///
/// Processes are started when they are first needed and end with the pool, or with us, however we end. One that dies in
/// the middle of a batch is replaced and the batch repeated; if it dies again, the batch is halved until the row that
/// kills it is found, and that row is rejected.
public actor PythonPool: PythonRunner {
    /// How Python is run.
    public struct Settings: Sendable {
        /// How long a batch may take; its process is ended then, and its rows are rejected.
        public var batchTimeout: Duration
        /// The most rows that a process gets at once.
        public var maxRows: Int

        /// Settings; a count below one is one.
        public init(batchTimeout: Duration = .seconds(60), maxRows: Int = 16_384) {
            self.batchTimeout = batchTimeout
            self.maxRows = max(1, maxRows)
        }
    }

    private let clock: any WallClock
    private let settings: Settings
    private let path: String?
    private var idle: [Worker] = []
    private var busy: [ObjectIdentifier: Worker] = [:]
    private var isClosed = false
    /// How many processes have been started.
    public private(set) var startedProcesses = 0

    /// A pool without processes.
    ///
    /// - Parameter path: the folders in which to look for `python3`; nil: those of `PATH`.
    public init(clock: any WallClock, settings: Settings = Settings(), path: String? = nil) {
        self.clock = clock
        self.settings = settings
        self.path = path
    }

    /// Ends all processes. What is under way throws.
    public func close() {
        isClosed = true
        for worker in idle + busy.values { worker.kill() }
        idle = []
    }

    /// The processes that are there, for tests and for people who look.
    public var processes: [Int32] { (idle + busy.values).map(\.pid) }

    /// Throws `PythonError` when a function cannot be loaded.
    public func load(_ calls: [PythonCall]) async throws {
        do {
            try await withWorker { try await $0.load(calls) }
        } catch Worker.Failure.refused(let reason) {
            throw Self.notLoaded(reason, calls)
        } catch Worker.Failure.ended(let reason) {
            throw PythonError(.notLoaded, "Python ended while it loaded the code: \(reason)")
        }
    }

    /// Throws `PythonError` when no row is at fault, `CancellationError` when the task is cancelled.
    public func evaluate(_ calls: [PythonCall], over rows: StructColumn) async throws -> PythonValues {
        if rows.count <= settings.maxRows { return try await attempt(calls, rows, isRepeated: false) }
        let starts = stride(from: 0, to: rows.count, by: settings.maxRows)
        return try await parts(calls, rows, starts.map { $0..<min($0 + settings.maxRows, rows.count) })
    }

    private func parts(
        _ calls: [PythonCall], _ rows: StructColumn, _ ranges: [Range<Int>], isRepeated: Bool = false
    ) async throws -> PythonValues {
        var columns = calls.map { _ in [Column]() }
        var failures = RowFailures()
        for range in ranges {
            guard case .structure(let part) = Column.structure(rows).slice(range) else { continue }
            let values = try await attempt(calls, part, isRepeated: isRepeated)
            for (index, column) in values.columns.enumerated() { columns[index].append(column) }
            for (row, reason) in values.failures.reasons {
                failures.report(range.lowerBound + Int(row), reason, trace: values.failures.traces[row] ?? "")
            }
        }
        return PythonValues(columns: columns.map { Column.concatenating($0) }, failures: failures)
    }

    private func attempt(_ calls: [PythonCall], _ rows: StructColumn, isRepeated: Bool) async throws -> PythonValues {
        do {
            return try await withWorker { worker in try await self.timed(worker, calls, rows) }
        } catch Worker.Failure.refused(let reason) {
            throw Self.notLoaded(reason, calls)
        } catch Worker.Failure.ended(let reason) {
            try Task.checkCancellation()
            if isClosed { throw PythonError(.closed, "the Python processes have been ended") }
            if !isRepeated { return try await attempt(calls, rows, isRepeated: true) }
            if rows.count > 1 {
                let half = rows.count / 2
                return try await parts(calls, rows, [0..<half, half..<rows.count], isRepeated: true)
            }
            return Self.rejected(calls, rows, "the Python process ended on this row, twice: \(reason)")
        } catch is TimedOut {
            let time = settings.batchTimeout.inSeconds
            return Self.rejected(
                calls, rows,
                "the code took longer than \(time == time.rounded() ? "\(Int(time))" : "\(time)") s for a batch of "
                    + "\(rows.count) row\(rows.count == 1 ? "" : "s"); its process was ended")
        }
    }

    private struct TimedOut: Error {}

    private func timed(_ worker: Worker, _ calls: [PythonCall], _ rows: StructColumn) async throws -> PythonValues {
        let (clock, limit) = (clock, settings.batchTimeout)
        let guardian = Task {
            guard (try? await clock.sleep(for: limit)) != nil else { return false }
            worker.kill()
            return true
        }
        do {
            let values = try await worker.evaluate(calls, over: rows)
            guardian.cancel()
            return values
        } catch {
            guardian.cancel()
            if case Worker.Failure.ended = error, await guardian.value { throw TimedOut() }
            throw error
        }
    }

    private func withWorker<Answer: Sendable>(
        _ body: @Sendable (Worker) async throws -> Answer
    ) async throws -> Answer {
        try Task.checkCancellation()
        if isClosed { throw PythonError(.closed, "the Python processes have been ended") }
        let worker: Worker
        if let last = idle.popLast() {
            worker = last
        } else {
            startedProcesses += 1
            worker = try Worker(try PythonInstallation.find(path: path))
        }
        busy[ObjectIdentifier(worker)] = worker
        defer { busy[ObjectIdentifier(worker)] = nil }
        do {
            let answer = try await body(worker)
            if !isClosed { idle.append(worker) }
            return answer
        } catch Worker.Failure.refused(let reason) {
            idle.append(worker)
            throw Worker.Failure.refused(reason)
        }
    }

    private static func notLoaded(_ reason: String, _ calls: [PythonCall]) -> PythonError {
        let places = calls.map(\.function.origin).joined(separator: ", ")
        let isMissing = reason.hasPrefix("ModuleNotFoundError")
        return PythonError(
            .notLoaded, "the Python code of \(places) cannot be loaded: \(reason)",
            remedy: isMissing ? "install the module for the python3 on the PATH ('python3 -m pip install …')" : nil)
    }

    private static func rejected(_ calls: [PythonCall], _ rows: StructColumn, _ reason: String) -> PythonValues {
        var failures = RowFailures()
        for row in 0..<rows.count { failures.report(row, reason) }
        return PythonValues(
            columns: calls.map { Column.nulls($0.result.type, count: rows.count) }, failures: failures)
    }
}
