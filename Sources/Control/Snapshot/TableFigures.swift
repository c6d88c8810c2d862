public import Telemetry
public import Time

/// A table of the warehouse.
public struct TableFigures: Sendable, Hashable, Codable {
    /// The dataset that holds it.
    public var dataset: String
    /// Within the dataset.
    public var name: String
    /// Now in the table.
    public var rows: Int64
    /// Rows written a second.
    public var rowRate: Double?
    /// About, on disk.
    public var bytes: Int64?
    /// When rows were last written or deleted; nil: never.
    public var lastWrite: Timestamp?
    /// Loaded from a file (`externalDataConfiguration`).
    public var isExternal: Bool

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        dataset: String, name: String, rows: Int64 = 0, rowRate: Double? = nil, bytes: Int64? = nil,
        lastWrite: Timestamp? = nil, isExternal: Bool = false
    ) {
        self.dataset = dataset
        self.name = name
        self.rows = rows
        self.rowRate = rowRate
        self.bytes = bytes
        self.lastWrite = lastWrite
        self.isExternal = isExternal
    }
}

/// The warehouse as a whole.
public struct WarehouseFigures: Sendable, Hashable, Codable {
    /// The database file and its write-ahead log.
    public var fileBytes: Int64?
    /// Epochs stored since the start.
    public var commits: Int64
    /// How long commits took; nil before the first.
    public var commitLatency: Quantiles?
    /// Why the last write failed, where the file is the matter; nil when it did not.
    public var problem: String?

    /// What is not given has not happened (0) or was never measured (nil).
    public init(
        fileBytes: Int64? = nil, commits: Int64 = 0, commitLatency: Quantiles? = nil, problem: String? = nil
    ) {
        self.fileBytes = fileBytes
        self.commits = commits
        self.commitLatency = commitLatency
        self.problem = problem
    }
}
