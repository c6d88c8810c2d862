public import Telemetry
public import Time

/// A pipeline's figures at one moment.
public struct PipelineMetrics: Sendable {
    /// The graph's name.
    public var name: String
    /// What the pipeline is doing.
    public var state: PipelineState
    /// Tasks that share the work.
    public var workers: Int
    /// Committed, of all time.
    public var epochs: UInt64
    /// From the first element of an epoch to its commit.
    public var epochDuration: Quantiles?
    /// Message published → its rows visible, by the pipeline's clock: an element of a burst counts like any other.
    public var freshness: Quantiles?
    /// now − the publish time of the oldest message that is not committed; zero when all are.
    public var systemLag: Duration
    /// now − the least output watermark of the steps at the end; nil before the first estimate, and when everything has
    /// ended.
    public var watermarkLag: Duration?
    /// Messages pulled and not committed.
    public var uncommitted: Int
    /// Messages that wait in the subscriptions, those uncommitted included.
    public var backlogMessages: Int
    /// Bytes of the payloads of those.
    public var backlogBytes: Int
    /// The last thing that went wrong, whether it still does or not.
    public var lastError: String?
    /// In the order of the graph.
    public var steps: [StepMetrics]
}

/// A step's figures at one moment. Counts are of all time: they are stored with the epochs.
public struct StepMetrics: Sendable, Identifiable {
    /// The position in the graph.
    public var id: Int
    /// Unique in the graph.
    public var name: String
    /// The Beam type.
    public var transform: String
    /// Names of the steps that feed it.
    public var inputs: [String]
    /// Elements that came in; for a reading step messages pulled, duplicates included.
    public var elementsIn: Int64
    /// Elements that left by the main output; for a writing step rows or messages written.
    public var elementsOut: Int64
    /// Elements that went to the error output or the dead letters.
    public var rejected: Int64
    /// Elements dropped because their window had closed.
    public var late: Int64
    /// Messages dropped because their identifier was seen before.
    public var duplicates: Int64
    /// Messages whose time attribute was missing or unreadable, so that their publish time stood in.
    public var unreadableTimestamps: Int64
    /// The output watermark; nil before the first estimate, `distantFuture` when the step has ended.
    public var watermark: Timestamp?
    /// now − output watermark; nil where that says nothing.
    public var lag: Duration?
    /// Open windows × keys, or remembered identifiers.
    public var stateEntries: Int
    /// Bytes of the state, as it is stored.
    public var stateBytes: Int
    /// Time spent working, all workers together, since the first start.
    public var busyTime: Duration
}
