import GRDB
import GRDBSQLite
import Time

/// The rows of a query, read one by one as they are asked for.
///
/// It lives in the closure that it was given to, and reads one state of the warehouse however long it takes.
public final class QueryResult {
    /// The columns, from left to right.
    public let columns: [QueryColumn]
    /// How many rows were read so far.
    public private(set) var rowCount = 0

    private let statement: OpaquePointer
    private var isFinalized = false
    private let connection: OpaquePointer
    private let query: RewrittenSQL
    private var isAtEnd = false

    /// Prepares the query.
    init(_ query: RewrittenSQL, _ db: Database, help: (WarehouseError) -> WarehouseError) throws {
        guard let connection = db.sqliteConnection else { throw WarehouseError(.closed, "the warehouse is closed") }
        self.connection = connection
        self.query = query
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v2(connection, query.text, -1, &prepared, nil)
        guard code == SQLITE_OK, let prepared else {
            defer { sqlite3_finalize(prepared) }
            throw help(Self.failure(code, connection, query))
        }
        statement = prepared
        columns = Self.columns(prepared, connection, query)
        // A query that changes rows (`WITH … DELETE`) would fail on a connection that only reads, but say less.
        if sqlite3_stmt_readonly(prepared) == 0 { throw QueryCompiler.wouldWrite("this statement", nil) }
    }

    deinit { finish() }

    /// Lets go of the connection, which is somebody else's after the closure: the result has no more rows then.
    func finish() {
        isAtEnd = true
        if !isFinalized { sqlite3_finalize(statement) }
        isFinalized = true
    }

    /// The next row; nil after the last.
    ///
    /// - Throws: `WarehouseError`.
    public func next() throws -> [QueryValue]? {
        if isAtEnd { return nil }
        switch sqlite3_step(statement) {
        case SQLITE_ROW:
            rowCount += 1
            return columns.indices.map { value($0) }
        case SQLITE_DONE:
            isAtEnd = true
            return nil
        case let code:
            isAtEnd = true
            throw Self.failure(code, connection, query)
        }
    }

    /// The rest of the rows.
    ///
    /// - Parameter limit: stop after that many.
    public func rows(limit: Int = .max) throws -> [[QueryValue]] {
        var rows: [[QueryValue]] = []
        while rows.count < limit, let row = try next() { rows.append(row) }
        return rows
    }

    private func value(_ index: Int) -> QueryValue {
        let column = CInt(index)
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER:
            let value = sqlite3_column_int64(statement, column)
            return switch columns[index].type {
            case .timestamp: .timestamp(Timestamp(micros: value))
            case .boolean: .boolean(value != 0)
            case .float: .float(Double(value))
            default: .integer(value)
            }
        case SQLITE_FLOAT: return .float(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            let text = sqlite3_column_text(statement, column)
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column)))
            let value = String(decoding: bytes, as: UTF8.self)
            return columns[index].isRepeated || columns[index].type == .record ? .json(value) : .text(value)
        case SQLITE_BLOB:
            let blob = sqlite3_column_blob(statement, column)
            return .bytes(
                Array(UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_column_bytes(statement, column)))))
        default: return .null
        }
    }

    private static func columns(
        _ statement: OpaquePointer, _ connection: OpaquePointer, _ query: RewrittenSQL
    ) -> [QueryColumn] {
        let count = sqlite3_column_count(statement)
        func declared(_ statement: OpaquePointer, _ column: CInt) -> String? {
            sqlite3_column_decltype(statement, column).map { String(cString: $0) }
        }
        var types = (0..<count).map { declared(statement, $0) }
        if types.contains(nil), let text = ResultTypeProbe.probe(for: query.text) {
            var probe: OpaquePointer?
            defer { sqlite3_finalize(probe) }
            if sqlite3_prepare_v2(connection, text, -1, &probe, nil) == SQLITE_OK, let probe,
                sqlite3_column_count(probe) == count
            {
                for column in 0..<count where types[Int(column)] == nil { types[Int(column)] = declared(probe, column) }
            }
        }
        return (0..<count).map { column in
            let name = sqlite3_column_name(statement, column).map { String(cString: $0) } ?? ""
            return QueryColumn(name: name, declared: types[Int(column)])
        }
    }

    private static func failure(_ code: CInt, _ connection: OpaquePointer, _ query: RewrittenSQL) -> WarehouseError {
        let message = String(cString: sqlite3_errmsg(connection))
        let offset = sqlite3_error_offset(connection)
        switch code & 0xff {
        case SQLITE_ERROR, SQLITE_RANGE, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_SCHEMA:
            return WarehouseError(
                .invalidQuery, message, position: offset >= 0 ? query.position(of: Int(offset)) : nil)
        case SQLITE_INTERRUPT:
            return WarehouseError(.invalidQuery, "the query was cancelled")
        default:
            return WarehouseError(sqlite: code, message, file: DatabaseFile.name)
        }
    }
}
