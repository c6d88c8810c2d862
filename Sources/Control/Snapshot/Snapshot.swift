public import Telemetry
public import Time

/// Every figure that the host shows, at one moment: what the dashboard draws and the exporters write.
///
/// An optional figure that is nil has never been measured; it is drawn as `—`, and left out of the exports.
public struct Snapshot: Sendable, Hashable, Codable {
    /// On the host's clock: virtual time with `--fast`.
    public var takenAt: Timestamp
    /// When the host started, on the same clock.
    public var startedAt: Timestamp
    /// The program's.
    public var version: String
    /// The workspace's folder, and the folder of its data.
    public var workspace: String
    /// Where journals, the database and the log are kept.
    public var dataFolder: String
    /// Whether any trigger is enabled.
    public var isTriggered: Bool
    /// Whether the clock jumps to the next due thing (`--fast`).
    public var isFastForward: Bool
    /// Where Pub/Sub's clients are served; nil: nowhere.
    public var pubsub: PubSubDoor?
    /// Of the machine, measured in real time even with `--fast`.
    public var process: ProcessFigures
    /// Event created (published) → row visible in the warehouse, over all pipelines.
    public var freshness: Quantiles?
    /// One for each job of the scheduler.
    public var jobs: [JobFigures]
    /// One for each queue of tasks.
    public var queues: [QueueFigures]
    /// One for each application service.
    public var services: [ServiceFigures]
    /// Every topic of the broker.
    public var topics: [TopicFigures]
    /// Of all topics.
    public var subscriptions: [SubscriptionFigures]
    /// One for each pipeline, whatever its state.
    public var pipelines: [PipelineFigures]
    /// Of all datasets.
    public var tables: [TableFigures]
    /// The one database behind all tables.
    public var warehouse: WarehouseFigures
    /// Newest last.
    public var events: [LogEvent]

    /// A host that runs none of the parts that are not given.
    public init(
        takenAt: Timestamp, startedAt: Timestamp, version: String, workspace: String, dataFolder: String,
        isTriggered: Bool, isFastForward: Bool = false, process: ProcessFigures, freshness: Quantiles? = nil,
        jobs: [JobFigures] = [], queues: [QueueFigures] = [], services: [ServiceFigures] = [],
        topics: [TopicFigures] = [], subscriptions: [SubscriptionFigures] = [], pipelines: [PipelineFigures] = [],
        tables: [TableFigures] = [], warehouse: WarehouseFigures = WarehouseFigures(), events: [LogEvent] = []
    ) {
        self.takenAt = takenAt
        self.startedAt = startedAt
        self.version = version
        self.workspace = workspace
        self.dataFolder = dataFolder
        self.isTriggered = isTriggered
        self.isFastForward = isFastForward
        self.process = process
        self.freshness = freshness
        self.jobs = jobs
        self.queues = queues
        self.services = services
        self.topics = topics
        self.subscriptions = subscriptions
        self.pipelines = pipelines
        self.tables = tables
        self.warehouse = warehouse
        self.events = events
    }
}

/// The program itself.
public struct ProcessFigures: Sendable, Hashable, Codable {
    /// The operating system's number of the process.
    public var pid: Int32
    /// Share of one core since the last snapshot: 1.5 is one and a half cores.
    public var cpu: Double?
    /// Memory held in RAM.
    public var residentBytes: Int64?
    /// Of the operating system.
    public var threads: Int?

    /// Nil for what the system does not tell.
    public init(pid: Int32, cpu: Double? = nil, residentBytes: Int64? = nil, threads: Int? = nil) {
        self.pid = pid
        self.cpu = cpu
        self.residentBytes = residentBytes
        self.threads = threads
    }
}

/// A line of the event log.
public struct LogEvent: Sendable, Hashable, Codable {
    /// Ascending by urgency.
    public enum Level: String, Sendable, Codable, CaseIterable { case debug, info, warning, error }

    /// Ascending, unique within a run.
    public var id: Int64
    /// On the host's clock.
    public var time: Timestamp
    /// How urgent it is to a person.
    public var level: Level
    /// The resource it speaks of: `queue event-feed-queue`.
    public var source: String
    /// One line for the person.
    public var message: String

    /// The host's event log gives out the ids.
    public init(id: Int64, time: Timestamp, level: Level, source: String, message: String) {
        self.id = id
        self.time = time
        self.level = level
        self.source = source
        self.message = message
    }
}
