import Columnar
import Foundation
import GRDB
import Logging
import Pipes
import Testing
import Time

@testable import Warehouse

@Suite struct WarehouseErrorTests {
    @Test(
        arguments: [
            (13, .diskFull), (5, .locked), (261, .locked), (6, .locked), (8, .readOnly), (1032, .readOnly),
            (11, .corrupt), (267, .corrupt),
            (26, .corrupt), (14, .cannotOpen), (10, .inputOutput), (778, .inputOutput), (1, .other),
        ] as [(CInt, WarehouseError.Code)])
    func codes(_ sqlite: CInt, _ code: WarehouseError.Code) {
        let error = WarehouseError(sqlite: sqlite, "why", file: "/data/warehouse.sqlite")
        #expect(error.code == code)
        #expect(error.message.contains("/data/warehouse.sqlite"))
        #expect(code == .other || !error.remedy.isEmpty)
    }

    @Test func aFullWarehouseLosesNothingAndGoesOn() async throws {
        let folder = try TemporaryFolder()
        let big = Batch(twoSchema, rows: (0..<10_000).map { [.string("row number \($0)"), .int64(Int64($0))] })
        do {
            let store = try openStore(folder, options: WarehouseOptions(maximumBytes: 200_000))
            try await store.declareDemo(["events": twoColumns])
            try await store.commit(1, [(.events, twoRows(("a", 1)))])
            let error = await warehouseError { try await store.commit(2, [(.events, big)]) }
            #expect(error?.code == .diskFull)
            #expect(store.metrics.problem?.contains("is full") == true)
            #expect(try await store.lastEpoch(of: "p")?.epoch == 1)
            #expect(store.metrics.tables.first?.rows == 1)
            try await store.commit(2, [(.events, twoRows(("b", 2)))])
            #expect(store.metrics.problem == nil)
            try await store.close()
        }
        let store = try openStore(folder)
        try await store.commit(3, [(.events, big)])
        #expect(store.metrics.tables.first?.rows == 10_002)
    }

    @Test func aLockedWarehouseSaysSo() async throws {
        let folder = try TemporaryFolder()
        let store = try openStore(folder, options: WarehouseOptions(busyTimeout: .zero))
        try await store.declareDemo(["events": twoColumns])
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: store.path, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = await warehouseError { try await store.commit(1, [(.events, twoRows(("a", 1)))]) }
        #expect(error?.code == .locked)
        #expect(store.metrics.problem != nil)
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        try await store.commit(1, [(.events, twoRows(("a", 1)))])
        #expect(store.metrics.problem == nil)
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write(DatabaseFile.name, String(repeating: "this is no database ", count: 500))
        let error = warehouseError { try openStore(folder) }
        #expect(error?.code == .corrupt)
        #expect(error?.message == "\(folder.file(DatabaseFile.name)) is not a warehouse: it is no SQLite database")
        #expect(warehouseError { try reader(folder).table("SELECT 1") }?.code == .corrupt)
    }

    @Test func damagedPagesAreToldAndNotHidden() async throws {
        let folder = try TemporaryFolder()
        let rows = Batch(twoSchema, rows: (0..<5_000).map { [.string("row number \($0)"), .int64(Int64($0))] })
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, rows)])
        try await store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: store.path))
        let last = bytes.count - 5 * 4096
        bytes.replaceSubrange(last..<last + 4096, with: [UInt8](repeating: 0x5a, count: 4096))
        try bytes.write(to: URL(fileURLWithPath: store.path))
        let error = warehouseError { try reader(folder).table("SELECT sum(count) FROM demo.events") }
        #expect(error?.code == .corrupt)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func otherProgramsAndNewerVersionsAreLeftAlone() throws {
        let folder = try TemporaryFolder()
        let path = folder.file(DatabaseFile.name)
        try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: "CREATE TABLE theirs (x)") }
        #expect(warehouseError { try openStore(folder) }?.code == .unknownFormat)
        try DatabaseQueue(path: path).inDatabase {
            try $0.execute(sql: "PRAGMA application_id = \(DatabaseFile.application); PRAGMA user_version = 99")
        }
        let error = warehouseError { try openStore(folder) }
        #expect(error?.code == .unknownFormat)
        #expect(error?.message.contains("newer version") == true)
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "x")
        let error = warehouseError {
            try WarehouseStore(
                folder: folder.file("file/in"), clock: ManualClock(now: start), logger: Logger(label: "test"))
        }
        #expect(error?.code == .cannotOpen)
    }
}
