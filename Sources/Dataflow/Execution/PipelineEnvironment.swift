public import Logging
public import Pipes
public import Time

/// What a pipeline gets from the outside: everything that it reads, writes and asks.
public struct PipelineEnvironment: Sendable {
    /// All that the pipeline knows of time.
    public var clock: any WallClock
    /// The subscription of a reading step; throws in words for the author when there is none.
    public var source: @Sendable (ReadMessages) throws -> any MessageSource
    /// Takes messages to publish: `WriteToPubSub` and dead letters.
    public var publisher: (any MessagePublisher)?
    /// Where rejected elements go that no error output takes; without it they are counted and logged only.
    public var deadLetterTopic: String?
    /// Takes the epochs.
    public var sink: any RowSink
    /// Answers `Enrichment`.
    public var lookup: (any RowLookup)?
    /// Runs Python functions; without it a graph that has some is refused.
    public var python: (any PythonRunner)?
    /// Gets what `LogForTesting` logs, and what goes wrong.
    public var logger: Logger
    /// Answers `ReadFromBigQuery`; without it a graph that reads a warehouse is refused.
    public var rows: (any RowSource)?
    /// Gets what `AssertEqual` finds different; without it a difference fails the run.
    public var assertionFailed: (@Sendable (AssertionFailure) -> Void)?

    /// An environment; without a publisher a graph that publishes is refused.
    public init(
        clock: any WallClock, source: @escaping @Sendable (ReadMessages) throws -> any MessageSource,
        publisher: (any MessagePublisher)? = nil, deadLetterTopic: String? = nil, sink: any RowSink,
        lookup: (any RowLookup)? = nil, python: (any PythonRunner)? = nil,
        logger: Logger = Logger(label: "streamtop.dataflow")
    ) {
        self.clock = clock
        self.source = source
        self.publisher = publisher
        self.deadLetterTopic = deadLetterTopic
        self.sink = sink
        self.lookup = lookup
        self.python = python
        self.logger = logger
    }
}

/// How a pipeline works. Nothing of it changes results.
public struct PipelineSettings: Sendable, Hashable {
    /// How many workers a pipeline may have.
    public static let workerBounds = 1...8

    /// Parallel tasks, within `workerBounds`.
    public var workers: Int
    /// How long an epoch may last while messages keep coming.
    public var epochInterval: Duration
    /// How many messages an epoch may hold.
    public var maxMessagesPerEpoch: Int
    /// How many bytes of payloads an epoch may hold, about: a pull is not cut short.
    public var maxBytesPerEpoch: Int
    /// How many bytes of a step's state stay in memory, about: beyond it, windows go to a file until they close.
    public var maxStateBytes: Int
    /// How many bytes a step's state may take that has to stay in memory, as open sessions and rows that wait for partners
    /// do: beyond it the pipeline fails.
    public var maxMemoryBytes: Int
    /// Where the files are for state that has no room in memory; they have no names and go with the process.
    public var spillFolder: String
    /// After how many rows of a key group its size is looked at.
    var rowsBetweenStateChecks = 1024
    /// How long to wait before something that failed is tried again; doubled each time.
    public var minRetryDelay: Duration
    /// The longest such wait.
    public var maxRetryDelay: Duration

    /// Settings; counts out of their bounds are brought into them.
    public init(
        workers: Int = 1, epochInterval: Duration = .milliseconds(100), maxMessagesPerEpoch: Int = 100_000,
        maxBytesPerEpoch: Int = 64 << 20, maxStateBytes: Int = 32 << 20, maxMemoryBytes: Int = 1 << 30,
        spillFolder: String = "/var/tmp", minRetryDelay: Duration = .milliseconds(100),
        maxRetryDelay: Duration = .seconds(10)
    ) {
        self.workers = min(max(workers, Self.workerBounds.lowerBound), Self.workerBounds.upperBound)
        self.epochInterval = epochInterval
        self.maxMessagesPerEpoch = max(1, maxMessagesPerEpoch)
        self.maxBytesPerEpoch = max(1, maxBytesPerEpoch)
        self.maxStateBytes = max(KeyGroup.count, maxStateBytes)
        self.maxMemoryBytes = max(KeyGroup.count, maxMemoryBytes)
        self.spillFolder = spillFolder
        self.minRetryDelay = minRetryDelay
        self.maxRetryDelay = maxRetryDelay
    }
}
