public import Columnar

/// A table's name in the warehouse.
public struct TableName: Sendable, Hashable, Codable, CustomStringConvertible {
    /// BigQuery's dataset: a group of tables.
    public var dataset: String
    /// The name within the dataset.
    public var table: String

    /// Takes the two parts as they are.
    public init(dataset: String, table: String) {
        self.dataset = dataset
        self.table = table
    }

    /// Reads `dataset.table`, `project.dataset.table` or `project:dataset.table`.
    public init?(_ text: String) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == ":" }.map(String.init)
        guard parts.count == 2 || parts.count == 3, !parts.contains("") else { return nil }
        self.init(dataset: parts[parts.count - 2], table: parts[parts.count - 1])
    }

    /// `dataset.table`.
    public var description: String { "\(dataset).\(table)" }
}

/// What an epoch of a pipeline leaves behind, all of it or nothing.
public struct EpochCommit: Sendable {
    /// The pipeline's name: epochs are counted for each on its own.
    public var pipeline: String
    /// Ascending by one.
    public var epoch: UInt64
    /// What the sources need to go on from here, by the reading step's name.
    public var positions: [String: [UInt8]]
    /// Keyed state that changed: a nil value deletes.
    public var state: [StateKey: [UInt8]?]
    /// What the epoch adds to tables; one table may stand here more than once.
    public var rows: [TableRows]

    /// An epoch as a whole: whatever is left out here is not stored.
    public init(
        pipeline: String, epoch: UInt64, positions: [String: [UInt8]], state: [StateKey: [UInt8]?], rows: [TableRows]
    ) {
        self.pipeline = pipeline
        self.epoch = epoch
        self.positions = positions
        self.state = state
        self.rows = rows
    }
}

/// Where a piece of keyed state lives: a step and a name of the step's choosing.
public struct StateKey: Sendable, Hashable {
    /// The step's name, unique in its pipeline.
    public var step: String
    /// Encoded by the step; nobody else reads it.
    public var key: [UInt8]

    /// The place of `key` within the state of `step`.
    public init(step: String, key: [UInt8]) {
        self.step = step
        self.key = key
    }

    /// The key's bytes at once, not one by one: epochs hold many.
    public func hash(into hasher: inout Hasher) {
        key.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

/// Rows for one table. The batch's schema names columns of the table; a column of the table that it lacks gets nulls.
public struct TableRows: Sendable {
    /// Where the rows go.
    public var table: TableName
    /// Its live rows are written, the others not.
    public var batch: Batch

    /// The live rows of `batch`, for `table`.
    public init(table: TableName, batch: Batch) {
        self.table = table
        self.batch = batch
    }
}

/// The last epoch that a sink has committed for a pipeline.
public struct CommittedEpoch: Sendable {
    /// The next one to commit is one more.
    public var epoch: UInt64
    /// Where the sources go on, by the reading step's name.
    public var positions: [String: [UInt8]]
    /// All keyed state that the pipeline has, of this epoch and those before it.
    public var state: [StateKey: [UInt8]]

    /// What a pipeline needs to go on after `epoch`.
    public init(epoch: UInt64, positions: [String: [UInt8]], state: [StateKey: [UInt8]]) {
        self.epoch = epoch
        self.positions = positions
        self.state = state
    }
}

/// Where pipelines write: a warehouse.
public protocol RowSink: Sendable {
    /// Makes sure that rows of `schema` can be written; creates the table when it is absent and `creating` is set.
    /// Throws an error that names the table, the column and the types when they do not fit.
    func prepare(_ table: TableName, for schema: Schema, creating: Bool) async throws

    /// The live rows of the batch that the table would refuse (a null in a REQUIRED column, a text that is no timestamp),
    /// by their positions among the live rows, with what to tell the person. It goes by what `prepare` learnt, without I/O.
    ///
    /// `commit` fails as a whole on such a row: whoever writes takes them out before and treats them as rejected.
    func rejections(_ rows: TableRows) -> RowFailures

    /// Empties the table (`WRITE_TRUNCATE`).
    func truncate(_ table: TableName) async throws

    /// Whether the table has no rows (`WRITE_EMPTY`); nil from a sink that cannot tell.
    func isEmpty(_ table: TableName) async throws -> Bool?

    /// Stores rows, positions and state in one transaction. An epoch that is already there is refused without effect.
    func commit(_ epoch: EpochCommit) async throws

    /// Whether what is committed outlasts the process: then what belongs to an epoch elsewhere (files) must, too.
    var keepsEpochs: Bool { get }

    /// Nil when the pipeline has never committed.
    func lastEpoch(of pipeline: String) async throws -> CommittedEpoch?
}

extension RowSink {
    /// A sink that takes every row of a schema that it was prepared for.
    public func rejections(_ rows: TableRows) -> RowFailures { RowFailures() }

    /// A sink on disk.
    public var keepsEpochs: Bool { true }

    /// A sink that cannot tell.
    public func isEmpty(_ table: TableName) async throws -> Bool? { nil }
}

/// Point look-ups in a table: what enriches a stream.
public protocol RowLookup: Sendable {
    /// The columns of `table`; throws when there is no such table.
    func schema(of table: TableName) async throws -> Schema

    /// For each row of `keys` the first row of `table` whose columns `keyColumns` equal it, as `columns` (in that
    /// order); all nulls where there is none. A null in a key finds nothing.
    func lookUp(
        _ keys: [Column], keyColumns: [String], columns: [String], in table: TableName
    ) async throws -> LookupResult

    /// Changes whenever the table does: what a cache of look-ups is valid for.
    func version(of table: TableName) async -> UInt64
}

/// What a look-up found, row by row.
public struct LookupResult: Sendable {
    /// The columns asked for, in that order; a value for each row of the keys.
    public var columns: [Column]
    /// Which rows were found.
    public var found: Bitmap

    /// Columns and bitmap have one place for each row of the keys.
    public init(columns: [Column], found: Bitmap) {
        self.columns = columns
        self.found = found
    }
}
