public import Journal
public import Logging
public import Pipes
import Spelling
public import Time

/// The queues of a workspace: where applications put their tasks.
public final class TaskQueues: TaskCreator {
    /// As declared.
    private let order: [String]
    private let queues: [String: QueueService]

    /// Opens the queues' ledgers and reads them.
    ///
    /// - Parameters:
    ///   - queues: as declared; throws `QueueError` for the first that is wrong.
    ///   - http: where tasks are sent.
    ///   - folder: where the ledgers lie, `QUEUE.ledger`; nil remembers nothing. Throws `JournalError` when one cannot be read.
    ///   - durability: of the ledgers.
    ///   - logger: makes the logger for a label, `queue NAME`.
    public init(
        _ queues: [Queue], http: any HTTPTarget, clock: any WallClock, folder: String? = nil,
        durability: Durability = .synced, logger: (String) -> Logger = { Logger(label: $0) }
    ) throws {
        var services: [String: QueueService] = [:]
        for queue in queues {
            let name = queue.shortName
            guard services[name] == nil else {
                throw QueueError(.invalid, field: "name", "queue \(name) is declared twice; rename one")
            }
            // Checked before its name becomes a file's.
            if let problem = queue.problems.first { throw problem }
            let ledger = try folder.map { try Ledger<TaskRecord>(path: "\($0)/\(name).ledger", durability: durability) }
            services[name] = try QueueService(
                queue, http: http, clock: clock, ledger: ledger, log: logger("queue \(name)"))
        }
        self.queues = services
        order = queues.map(\.shortName)
    }

    /// The queue with that short or full name. Throws `QueueError.notFound` with the nearest name.
    public func queue(_ name: String) throws -> QueueService {
        let short = Queue.shortName(name)
        guard let queue = queues[short] else {
            throw QueueError(.notFound, "there is no queue '\(short)'\(Spelling.hint(for: short, in: order))")
        }
        return queue
    }

    /// Creates a task; see `QueueService.create`.
    public func createTask(_ task: NewTask, in queue: String) async throws -> String? {
        try await self.queue(queue).create(task)
    }

    /// Runs all queues until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for queue in queues.values { group.addTask { await queue.run() } }
        }
    }

    /// Whether any queue has an attempt under way, or something to dispatch this moment.
    public func hasWorkInFlight() async -> Bool {
        for queue in queues.values where await queue.hasWorkInFlight { return true }
        return false
    }

    /// When any queue has something to do next.
    public func nextWake() async -> Timestamp? {
        var wakes: [Timestamp] = []
        for queue in queues.values {
            if let wake = await queue.nextWake { wakes.append(wake) }
        }
        return wakes.min()
    }

    /// The figures of all queues, as declared.
    public func metrics() async -> [QueueMetrics] {
        var metrics: [QueueMetrics] = []
        for name in order {
            if let queue = queues[name] { metrics.append(await queue.metrics) }
        }
        return metrics
    }
}
