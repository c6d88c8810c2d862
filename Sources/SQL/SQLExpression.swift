public import Columnar
import GRDBSQLite

/// An expression of SQL over the fields of a row, computed row by row by the embedded engine.
///
/// The dialect is that of Beam SQL (Apache Calcite) as far as it maps: nulls spread, conditions have three values, whole
/// numbers divide to whole numbers, and an error (a division by zero, a text that is no number) rejects the row.
public struct SQLExpression: ColumnExpression {
    /// What the values are.
    public let type: DataType
    /// Whether a value may be null.
    public let isNullable: Bool
    private let fields: [FieldExpression]
    private let statements: SQLStatements

    /// Compiles an expression over rows of `schema`. Throws with the place of what is wrong or not supported.
    public init(_ text: String, over schema: Schema) throws(ExpressionError) {
        try self.init(try SQLParser.expression(text), over: schema, tables: ["PCOLLECTION"])
    }

    init(_ node: SQLNode, over schema: Schema, tables: Set<String>) throws(ExpressionError) {
        var typer = SQLTyper(schema: schema, tables: tables)
        let typed = try typer.type(node)
        type = typed.type
        isNullable = typed.isNullable
        fields = typer.paths.compactMap { FieldExpression($0, in: schema) }
        do {
            statements = try SQLStatements(typed.text)
        } catch {
            throw ExpressionError("the SQL engine refuses this: \(error.message)", at: node.offset)
        }
    }

    /// One value for each live row of `batch`; see `ColumnExpression`.
    public func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        let count = batch.liveCount
        let columns = fields.map { $0.evaluate(batch, failures: &failures) }
        guard let statement = try? statements.take() else {
            for row in 0..<count { failures.report(row, "the SQL engine does not start") }
            return .nulls(type, count: count)
        }
        defer { statements.give(back: statement) }
        var values = SQLColumn(type, capacity: count)
        for row in 0..<count {
            for index in columns.indices { statement.bind(columns[index], row, to: Int32(index + 1)) }
            if let problem = values.append(statement) { failures.report(row, problem) }
        }
        return values.column
    }
}

extension SQLStatement {
    /// Sets a parameter to the value of a column in a row.
    fileprivate func bind(_ column: Column, _ row: Int, to number: Int32) {
        if column.isNull(row) {
            sqlite3_bind_null(handle, number)
            return
        }
        switch column {
        case .boolean(let column): sqlite3_bind_int64(handle, number, column.values[row] ? 1 : 0)
        case .int64(let column), .timestamp(let column): sqlite3_bind_int64(handle, number, column.values[row])
        case .float64(let column): sqlite3_bind_double(handle, number, column.values[row])
        case .string(let column): bind(column[row], isText: true, to: number)
        case .bytes(let column): bind(column[row], isText: false, to: number)
        case .null, .list, .map, .structure: sqlite3_bind_null(handle, number)
        }
    }

    private func bind(_ bytes: ArraySlice<UInt8>, isText: Bool, to number: Int32) {
        // The engine makes a copy (SQLITE_TRANSIENT).
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        bytes.withUnsafeBytes { bytes in
            // An empty slice may have no address, which would mean null.
            var nothing: UInt8 = 0
            withUnsafePointer(to: &nothing) { nothing in
                let start = bytes.baseAddress ?? UnsafeRawPointer(nothing)
                if isText {
                    sqlite3_bind_text64(
                        handle, number, start.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), copies,
                        UInt8(SQLITE_UTF8))
                } else {
                    sqlite3_bind_blob64(handle, number, start, UInt64(bytes.count), copies)
                }
            }
        }
    }
}
