/// How a warehouse is opened.
public struct WarehouseOptions: Sendable {
    /// When a commit is on disk.
    public enum Durability: String, Sendable, CaseIterable {
        /// After every commit (`synchronous=FULL`): a commit that returned survives the loss of power. It costs one
        /// flush of the log a commit: 0.16 ms instead of 0.06 ms for ten rows on a virtual disk that flushes fast, some
        /// milliseconds on a slow one, nothing much against an epoch of 100 ms.
        case full = "FULL"
        /// At checkpoints (`synchronous=NORMAL`): a commit that returned survives the end of the process by any signal, but
        /// the last ones may be gone after the loss of power. Messages that were acknowledged for them are lost then.
        case normal = "NORMAL"
    }

    /// `full` unless told otherwise.
    public var durability: Durability
    /// How long a write waits for another process that writes, in real time.
    public var busyTimeout: Duration
    /// The file grows to about this size; beyond it writes fail as on a full disk. Nil: no limit.
    public var maximumBytes: Int64?
    /// Whether a pipeline that creates a table creates a missing dataset too, which BigQuery does not.
    public var createsDatasets: Bool
    /// Where relative paths of external tables start.
    public var sourceFolder: String

    /// Makes options.
    public init(
        durability: Durability = .full, busyTimeout: Duration = .seconds(5), maximumBytes: Int64? = nil,
        createsDatasets: Bool = false, sourceFolder: String = "."
    ) {
        self.durability = durability
        self.busyTimeout = busyTimeout
        self.maximumBytes = maximumBytes
        self.createsDatasets = createsDatasets
        self.sourceFolder = sourceFolder
    }
}
