import Columnar
import Pipes
import Testing
import Time

@testable import Warehouse

@Suite struct LookupTests {
    let folder: TemporaryFolder
    let store: WarehouseStore

    init() async throws {
        folder = try TemporaryFolder()
        store = try openStore(folder)
        try await store.declareDemo(["events": everyType])
        let schema = TableSchema(fields: everyType).columnar
        func row(_ name: String, _ count: Int64?, _ ratio: Double) -> [Scalar] {
            [
                .string(name), .bytes(Array(name.utf8)), count.map { .int64($0) } ?? .null, .float64(ratio),
                .boolean(true),
                .timestamp(start), .null, .list([]),
            ]
        }
        try await store.commit(
            1,
            [(.events, Batch(schema, rows: [row("a", 1, 0.5), row("b", 2, 1.5), row("a", 3, 2.5), row("c", nil, 4)]))])
    }

    @Test func findsTheFirstRowOfEachKey() async throws {
        let keys = Column(.string, [.string("b"), .null, .string("a"), .string("nobody"), .string("c")])
        let result = try await store.lookUp(
            [keys], keyColumns: ["name"], columns: ["count", "name", "ratio", "payload", "is_late", "time"], in: .events
        )
        #expect((0..<5).map { result.found[$0] } == [true, false, true, false, true])
        #expect(result.columns.map(\.type) == [.int64, .string, .float64, .bytes, .boolean, .timestamp])
        let rows = (0..<5).map { row in result.columns.map { $0[row] } }
        let nothing = [Scalar](repeating: .null, count: 6)
        #expect(rows[0] == [.int64(2), .string("b"), .float64(1.5), .bytes([98]), .boolean(true), .timestamp(start)])
        #expect(rows[1] == nothing)
        #expect(rows[2][0] == .int64(1))
        #expect(rows[3] == nothing)
        #expect(rows[4][0] == .null)
    }

    @Test func keysMayHaveSeveralColumnsOfAnyType() async throws {
        let found = try await store.lookUp(
            [
                Column(.string, [.string("a"), .string("a")]), Column(.int64, [.int64(3), .int64(2)]),
                Column(.float64, [.float64(2.5), .float64(1.5)]),
                Column(.timestamp, [.timestamp(start), .timestamp(start)]),
                Column(.boolean, [.boolean(true), .boolean(true)]),
                Column(.bytes, [.bytes([97]), .bytes([97])]),
            ], keyColumns: ["name", "count", "ratio", "time", "is_late", "payload"], columns: ["count"], in: .events)
        #expect((0..<2).map { found.found[$0] } == [true, false])
        let byNumber = try await store.lookUp(
            [Column(.float64, [.float64(2)])], keyColumns: ["count"], columns: ["name"], in: .events)
        #expect(byNumber.columns[0][0] == .string("b"))
    }

    @Test func theFirstLookUpMakesAnIndex() async throws {
        let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = 'demo.events(name)'"
        #expect(try await store.read { db in try db.integer(sql) } == 0)
        for _ in 0..<2 {
            _ = try await store.lookUp(
                [Column(.string, [.string("a")])], keyColumns: ["name"], columns: ["count"], in: .events)
        }
        #expect(try await store.read { db in try db.integer(sql) } == 1)
    }

    @Test func theVersionChangesWithTheRows() async throws {
        let first = await store.version(of: .events)
        #expect(await store.version(of: .events) == first)
        try await store.commit(2)
        #expect(await store.version(of: .events) == first)
        let schema = TableSchema(fields: [everyType[0]]).columnar
        try await store.commit(3, [(.events, Batch(schema, rows: [[.string("z")]]))])
        let second = await store.version(of: .events)
        #expect(second > first)
        try await store.truncate(.events)
        #expect(await store.version(of: .events) > second)
        #expect(await store.version(of: TableName(dataset: "no", table: "thing")) == 0)
    }

    @Test(arguments: [
        (["nme"], ["count"], DataType.string, "table demo.events has no column 'nme'; did you mean 'name'?"),
        (["name"], ["cuont"], .string, "table demo.events has no column 'cuont'; did you mean 'count'?"),
        (["name"], ["count"], .int64, "table demo.events: the key column 'name' is STRING, the rows' key is integer"),
        (["name"], ["tags"], .string, "table demo.events: column 'tags' is REPEATED STRING, which can't be looked up"),
    ])
    func mistakesAreNamed(_ keys: [String], _ columns: [String], _ type: DataType, _ message: String) async {
        let error = await warehouseError {
            try await store.lookUp([Column(type, [])], keyColumns: keys, columns: columns, in: .events)
        }
        #expect(error?.message == message)
    }

    @Test func anUnknownTableIsNamed() async {
        let table = TableName(dataset: "demo", table: "event")
        #expect(
            await warehouseError { try await store.schema(of: table) }?.description
                == "there is no table 'demo.event'; did you mean 'demo.events'?")
    }

    @Test func noKeysFindNothing() async throws {
        let result = try await store.lookUp(
            [Column(.string, [])], keyColumns: ["name"], columns: ["count"], in: .events)
        #expect(result.found.count == 0)
        #expect(result.columns.map(\.count) == [0])
    }
}
