import GRDB
import GRDBSQLite

/// A prepared statement used through SQLite's own interface: no boxes around values, no copies of text.
///
/// GRDB opens connections, serializes the access to them and caches statements; the loops over rows go past it.
struct RawStatement {
    let handle: OpaquePointer
    let connection: OpaquePointer

    /// The statement for `sql` from the connection's cache.
    init(_ sql: String, _ db: Database) throws {
        guard let connection = db.sqliteConnection else {
            throw WarehouseError(.closed, "the warehouse is closed")
        }
        self.connection = connection
        handle = try db.cachedStatement(sql: sql).sqliteStatement
        sqlite3_reset(handle)
    }

    /// Runs a statement that gives no rows, and makes it ready for the next time.
    @inline(__always)
    func execute() throws {
        let code = sqlite3_step(handle)
        if code != SQLITE_DONE, code != SQLITE_ROW { throw failure(code) }
        sqlite3_reset(handle)
    }

    /// Advances to the next row; false when there is none.
    @inline(__always)
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code)
        }
    }

    /// Resets and forgets the bound values, which may point into memory that is about to go.
    func finish() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    func bind(_ values: [SQLValue]) {
        for (index, value) in values.enumerated() {
            let index = CInt(index + 1)
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let value): sqlite3_bind_int64(handle, index, value)
            case .text(let text): bind(text: Array(text.utf8), at: index)
            case .blob(let bytes): bind(blob: bytes, at: index)
            }
        }
    }

    /// Binds a copy.
    func bind(text: [UInt8], at index: CInt) {
        text.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self), !buffer.isEmpty else {
                // A null pointer would bind NULL instead of the empty text.
                sqlite3_bind_text(handle, index, "", 0, Self.copied)
                return
            }
            sqlite3_bind_text(handle, index, start, CInt(buffer.count), Self.copied)
        }
    }

    /// Binds a copy.
    func bind(blob: [UInt8], at index: CInt) {
        _ = blob.withUnsafeBytes { buffer in
            // A null pointer would bind NULL instead of the empty blob.
            if buffer.isEmpty {
                sqlite3_bind_zeroblob(handle, index, 0)
            } else {
                sqlite3_bind_blob(handle, index, buffer.baseAddress, CInt(buffer.count), Self.copied)
            }
        }
    }

    func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: CInt) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func text(_ column: CInt) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// Text or blob of the current row; valid until the next step.
    func bytes(_ column: CInt) -> UnsafeRawBufferPointer {
        let start: UnsafeRawPointer? =
            sqlite3_column_type(handle, column) == SQLITE_BLOB
            ? sqlite3_column_blob(handle, column) : UnsafeRawPointer(sqlite3_column_text(handle, column))
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    /// Tells SQLite to copy what is bound: `SQLITE_TRANSIENT`, a cast that Swift does not import.
    static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    private func failure(_ code: CInt) -> DatabaseError {
        let message = String(cString: sqlite3_errmsg(connection))
        sqlite3_reset(handle)
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
}

/// A value to bind where speed does not matter.
enum SQLValue {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

extension Database {
    /// Runs a statement that gives no rows.
    func run(_ sql: String, _ values: SQLValue...) throws {
        let statement = try RawStatement(sql, self)
        statement.bind(values)
        defer { statement.finish() }
        try statement.execute()
    }

    /// Runs a query and reads each of its rows.
    func each(_ sql: String, _ values: SQLValue..., read: (RawStatement) throws -> Void) throws {
        let statement = try RawStatement(sql, self)
        statement.bind(values)
        defer { statement.finish() }
        while try statement.step() { try read(statement) }
    }

    /// The first column of the first row; nil when there is none, or it is null.
    func integer(_ sql: String, _ values: SQLValue...) throws -> Int64? {
        let statement = try RawStatement(sql, self)
        statement.bind(values)
        defer { statement.finish() }
        return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
    }
}
