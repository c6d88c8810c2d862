public import Telemetry
public import Time

/// A stream pipeline.
public struct PipelineFigures: Sendable, Hashable, Codable {
    /// Unique in the workspace.
    public var name: String
    /// The Beam YAML file.
    public var file: String
    /// `RUNNING`, `PAUSED`, `RETRYING`, `DRAINED`, `FAILED`, …
    public var state: String
    /// Why it retries or failed.
    public var problem: String?
    /// Tasks that share the work.
    public var workers: Int
    /// How many it may be given.
    public var maxWorkers: Int
    /// Committed, of all time.
    public var epochs: Int64
    /// From the first element to the commit.
    public var epochDuration: Quantiles?
    /// Message published → its rows visible.
    public var freshness: Quantiles?
    /// now − the last step's output watermark, seconds.
    public var lag: Double?
    /// Elements pulled and not committed.
    public var uncommitted: Int
    /// Waiting in its subscriptions.
    public var backlogMessages: Int
    /// Messages dropped because their id was seen before.
    public var duplicates: Int64
    /// Elements dropped because their window had closed.
    public var late: Int64
    /// Elements that went to an error output or the dead letters.
    public var rejected: Int64
    /// In the order of the file.
    public var steps: [StepFigures]

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        name: String, file: String, state: String, problem: String? = nil, workers: Int = 1,
        maxWorkers: Int = 8, epochs: Int64 = 0, epochDuration: Quantiles? = nil, freshness: Quantiles? = nil,
        lag: Double? = nil, uncommitted: Int = 0, backlogMessages: Int = 0, duplicates: Int64 = 0,
        late: Int64 = 0, rejected: Int64 = 0, steps: [StepFigures] = []
    ) {
        self.name = name
        self.file = file
        self.state = state
        self.problem = problem
        self.workers = workers
        self.maxWorkers = maxWorkers
        self.epochs = epochs
        self.epochDuration = epochDuration
        self.freshness = freshness
        self.lag = lag
        self.uncommitted = uncommitted
        self.backlogMessages = backlogMessages
        self.duplicates = duplicates
        self.late = late
        self.rejected = rejected
        self.steps = steps
    }
}

/// A step of a pipeline.
public struct StepFigures: Sendable, Hashable, Codable {
    /// Unique in its pipeline.
    public var name: String
    /// Its Beam type.
    public var transform: String
    /// Names of the steps that feed it.
    public var inputs: [String]
    /// For a reading step messages pulled, duplicates included.
    public var elementsIn: Int64
    /// By the main output; for a writing step rows or messages written.
    public var elementsOut: Int64
    /// Elements a second.
    public var inRate: Double?
    /// Elements a second.
    public var outRate: Double?
    /// Output watermark; nil before the first estimate.
    public var watermark: Timestamp?
    /// now − output watermark, seconds.
    public var lag: Double?
    /// Readings of `lag`, one every `Snapshot.historyInterval`.
    public var lagHistory: Series
    /// Elements that went to the error output or the dead letters.
    public var rejected: Int64
    /// Elements dropped because their window had closed.
    public var late: Int64
    /// Messages dropped because their id was seen before.
    public var duplicates: Int64
    /// Open windows × keys.
    public var stateEntries: Int
    /// As the state is stored.
    public var stateBytes: Int
    /// Share of the last seconds spent working, 0–1.
    public var busy: Double?

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        name: String, transform: String, inputs: [String] = [], elementsIn: Int64 = 0,
        elementsOut: Int64 = 0, inRate: Double? = nil, outRate: Double? = nil, watermark: Timestamp? = nil,
        lag: Double? = nil, lagHistory: Series = Series(capacity: Snapshot.historyLength),
        rejected: Int64 = 0, late: Int64 = 0, duplicates: Int64 = 0, stateEntries: Int = 0,
        stateBytes: Int = 0, busy: Double? = nil
    ) {
        self.name = name
        self.transform = transform
        self.inputs = inputs
        self.elementsIn = elementsIn
        self.elementsOut = elementsOut
        self.inRate = inRate
        self.outRate = outRate
        self.watermark = watermark
        self.lag = lag
        self.lagHistory = lagHistory
        self.rejected = rejected
        self.late = late
        self.duplicates = duplicates
        self.stateEntries = stateEntries
        self.stateBytes = stateBytes
        self.busy = busy
    }
}

extension Snapshot {
    /// How many readings a step's lag history holds.
    public static let historyLength = 600
    /// The time between two readings of a history, seconds.
    public static let historyInterval = 0.5
}
