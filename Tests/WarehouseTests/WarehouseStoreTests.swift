import Columnar
import Pipes
import Telemetry
import Testing
import Time

@testable import Warehouse

@Suite struct WarehouseStoreTests {
    let folder: TemporaryFolder
    let clock = ManualClock(now: start)

    init() throws { folder = try TemporaryFolder() }

    @Test func everyTypeIsStoredAndReadBack() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": everyType])
        let schema = TableSchema(fields: everyType).columnar
        let nan = Batch(
            schema,
            rows: [
                [
                    .string("a'b\u{0}c 日本"), .bytes([0, 255]), .int64(.min), .float64(-0.5), .boolean(true),
                    .timestamp(start),
                    .structure([.float64(1.5), .timestamp(start)]), .list([.string("x\"y"), .null]),
                ],
                [
                    .string(""), .bytes([]), .int64(0), .float64(.infinity), .boolean(false),
                    .timestamp(Timestamp(micros: -1)), .null, .null,
                ],
                [.string("only"), .null, .null, .float64(.nan), .null, .null, .null, .list([])],
            ])
        try await store.commit(1, [(.events, nan)])
        let table = try reader(folder).table("SELECT * FROM demo.events")
        #expect(table.columns.map(\.type) == [.string, .bytes, .integer, .float, .boolean, .timestamp, .record, nil])
        #expect(
            table.rows == [
                [
                    .text("a'b\u{0}c 日本"), .bytes([0, 255]), .integer(.min), .float(-0.5), .boolean(true),
                    .timestamp(start),
                    .json("{\"lat\":1.5,\"at\":\"2026-02-28T00:40:25Z\"}"), .json("[\"x\\\"y\",null]"),
                ],
                [
                    .text(""), .bytes([]), .integer(0), .float(.infinity), .boolean(false),
                    .timestamp(Timestamp(micros: -1)), .null,
                    .json("[]"),
                ],
                [.text("only"), .null, .null, .null, .null, .null, .null, .json("[]")],
            ])
    }

    @Test func textsThatLookLikeNumbersStayTexts() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, twoRows(("007", 7), ("1e3", nil)))])
        #expect(try reader(folder).table("SELECT name FROM demo.events").rows == [[.text("007")], [.text("1e3")]])
    }

    @Test func onlyLiveRowsAreWritten() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        var batch = twoRows(("a", 1), ("b", 2), ("c", 3), ("d", 4))
        batch.selection = [1, 3]
        try await store.commit(1, [(.events, batch)])
        #expect(try reader(folder).table("SELECT name FROM demo.events").rows == [[.text("b")], [.text("d")]])
        #expect(store.metrics.tables.first?.rows == 2)
    }

    @Test func columnsThatTheRowsLackAreNullAndNumbersWiden() async throws {
        let store = try openStore(folder)
        try await store.declareDemo([
            "events": [
                TableField(name: "a", type: .string), TableField(name: "Ratio", type: .float),
                TableField(name: "t", type: .timestamp),
            ]
        ])
        let batch = Batch(
            Schema([Field("t", .string), Field("ratio", .int64)]),
            rows: [[.string("2026-02-28 00:40:25 UTC"), .int64(3)]])
        try await store.commit(1, [(.events, batch)])
        #expect(try reader(folder).table("SELECT * FROM demo.events").rows == [[.null, .float(3), .timestamp(start)]])
    }

    @Test func rowsPositionsAndStateCommitTogether() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        #expect(try await store.lastEpoch(of: "p") == nil)
        let one = StateKey(step: "Combine", key: [1])
        let two = StateKey(step: "Combine", key: [])
        try await store.commit(
            1, positions: ["Read": [1], "Other": [9]], state: [one: [10], two: []], [(.events, twoRows(("a", 1)))])
        try await store.commit(2, positions: ["Read": [2]], state: [one: nil, two: [20]])
        try await store.commit(7, pipeline: "q")
        let last = try #require(try await store.lastEpoch(of: "p"))
        #expect(last.epoch == 2)
        #expect(last.positions == ["Read": [2], "Other": [9]])
        #expect(last.state == [two: [20]])
        #expect(try await store.lastEpoch(of: "q")?.epoch == 7)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func epochsThatAreStoredAreRefusedWithoutEffect(_ epoch: UInt64) async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(3, positions: ["Read": [3]], [(.events, twoRows(("a", 1)))])
        let error = await warehouseError {
            try await store.commit(epoch, positions: ["Read": [99]], [(.events, twoRows(("b", 2)))])
        }
        #expect(error?.code == .epochAlreadyCommitted)
        #expect(error?.message == "epoch \(epoch) of pipeline 'p' is already stored: the last one is 3")
        #expect(store.metrics.tables.first?.rows == 1)
        #expect(try await store.lastEpoch(of: "p")?.positions == ["Read": [3]])
        #expect(store.metrics.problem == nil)
    }

    @Test func aFailingRowRollsTheWholeEpochBack() async throws {
        let store = try openStore(folder)
        try await store.declareDemo([
            "events": twoColumns, "strict": [TableField(name: "name", type: .string, mode: .required)],
        ])
        let strict = TableName(dataset: "demo", table: "strict")
        let nulls = Batch(Schema([Field("name", .string)]), rows: [[.string("x")], [.null]])
        let error = await warehouseError {
            try await store.commit(1, positions: ["Read": [1]], [(.events, twoRows(("a", 1))), (strict, nulls)])
        }
        #expect(error?.code == .rowRejected)
        #expect(error?.message == "row 1: demo.strict: column 'name' is REQUIRED, but the value is null")
        #expect(try await store.lastEpoch(of: "p") == nil)
        #expect(store.metrics.tables.map(\.rows) == [0, 0])
    }

    @Test func rejectionsNameTheRowsAmongTheLiveOnes() async throws {
        let store = try openStore(folder)
        try await store.declareDemo([
            "events": [
                TableField(name: "name", type: .string, mode: .required), TableField(name: "time", type: .timestamp),
                TableField(name: "ratio", type: .float, mode: .required),
            ]
        ])
        var batch = Batch(
            Schema([Field("name", .string), Field("time", .string), Field("ratio", .float64)]),
            rows: [
                [.null, .null, .float64(1)],
                [.string("a"), .null, .float64(1)],
                [.null, .string("2026-02-28"), .float64(1)],
                [.string("b"), .string("soon"), .float64(1)],
                [.string("c"), .null, .float64(.nan)],
            ])
        batch.selection = [1, 2, 3, 4]
        #expect(
            store.rejections(TableRows(table: .events, batch: batch)).reasons == [
                1: "demo.events: column 'name' is REQUIRED, but the value is null",
                2: "demo.events: column 'time' is TIMESTAMP, and 'soon' is none",
                3: "demo.events: column 'ratio' is REQUIRED, and not-a-number is stored as null",
            ])
        let times = Batch(
            Schema([Field("name", .string), Field("time", .timestamp), Field("ratio", .float64)]),
            rows: [
                [.string("a"), .timestamp(.distantPast), .float64(1)], [.string("a"), .timestamp(start), .float64(1)],
            ])
        #expect(store.rejections(TableRows(table: .events, batch: times)).reasons.keys.sorted() == [0])
        batch.selection = [1]
        #expect(store.rejections(TableRows(table: .events, batch: batch)).isEmpty)
    }

    @Test func preparingCreatesATableFromTheRowsSchema() async throws {
        let store = try openStore(folder)
        try await store.declareDemo([:])
        let schema = Schema([
            Field("name", .string, isNullable: false), Field("at", .timestamp), Field("tags", .list(.string)),
            Field("inner", .structure([Field("x", .int64)])),
        ])
        #expect(
            await warehouseError { try await store.prepare(.events, for: schema, creating: false) }?.code == .notFound)
        try await store.prepare(.events, for: schema, creating: true)
        try await store.prepare(.events, for: schema, creating: true)
        #expect(
            try await store.schema(of: .events)
                == Schema([
                    Field("name", .string, isNullable: false), Field("at", .timestamp),
                    Field("tags", .list(.string), isNullable: false),
                    Field("inner", .structure([Field("x", .int64)])),
                ]))
        let other = TableName(dataset: "dmo", table: "events")
        let error = await warehouseError { try await store.prepare(other, for: schema, creating: true) }
        #expect(
            error?.description
                == "table dmo.events: there is no dataset 'dmo'; did you mean 'demo'?; declare the dataset in the workspace"
        )
    }

    @Test func twoPipelinesMayCreateTheSameTable() async throws {
        let store = try openStore(folder)
        try await store.declareDemo([:])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await store.prepare(.events, for: twoSchema, creating: true) } }
            try await group.waitForAll()
        }
        try await store.commit(1, [(.events, twoRows(("a", 1)))])
        #expect(store.metrics.tables.map(\.rows) == [1])
    }

    @Test func missingDatasetsAreCreatedWhereThatIsAllowed() async throws {
        let store = try openStore(folder, options: WarehouseOptions(createsDatasets: true))
        try await store.prepare(.events, for: twoSchema, creating: true)
        try await store.commit(1, [(.events, twoRows(("a", 1)))])
        #expect(
            try reader(folder).table("SELECT schema_name FROM INFORMATION_SCHEMA.SCHEMATA").rows == [[.text("demo")]])
    }

    @Test func truncationEmptiesTheTable() async throws {
        let store = try openStore(folder, clock: clock)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, twoRows(("a", 1), ("b", 2)))])
        clock.advance(by: .seconds(1))
        try await store.truncate(.events)
        let table = try #require(store.metrics.tables.first)
        #expect(table.rows == 0)
        #expect(table.inserted == 2)
        #expect(table.bytes == 0)
        #expect(table.lastWrite == start + .seconds(1))
        try await store.commit(2, [(.events, twoRows(("c", 3)))])
        #expect(try reader(folder).table("SELECT name FROM demo.events").rows == [[.text("c")]])
    }

    @Test func countsGoOnAfterAReopening() async throws {
        let store = try openStore(folder, clock: clock)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, twoRows(("a", 1), ("b", 2)))])
        let before = store.metrics
        try await store.close()
        #expect(await warehouseError { try await store.commit(2) }?.code == .closed)
        #expect(store.metrics.isClosed)

        let again = try openStore(folder)
        #expect(again.metrics.tables == before.tables)
        try await again.declareDemo(["events": twoColumns])
        try await again.commit(2, [(.events, twoRows(("c", 3)))])
        #expect(again.metrics.tables.first?.rows == 3)
        #expect(again.metrics.tables.first?.lastWrite == start)
    }

    @Test func wrongCountsAreCorrectedWhenTheWarehouseOpens() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, twoRows(("a", 1), ("b", 2), ("c", 3)))])
        try await store.transaction { db in
            try db.run("UPDATE _tables SET rows = 17")
            try db.run("DELETE FROM \"demo.events\" WHERE name = 'b'")
        } committed: {
        }
        try await store.close()
        let again = try openStore(folder)
        #expect(again.metrics.tables.first?.rows == 2)
        #expect(try await again.read { db in try db.integer("SELECT rows FROM _tables") } == 2)
    }

    @Test func figuresTellWhatWasWritten() async throws {
        let store = try openStore(folder, clock: clock)
        try await store.declareDemo(["events": twoColumns])
        #expect(store.metrics.tables.first?.lastWrite == nil)
        #expect(store.metrics.commitLatency == nil)
        clock.advance(by: .seconds(5))
        try await store.commit(1, [(.events, twoRows(("a", 1)))])
        let metrics = store.metrics
        #expect(metrics.commits == 1)
        #expect(metrics.commitLatency?.count == 1)
        #expect(metrics.tables.first?.lastWrite == start + .seconds(5))
        #expect(metrics.fileBytes > 4096)
    }

    @Test func estimatedBytesAreNearWhatTheDatabaseUses() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        let batch = Batch(
            twoSchema,
            rows: (0..<20_000).map {
                [.string(String(repeating: "x", count: $0 % 90)), .int64(Int64($0) << Int64($0 % 40))]
            })
        try await store.commit(1, [(.events, batch)])
        let used = try #require(
            try await store.read { db in try db.integer("SELECT sum(pgsize) FROM dbstat WHERE name = 'demo.events'") })
        let estimated = try #require(store.metrics.tables.first?.bytes)
        #expect(abs(Double(estimated) / Double(used) - 1) < 0.05)
    }

    @Test func durabilityIsWhatWasAskedFor() async throws {
        for (durability, level) in [(WarehouseOptions.Durability.full, Int64(2)), (.normal, 1)] {
            let folder = try TemporaryFolder()
            let store = try openStore(folder, options: WarehouseOptions(durability: durability))
            #expect(try await store.pragma("synchronous") == level)
        }
        #expect(WarehouseOptions().durability == .full)
    }

    @Test func aCancelledTaskStillKnowsWhatBecameOfItsCommit() async throws {
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.commit(1, [(.events, twoRows(("a", 1)))])
        }
        try await task.value
        #expect(try await store.lastEpoch(of: "p")?.epoch == 1)
    }
}
