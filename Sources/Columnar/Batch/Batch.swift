public import Time

/// A run of rows as columns: what travels along the edges of a pipeline.
///
/// Invariants: every column has `count` values, `eventTimes` too; `windows` speaks of the same rows. `selection`, where
/// set, names the rows that are alive, ascending: a filter is a selection, not a copy.
public struct Batch: Sendable {
    /// The names and types of the columns.
    public var schema: Schema
    /// One a field of the schema.
    public var columns: [Column]
    /// Rows in the columns, selected or not.
    public var count: Int
    /// Microseconds since the Unix epoch, one a row.
    public var eventTimes: [Int64]
    /// The window of each row.
    public var windows: WindowColumn
    /// The rows that are alive; nil: all.
    public var selection: [Int32]?

    /// A batch of columns that are there already; the invariants are the caller's to keep.
    public init(
        schema: Schema, columns: [Column], count: Int, eventTimes: [Int64], windows: WindowColumn = .global,
        selection: [Int32]? = nil
    ) {
        self.schema = schema
        self.columns = columns
        self.count = count
        self.eventTimes = eventTimes
        self.windows = windows
        self.selection = selection
    }

    /// Rows from single values, for edges and tests; every row at `eventTime`.
    public init(_ schema: Schema, rows: [[Scalar]], eventTime: Timestamp = .distantPast) {
        self.init(
            schema: schema,
            columns: schema.fields.indices.map { index in Column(schema.fields[index].type, rows.map { $0[index] }) },
            count: rows.count, eventTimes: [Int64](repeating: eventTime.micros, count: rows.count))
    }

    /// How many rows are alive.
    public var liveCount: Int { selection?.count ?? count }

    /// The column of the field called `name`.
    public subscript(name: String) -> Column? { schema.index(of: name).map { columns[$0] } }

    /// The live rows as single values, for edges and tests.
    public var rows: [[Scalar]] {
        (selection.map { $0.map(Int.init) } ?? Array(0..<count)).map { row in columns.map { $0[row] } }
    }

    /// The same live rows without a selection.
    public func compacted() -> Batch {
        guard let selection else { return self }
        return taking(selection)
    }

    /// The rows at `indices` (of the columns, not of the selection), in that order.
    public func taking(_ indices: [Int32]) -> Batch {
        checkIndices(indices, below: count)
        return Batch(
            schema: schema, columns: columns.map { $0.take(indices) }, count: indices.count,
            eventTimes: eventTimes.take(indices, Timestamp.distantPast.micros), windows: windows.take(indices))
    }
}
