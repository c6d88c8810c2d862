import Columnar
import Foundation
import Logging
import Pipes
import Time

@testable import Warehouse

/// A folder that goes with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "warehouse-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }
}

let start = Timestamp(rfc3339: "2026-02-28T00:40:25Z") ?? Timestamp(micros: 0)

extension TableName {
    static let events = TableName(dataset: "demo", table: "events")
}

/// Columns of every type.
let everyType: [TableField] = [
    TableField(name: "name", type: .string, mode: .required),
    TableField(name: "payload", type: .bytes),
    TableField(name: "count", type: .integer),
    TableField(name: "ratio", type: .float),
    TableField(name: "is_late", type: .boolean),
    TableField(name: "time", type: .timestamp),
    TableField(
        name: "place", type: .record,
        fields: [TableField(name: "lat", type: .float), TableField(name: "at", type: .timestamp)]),
    TableField(name: "tags", type: .string, mode: .repeated),
]

func openStore(
    _ folder: TemporaryFolder, clock: any WallClock = ManualClock(now: start), options: WarehouseOptions = .init()
) throws
    -> WarehouseStore
{
    try WarehouseStore(folder: folder.path, options: options, clock: clock, logger: Logger(label: "test"))
}

func reader(_ folder: TemporaryFolder) throws -> WarehouseReader {
    try WarehouseReader(folder: folder.path, clock: ManualClock(now: start))
}

extension WarehouseStore {
    /// Declares `demo` and tables in it.
    func declareDemo(_ tables: [String: [TableField]]) async throws {
        try await declare(
            datasets: [DatasetResource(datasetReference: .init(datasetId: "demo"))],
            tables: tables.sorted { $0.key < $1.key }.map { name, fields in
                TableResource(
                    tableReference: .init(datasetId: "demo", tableId: name), schema: TableSchema(fields: fields))
            })
    }

    func commit(
        _ number: UInt64, pipeline: String = "p", positions: [String: [UInt8]] = [:], state: [StateKey: [UInt8]?] = [:],
        _ batches: [(TableName, Batch)] = []
    ) async throws {
        try await commit(
            EpochCommit(
                pipeline: pipeline, epoch: number, positions: positions, state: state,
                rows: batches.map { TableRows(table: $0.0, batch: $0.1) }))
    }
}

/// Two columns, which most tests need.
let twoColumns: [TableField] = [
    TableField(name: "name", type: .string), TableField(name: "count", type: .integer),
]

let twoSchema = Schema([Field("name", .string), Field("count", .int64)])

func twoRows(_ rows: (String?, Int64?)...) -> Batch {
    Batch(twoSchema, rows: rows.map { [$0.0.map { .string($0) } ?? .null, $0.1.map { .int64($0) } ?? .null] })
}

/// The error that `body` throws.
func warehouseError(_ body: () async throws -> some Any) async -> WarehouseError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? WarehouseError
    }
}

func warehouseError(_ body: () throws -> some Any) -> WarehouseError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? WarehouseError
    }
}
