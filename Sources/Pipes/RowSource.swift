public import Columnar

/// What is read of a warehouse as a bounded input.
public struct RowScan: Sendable, Hashable {
    /// A table, or a query.
    public enum Source: Sendable, Hashable {
        /// The rows of a table that a condition (SQL, as behind WHERE) holds for; nil: all of them.
        case table(TableName, condition: String?)
        /// What a query gives.
        case query(String)
    }

    /// Where the rows come from.
    public var source: Source
    /// The columns that are read, by name.
    public var schema: Schema

    /// What to read.
    public init(_ source: Source, schema: Schema) {
        self.source = source
        self.schema = schema
    }
}

/// A piece of what is read.
public struct ScannedRows: Sendable {
    /// Rows of the scan's schema, at the beginning of time.
    public var batch: Batch
    /// Where the next piece begins; nil: there is none.
    public var next: [UInt8]?

    /// Rows, and where to go on.
    public init(batch: Batch, next: [UInt8]?) {
        self.batch = batch
        self.next = next
    }
}

/// Reads tables and queries from beginning to end, a piece at a time: a warehouse, to `ReadFromBigQuery`.
public protocol RowSource: Sendable {
    /// The position of the first row. Of a table the rows that are there now are read, not those that come later.
    ///
    /// Throws an error for people when it cannot be read: no such table, a mistake in the SQL.
    func begin(_ scan: RowScan) async throws -> [UInt8]

    /// The rows at a position, about `limit` of them; what a query gives comes as one piece.
    func rows(_ scan: RowScan, at position: [UInt8], limit: Int) async throws -> ScannedRows
}
