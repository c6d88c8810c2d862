import Columnar
import Foundation
import GRDB
public import Logging
import Pipes
import Spelling
import Synchronization
import Telemetry
public import Time

/// The warehouse: datasets and tables in one SQLite file, written by one process, read by any number.
///
/// Rows, counts and pipelines' checkpoints of an epoch commit in one transaction of the file's write-ahead log. So after a
/// crash at any instant the file holds whole epochs only, each once, and says itself how far each pipeline came. With
/// `WarehouseOptions.Durability.full`, the default, that includes the loss of power.
///
/// Writes happen one after the other on a queue of their own; look-ups go on beside them on other connections and see
/// what was committed before they began. A write that has begun is carried to its end even when its task is cancelled.
public final class WarehouseStore: Sendable {
    /// What is in memory of the catalogue, and the figures.
    struct State: Sendable {
        var tables: [TableName: TableEntry] = [:]
        var datasets: Set<String> = []
        var plans: [PlanKey: WritePlan] = [:]
        var indexes: Set<String> = []
        var commits: Int64 = 0
        var problem: WarehouseError?
        var isClosed = false
    }

    struct PlanKey: Hashable, Sendable {
        var table: TableName
        var schema: Columnar.Schema
    }

    /// The file with everything in it.
    public let path: String

    let options: WarehouseOptions
    let clock: any WallClock
    let logger: Logger
    let state = Mutex(State())
    let commitLatency = LatencyHistogram()
    private let pool: DatabasePool

    /// Opens the warehouse in `folder`, making what is missing, and checks the row counts.
    ///
    /// - Parameters:
    ///   - folder: a folder for the warehouse alone.
    ///   - options: how it is opened.
    ///   - clock: gives the times of writes.
    ///   - logger: is told of what was found wrong and put right.
    /// - Throws: `WarehouseError`.
    public init(folder: String, options: WarehouseOptions = .init(), clock: any WallClock, logger: Logger) throws {
        path = (folder as NSString).appendingPathComponent(DatabaseFile.name)
        self.options = options
        self.clock = clock
        self.logger = logger
        do {
            pool = try DatabaseFile.open(path, options)
            let (datasets, tables) = try pool.writeWithoutTransaction { db in
                var tables: [TableEntry] = []
                var datasets: Set<String> = []
                try db.inTransaction(.immediate) {
                    try Catalogue.create(db)
                    datasets = try Catalogue.datasets(db)
                    tables = try Catalogue.tables(db)
                    for index in tables.indices {
                        guard let count = try Catalogue.verify(tables[index], db) else { continue }
                        logger.warning(
                            "\(tables[index].name) holds \(count) rows, the catalogue said \(tables[index].rows): corrected"
                        )
                        tables[index].rows = count
                    }
                    return .commit
                }
                return (datasets, tables)
            }
            state.withLock { state in
                state.datasets = datasets
                for table in tables { state.tables[table.name] = table }
            }
        } catch {
            throw WarehouseError(error, file: path)
        }
    }

    /// Waits for what is under way and closes the file. Everything afterwards fails with `closed`.
    public func close() async throws {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        do {
            try pool.close()
        } catch {
            throw WarehouseError(error, file: path)
        }
    }

    /// Whether commits are stored as the durability promises: what SQLite itself says of it, for tests.
    func pragma(_ name: String) async throws -> Int64? {
        try await write { try $0.integer("PRAGMA \(name)") }
    }

    /// Runs `body` on the writing connection, in its turn.
    ///
    /// Not GRDB's own `async` write: that one gives up when the task is cancelled, and a commit of which nobody knows
    /// whether it happened is the one thing that this store is there to avoid.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try checkOpen()
        do {
            let value = try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Value, any Error>) in
                pool.asyncWriteWithoutTransaction { db in
                    continuation.resume(with: Result { try body(db) })
                }
            }
            state.withLock { $0.problem = nil }
            return value
        } catch {
            let error = WarehouseError(error, file: path)
            if error.isAboutTheFile { state.withLock { $0.problem = error } }
            throw error
        }
    }

    /// Runs `body` in a transaction of the writing connection, and `committed` right after its commit: what is in memory
    /// changes in the order in which the file does, and never before it.
    @discardableResult
    func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        committed: @escaping @Sendable (Value) -> Void
    ) async throws -> Value {
        try await write { db in
            var result: Result<Value, any Error>?
            try db.inTransaction(.immediate) {
                result = .success(try body(db))
                return .commit
            }
            guard let result else { throw WarehouseError(.other, "the transaction did not run") }
            let value = try result.get()
            committed(value)
            return value
        }
    }

    /// Runs `body` on a reading connection, beside writes.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try checkOpen()
        do {
            return try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                pool.asyncRead { db in
                    continuation.resume(with: Result { try body(try db.get()) })
                }
            }
        } catch {
            throw WarehouseError(error, file: path)
        }
    }

    /// The table, or an error that names the nearest one.
    func entry(_ table: TableName) throws -> TableEntry {
        try state.withLock { state in
            if let entry = state.tables[table] { return entry }
            throw WarehouseError.unknownTable(table, tables: state.tables.keys, datasets: state.datasets)
        }
    }

    private func checkOpen() throws {
        if state.withLock({ $0.isClosed }) {
            throw WarehouseError(.closed, "the warehouse \(path) is closed")
        }
    }
}

extension WarehouseError {
    /// Whether the file, not the request, is the matter: what the dashboard shows as the warehouse's problem.
    var isAboutTheFile: Bool {
        [.diskFull, .locked, .readOnly, .corrupt, .cannotOpen, .inputOutput, .other].contains(code)
    }

    static func unknownTable(
        _ table: TableName, tables: some Sequence<TableName>, datasets: Set<String>, position: TextPosition? = nil
    ) -> WarehouseError {
        let names = tables.map(\.description).sorted()
        let nearest =
            names.first { $0.hasSuffix("." + table.table) } ?? Spelling.nearest(to: table.description, in: names)
        let remedy: String
        if let nearest {
            remedy = "did you mean '\(nearest)'?"
        } else if !datasets.contains(table.dataset) {
            remedy =
                datasets.isEmpty
                ? "there are no datasets yet" : "the datasets are \(datasets.sorted().joined(separator: ", "))"
        } else {
            let here = names.filter { $0.hasPrefix(table.dataset + ".") }
            remedy = here.isEmpty ? "the dataset has no tables yet" : "the dataset has \(here.joined(separator: ", "))"
        }
        return WarehouseError(.notFound, "there is no table '\(table)'", remedy: remedy, position: position)
    }
}
