public import Pipes
import Synchronization
public import Telemetry
public import Time

/// What the warehouse tells of itself; reading it costs no query.
public struct WarehouseMetrics: Sendable {
    /// One table.
    public struct Table: Sendable, Hashable {
        /// `dataset.table`.
        public var name: TableName
        /// Now in the table.
        public var rows: Int64
        /// Ever written to it, across restarts.
        public var inserted: Int64
        /// An estimate of the table's bytes on disk: the sum of its records by SQLite's record format, without indexes.
        public var bytes: Int64
        /// When rows were last written or deleted; nil: never.
        public var lastWrite: Timestamp?
        /// Loaded from a file.
        public var isExternal: Bool
    }

    /// By name.
    public var tables: [Table]
    /// Epochs stored since the warehouse was opened.
    public var commits: Int64
    /// How long commits took, of the clock that the warehouse was given; nil before the first.
    public var commitLatency: Quantiles?
    /// The database file and its write-ahead log.
    public var fileBytes: Int64
    /// Why the last write failed, where the file is the matter; nil when it did not.
    public var problem: String?
    /// Whether `close` was called.
    public var isClosed: Bool
}

extension WarehouseStore {
    /// The figures of this moment.
    public var metrics: WarehouseMetrics {
        let state = state.withLock { $0 }
        return WarehouseMetrics(
            tables: state.tables.values.sorted { ($0.name.dataset, $0.name.table) < ($1.name.dataset, $1.name.table) }
                .map {
                    WarehouseMetrics.Table(
                        name: $0.name, rows: $0.rows, inserted: $0.inserted, bytes: $0.bytes, lastWrite: $0.lastWrite,
                        isExternal: $0.external != nil)
                },
            commits: state.commits, commitLatency: commitLatency.quantiles, fileBytes: DatabaseFile.size(path),
            problem: state.problem?.description, isClosed: state.isClosed)
    }
}
