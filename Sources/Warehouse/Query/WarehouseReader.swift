import Foundation
import GRDB
import GRDBSQLite
import Pipes
import Spelling
public import Time

/// Queries on a warehouse, beside the process that writes it or without one.
///
/// The connection can only read; nothing that a query does holds up a writer, though a query that takes long keeps the
/// write-ahead log from being emptied. The dialect is SQLite's (<https://www.sqlite.org/lang_select.html>), with
/// BigQuery's table names, timestamps and a few of its functions.
public final class WarehouseReader: Sendable {
    /// The database file.
    public let path: String
    private let queue: DatabaseQueue
    private let clock: any WallClock
    private let functions = TimestampFunctions()

    /// Opens the warehouse in `folder` for reading.
    ///
    /// - Parameter clock: gives CURRENT_TIMESTAMP.
    /// - Throws: `WarehouseError`: `cannotOpen` when there is no warehouse yet.
    public init(folder: String, clock: any WallClock) throws {
        path = (folder as NSString).appendingPathComponent(DatabaseFile.name)
        self.clock = clock
        guard FileManager.default.fileExists(atPath: path) else { throw Self.noWarehouse(folder) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "warehouse reader"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { [functions] db in functions.add(to: db) }
        do {
            queue = try Self.open(path, configuration)
        } catch {
            throw WarehouseError(error, file: path)
        }
    }

    /// Runs a query and gives its result to `body`.
    ///
    /// - Throws: `WarehouseError` with the place in the query: `invalidQuery`, `notFound`, `queryWouldWrite`; and what
    ///   `body` throws.
    public func query<Value>(_ sql: String, _ body: (QueryResult) throws -> Value) throws -> Value {
        do {
            return try queue.read { db in
                functions.now.set(clock.now)
                let entries = try Catalogue.tables(db)
                let tables = Dictionary(entries.map { ($0.name, $0.schema) }, uniquingKeysWith: { first, _ in first })
                let query = try QueryCompiler.compile(sql, tables: tables)
                let result = try QueryResult(query, db) { error in
                    QueryHelp.add(to: error, sql: sql, columns: tables.values.flatMap { $0.fields.map(\.name) })
                }
                defer { result.finish() }
                return try body(result)
            }
        } catch let error as DatabaseError {
            throw WarehouseError(error, file: path)
        }
    }

    /// The whole result of a query.
    ///
    /// - Parameter limit: at most that many rows.
    public func table(_ sql: String, limit: Int = .max) throws -> QueryTable {
        try query(sql) { QueryTable(columns: $0.columns, rows: try $0.rows(limit: limit)) }
    }

    private static func noWarehouse(_ folder: String) -> WarehouseError {
        WarehouseError(
            .cannotOpen, "there is no warehouse in \(folder) yet", remedy: "start streamtop on this data folder first")
    }

    private static func open(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        func connect(_ path: String) throws -> DatabaseQueue {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let isEmpty = try queue.read { db in
                try DatabaseFile.check(db, path)
                return try db.integer("PRAGMA user_version") == 0
            }
            if isEmpty { throw noWarehouse((path as NSString).deletingLastPathComponent) }
            return queue
        }
        do {
            return try connect(path)
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
        {
            // A folder that can't be written has no room for the log's index; nobody writes there either.
            return try connect("file:\(path)?immutable=1")
        }
    }
}

/// Hints for the mistakes that are made most.
enum QueryHelp {
    /// - Parameter columns: every column that there is.
    static func add(to error: WarehouseError, sql: String, columns: [String]) -> WarehouseError {
        var error = error
        if let name = word(after: "no such column: ", in: error.message) {
            let last = name.split(separator: ".").last.map(String.init) ?? name
            if sql.contains("\"\(name)\""), !columns.contains(name) {
                error.remedy = "texts stand in single quotes: '\(name)'"
            } else if let nearest = Spelling.nearest(to: last, in: Set(columns).sorted()), nearest != last {
                error.remedy = "did you mean '\(nearest)'?"
            }
        } else if let name = word(after: "no such function: ", in: error.message) {
            let hint = Spelling.hint(for: name, in: functions)
            error.remedy =
                hint.isEmpty
                ? "functions are SQLite's, and \(functions.joined(separator: ", "))" : String(hint.dropFirst(2))
        }
        return error
    }

    private static let functions = [
        "COUNTIF", "CURRENT_TIMESTAMP", "FORMAT_TIMESTAMP", "SAFE_DIVIDE", "TIMESTAMP", "TIMESTAMP_DIFF",
        "TIMESTAMP_MICROS",
        "TIMESTAMP_MILLIS", "TIMESTAMP_SECONDS", "TIMESTAMP_TRUNC", "UNIX_MICROS", "UNIX_MILLIS", "UNIX_SECONDS",
    ]

    private static func word(after prefix: String, in message: String) -> String? {
        message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : nil
    }
}
