import Columnar
import Pipes
import Testing
import Time

@testable import Warehouse

@Suite("The warehouse as a source of rows") struct RowSourceTests {
    private func all(_ store: WarehouseStore, _ scan: RowScan, limit: Int, between: () async throws -> Void = {})
        async throws -> [[[Scalar]]]
    {
        var pieces: [[[Scalar]]] = []
        var position: [UInt8]? = try await store.begin(scan)
        while let at = position {
            let rows = try await store.rows(scan, at: at, limit: limit)
            pieces.append(rows.batch.rows)
            position = rows.next
            try await between()
        }
        return pieces
    }

    @Test("reads a table as it was when the reading began, in pieces")
    func table() async throws {
        let folder = try TemporaryFolder()
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        #expect(try await store.isEmpty(.events) == true)
        try await store.commit(1, [(.events, twoRows(("a", 1), ("b", 2), (nil, 3), ("d", nil), ("e", 5)))])
        #expect(try await store.isEmpty(.events) == false)
        var epoch: UInt64 = 1
        let pieces = try await all(store, RowScan(.table(.events, condition: nil), schema: twoSchema), limit: 2) {
            epoch += 1
            try await store.commit(epoch, [(.events, twoRows(("late", 9)))])
        }
        #expect(
            pieces == [
                [[.string("a"), .int64(1)], [.string("b"), .int64(2)]],
                [[.null, .int64(3)], [.string("d"), .null]], [[.string("e"), .int64(5)]],
            ])
        let chosen = RowScan(
            .table(.events, condition: "count > 1 -- not the first\n and name != 'late'"),
            schema: Schema([Field("count", .int64)]))
        #expect(try await all(store, chosen, limit: 10) == [[[.int64(2)], [.int64(5)]]])
        try await store.truncate(.events)
        #expect(try await all(store, chosen, limit: 10) == [[]])
    }

    @Test("reads columns of every type")
    func types() async throws {
        let folder = try TemporaryFolder()
        let store = try openStore(folder)
        try await store.declareDemo(["events": everyType])
        let schema = TableSchema(fields: everyType).columnar
        let rows: [[Scalar]] = [
            [
                .string("a"), .bytes([0, 255]), .int64(1), .float64(0.5), .boolean(true), .timestamp(start),
                .structure([.float64(1.5), .timestamp(start)]), .list([.string("x"), .string("é")]),
            ],
            [.string("b"), .null, .null, .float64(2), .null, .null, .null, .list([])],
        ]
        try await store.commit(1, [(.events, Batch(schema, rows: rows))])
        #expect(try await all(store, RowScan(.table(.events, condition: nil), schema: schema), limit: 10) == [rows])
    }

    @Test("reads what a query gives, and tells its mistakes before anything is read")
    func query() async throws {
        let folder = try TemporaryFolder()
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, twoRows(("a", 1), ("a", 2), ("b", 5)))])
        let schema = Schema([Field("total", .float64), Field("name", .string)])
        let text = "SELECT name, sum(count) AS total FROM demo.events GROUP BY name ORDER BY name"
        #expect(
            try await all(store, RowScan(.query(text), schema: schema), limit: 1)
                == [[[.float64(3), .string("a")], [.float64(5), .string("b")]]])
        let wrong = await warehouseError {
            try await store.begin(
                RowScan(.query("SELECT nme FROM demo.events"), schema: Schema([Field("nme", .string)])))
        }
        #expect(wrong?.code == .invalidQuery)
        let condition = await warehouseError {
            try await store.begin(RowScan(.table(.events, condition: "nme = 'a'"), schema: twoSchema))
        }
        #expect(condition?.code == .invalidQuery)
        let unfit = await warehouseError {
            try await all(
                store, RowScan(.query("SELECT name FROM demo.events"), schema: Schema([Field("name", .int64)])),
                limit: 9)
        }
        #expect(unfit?.code == .schemaMismatch)
    }
}
