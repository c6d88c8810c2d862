public import Telemetry
public import Time

/// A table of the warehouse.
public struct TableFigures: Sendable, Hashable, Codable {
    public var dataset: String
    public var name: String
    public var rows: Int64
    /// Rows written a second.
    public var rowRate: Double?
    /// About, on disk.
    public var bytes: Int64?
    public var lastWrite: Timestamp?
    /// Loaded from a file (`externalDataConfiguration`).
    public var isExternal: Bool

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
    public var fileBytes: Int64?
    public var commits: Int64
    public var commitLatency: Quantiles?
    public var problem: String?

    public init(
        fileBytes: Int64? = nil, commits: Int64 = 0, commitLatency: Quantiles? = nil, problem: String? = nil
    ) {
        self.fileBytes = fileBytes
        self.commits = commits
        self.commitLatency = commitLatency
        self.problem = problem
    }
}
