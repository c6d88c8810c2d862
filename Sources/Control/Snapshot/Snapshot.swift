public import Telemetry
public import Time

/// Every figure that the host shows, at one moment: what the dashboard draws and the exporters write.
///
/// An optional figure that is nil has never been measured; it is drawn as `—`, and left out of the exports.
public struct Snapshot: Sendable, Hashable, Codable {
    public var takenAt: Timestamp
    public var startedAt: Timestamp
    public var version: String
    /// The workspace's folder, and the folder of its data.
    public var workspace: String
    public var dataFolder: String
    /// Whether any trigger is enabled.
    public var isTriggered: Bool
    /// Whether the clock jumps to the next due thing (`--fast`).
    public var isFastForward: Bool
    public var process: ProcessFigures
    /// Event created (published) → row visible in the warehouse, over all pipelines.
    public var freshness: Quantiles?
    public var jobs: [JobFigures]
    public var queues: [QueueFigures]
    public var services: [ServiceFigures]
    public var topics: [TopicFigures]
    public var subscriptions: [SubscriptionFigures]
    public var pipelines: [PipelineFigures]
    public var tables: [TableFigures]
    public var warehouse: WarehouseFigures
    /// Newest last.
    public var events: [LogEvent]

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
    public var pid: Int32
    /// Share of one core since the last snapshot: 1.5 is one and a half cores.
    public var cpu: Double?
    public var residentBytes: Int64?
    public var threads: Int?

    public init(pid: Int32, cpu: Double? = nil, residentBytes: Int64? = nil, threads: Int? = nil) {
        self.pid = pid
        self.cpu = cpu
        self.residentBytes = residentBytes
        self.threads = threads
    }
}

/// A line of the event log.
public struct LogEvent: Sendable, Hashable, Codable {
    public enum Level: String, Sendable, Codable, CaseIterable { case debug, info, warning, error }

    /// Ascending, unique within a run.
    public var id: Int64
    public var time: Timestamp
    public var level: Level
    /// The resource it speaks of: `queue event-feed-queue`.
    public var source: String
    public var message: String

    public init(id: Int64, time: Timestamp, level: Level, source: String, message: String) {
        self.id = id
        self.time = time
        self.level = level
        self.source = source
        self.message = message
    }
}
