import Columnar
import GRDBSQLite
import Synchronization
import Time

/// The embedded SQL engine, which knows nothing but functions: a statement computes one value from parameters.
///
/// Not thread-safe: one owner at a time, which `SQLStatements` sees to.
final class SQLStatement {
    private var database: OpaquePointer?
    private(set) var handle: OpaquePointer?

    /// Prepares `SELECT text`. Throws what the engine says.
    init(_ text: String) throws(SQLEngineError) {
        guard sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK,
            let database
        else { throw SQLEngineError(message: "the SQL engine does not start") }
        sqlite3_exec(database, "PRAGMA case_sensitive_like = ON", nil, nil, nil)
        SQLBuiltins.register(database)
        guard sqlite3_prepare_v2(database, "SELECT " + text, -1, &handle, nil) == SQLITE_OK else {
            throw SQLEngineError(message: String(cString: sqlite3_errmsg(database)))
        }
    }

    deinit {
        sqlite3_finalize(handle)
        sqlite3_close_v2(database)
    }

    /// Why the last step failed.
    var problem: String { database.map { String(cString: sqlite3_errmsg($0)) } ?? "" }
}

/// What the embedded engine says.
struct SQLEngineError: Error {
    var message: String
}

/// Prepared statements of one expression, one for each thread that works on it at the same time.
final class SQLStatements: Sendable {
    /// A statement goes from hand to hand; whoever has taken it is its only user.
    private struct Idle: @unchecked Sendable { var statements: [SQLStatement] = [] }

    private let text: String
    private let idle = Mutex(Idle())

    /// Prepares the first one, to see that the engine takes it.
    init(_ text: String) throws(SQLEngineError) {
        self.text = text
        give(back: try SQLStatement(text))
    }

    func take() throws(SQLEngineError) -> SQLStatement {
        if let statement = idle.withLock({ idle in idle.statements.popLast().map { Taken(statement: $0) } }) {
            return statement.statement
        }
        return try SQLStatement(text)
    }

    func give(back statement: SQLStatement) {
        let taken = Taken(statement: statement)
        idle.withLock { $0.statements.append(taken.statement) }
    }

    /// Carries a statement over the lock's border; see `Idle`.
    private struct Taken: @unchecked Sendable { let statement: SQLStatement }
}
