import Columnar
import Foundation
import Pipes
import Testing
import Time

@testable import Warehouse

@Suite struct ReaderTests {
    let folder: TemporaryFolder
    let store: WarehouseStore

    init() async throws {
        folder = try TemporaryFolder()
        store = try openStore(folder)
        try await store.declareDemo([
            "events": [
                TableField(name: "route", type: .string), TableField(name: "seen", type: .timestamp, mode: .required),
                TableField(name: "late", type: .boolean), TableField(name: "count", type: .integer),
            ],
            "routes": [TableField(name: "route", type: .string), TableField(name: "title", type: .string)],
        ])
        let schema = Schema([
            Field("route", .string), Field("seen", .timestamp), Field("late", .boolean), Field("count", .int64),
        ])
        func row(_ route: String, _ seconds: Int64, _ late: Bool, _ count: Int64?) -> [Scalar] {
            [.string(route), .timestamp(start + .seconds(seconds)), .boolean(late), count.map { .int64($0) } ?? .null]
        }
        let batch = Batch(
            schema,
            rows: [row("A", 0, true, 1), row("C", 30, false, 2), row("A", 60, false, nil), row("E", 90, true, 4)])
        let routes = Batch(
            Schema([Field("route", .string), Field("title", .string)]), rows: [[.string("A"), .string("8 Av Express")]])
        try await store.commit(1, [(.events, batch), (TableName(dataset: "demo", table: "routes"), routes)])
    }

    private func time(_ seconds: Int64) -> QueryValue { .timestamp(start + .seconds(seconds)) }

    @Test func timestampsComeBackAsTimestamps() throws {
        let reader = try reader(folder)
        #expect(
            try reader.table(
                "SELECT seen, max(seen) AS last, count(*) n, seen + 0 AS raw FROM demo.events WHERE route = 'E'"
            ).rows
                == [[time(90), time(90), .integer(1), .integer((start + .seconds(90)).micros)]])
        #expect(
            try reader.table(
                "WITH t AS (SELECT route, min(seen) AS first FROM demo.events GROUP BY route) SELECT * FROM t ORDER BY 1"
            ).rows
                == [[.text("A"), time(0)], [.text("C"), time(30)], [.text("E"), time(90)]])
        #expect(
            try reader.table("SELECT lag(seen) OVER (ORDER BY seen) AS before FROM demo.events ORDER BY seen LIMIT 2")
                .rows
                == [[.null], [time(0)]])
        #expect(try reader.table("SELECT late FROM demo.events LIMIT 1").rows == [[.boolean(true)]])
    }

    @Test func timestampsAreComparedWithTexts() throws {
        let reader = try reader(folder)
        for condition in [
            "seen >= '2026-02-28T00:41:25Z'", "seen >= TIMESTAMP '2026-02-28 00:41:25'",
            "'2026-02-28 00:41:25' <= e.seen",
            "seen BETWEEN '2026-02-28 00:41:25' AND '2026-03-01'", "seen >= TIMESTAMP('2026-02-28 00:41:25')",
        ] {
            #expect(
                try reader.table("SELECT count(*) FROM demo.events e WHERE \(condition)").rows == [[.integer(2)]],
                "\(condition)")
        }
    }

    @Test(
        arguments: [
            ("TIMESTAMP_SECONDS(1772239225)", .timestamp(start)),
            ("TIMESTAMP_MILLIS(1772239225000)", .timestamp(start)),
            ("TIMESTAMP_MICROS(1772239225000000)", .timestamp(start)), ("TIMESTAMP_SECONDS(NULL)", .null),
            ("UNIX_SECONDS(TIMESTAMP_MILLIS(-1))", .integer(-1)),
            ("UNIX_MILLIS(TIMESTAMP '1970-01-01 00:00:01')", .integer(1000)),
            ("CURRENT_TIMESTAMP()", .timestamp(start)), ("CURRENT_TIMESTAMP", .timestamp(start)),
            ("FORMAT_TIMESTAMP('%H:%M', TIMESTAMP_SECONDS(1772239225))", .text("00:40")),
            ("TIMESTAMP_TRUNC(TIMESTAMP '2026-02-28 00:40:25', MINUTE)", .timestamp(start + .seconds(-25))),
            ("TIMESTAMP_DIFF(TIMESTAMP '2026-02-28', TIMESTAMP '2026-02-27', HOUR)", .integer(24)),
            ("SAFE_DIVIDE(1, 4)", .float(0.25)), ("SAFE_DIVIDE(1, 0)", .null), ("SAFE_DIVIDE(NULL, 1)", .null),
            ("(SELECT COUNTIF(late) FROM demo.events)", .integer(2)),
            ("(SELECT COUNTIF(count > 1) FROM demo.events)", .integer(2)),
        ] as [(String, QueryValue)])
    func functions(_ expression: String, _ value: QueryValue) throws {
        #expect(try reader(folder).table("SELECT \(expression)").rows == [[value]])
    }

    @Test func tablesAreJoinedByTheirShortNames() throws {
        #expect(
            try reader(folder).table(
                "SELECT events.count, routes.title FROM demo.events JOIN demo.routes USING (route) WHERE demo.events.late"
            ).rows
                == [[.integer(1), .text("8 Av Express")]])
    }

    @Test func theCatalogueCanBeAsked() throws {
        let reader = try reader(folder)
        #expect(
            try reader.table("SELECT table_name, row_count FROM demo.INFORMATION_SCHEMA.TABLES ORDER BY 1").rows
                == [[.text("events"), .integer(4)], [.text("routes"), .integer(1)]])
        #expect(
            try reader.table(
                "SELECT column_name, data_type, is_nullable FROM demo.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'events' "
                    + "ORDER BY ordinal_position LIMIT 2"
            ).rows
                == [
                    [.text("route"), .text("STRING"), .text("YES")], [.text("seen"), .text("TIMESTAMP"), .text("NO")],
                ])
    }

    @Test(arguments: [
        ("SELECT rout FROM demo.events", "1:8: no such column: rout; did you mean 'route'?"),
        ("SELECT route,\n  absent FROM demo.events", "2:3: no such column: absent"),
        ("SELECT * FROM demo.events WHERE demo.events.lat", "1:33: no such column: events.lat; did you mean 'late'?"),
        (
            "SELECT route FROM demo.events WHERE route = \"A\"",
            "1:45: no such column: A; texts stand in single quotes: 'A'"
        ),
        ("SELECT COUNT_IF(late) FROM demo.events", "1:8: no such function: COUNT_IF; did you mean 'COUNTIF'?"),
        ("SELECT route FRM demo.events", "1:18: near \"demo\": syntax error"),
        ("SELECT (1", "incomplete input"),
        ("WITH t AS (SELECT 1) DELETE FROM t", "no such table: t"),
    ])
    func mistakesHaveAPlace(_ sql: String, _ message: String) throws {
        let reader = try reader(folder)
        #expect(warehouseError { try reader.table(sql) }?.description == message)
    }

    @Test(arguments: [
        "INSERT INTO demo.events VALUES (1)", "DROP TABLE demo.events", "PRAGMA query_only = 0", "ATTACH 'x' AS y",
        "VACUUM",
        "UPDATE demo.events SET count = 1",
    ])
    func writesAreRefused(_ sql: String) throws {
        let reader = try reader(folder)
        #expect(warehouseError { try reader.table(sql) }?.code == .queryWouldWrite)
        #expect(store.metrics.tables.first?.rows == 4)
    }

    @Test func aWriteBehindAWithIsRefused() throws {
        let reader = try reader(folder)
        let error = warehouseError { try reader.table("WITH t AS (SELECT 1) DELETE FROM \"demo.events\" RETURNING *") }
        #expect(error?.code == .queryWouldWrite)
    }

    @Test func errorsWhileReadingAreErrorsOfTheQuery() throws {
        let reader = try reader(folder)
        let error = warehouseError { try reader.table("SELECT TIMESTAMP_SECONDS('x')") }
        #expect(error?.code == .invalidQuery)
        #expect(error?.message.contains("TIMESTAMP_SECONDS") == true)
    }

    @Test func aQueryReadsOneStateHoweverMuchIsWrittenMeanwhile() async throws {
        let reader = try reader(folder)
        let schema = Schema([Field("seen", .timestamp)])
        let batch = Batch(schema, rows: (0..<100).map { _ in [.timestamp(start)] })
        let more = Task {
            for epoch in 2...40 as ClosedRange<UInt64> { try await store.commit(epoch, [(.events, batch)]) }
        }
        var last: Int64 = 0
        for _ in 0..<30 {
            let (first, second) = try reader.query(
                "SELECT count(*) FROM demo.events UNION ALL SELECT count(*) FROM demo.events"
            ) { result in
                let first = try result.next()
                let second = try result.next()
                return (first, second)
            }
            #expect(first == second)
            guard case .integer(let count)? = first?.first else { break }
            #expect(count >= last)
            #expect((count - 4) % 100 == 0)
            last = count
        }
        try await more.value
        #expect(try reader.table("SELECT count(*) FROM demo.events").rows == [[.integer(3904)]])
    }

    @Test func rowsAreReadOneByOne() throws {
        let reader = try reader(folder)
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        let rows = try reader.query(sql) { result in
            let rows = try result.rows(limit: 3)
            #expect(result.rowCount == 3)
            return rows
        }
        #expect(rows == [[.integer(1)], [.integer(2)], [.integer(3)]])
    }

    @Test func aResultEndsWithItsClosure() throws {
        let reader = try reader(folder)
        let escaped = try reader.query("SELECT route FROM demo.events") { $0 }
        #expect(try escaped.next() == nil)
    }

    @Test func theWarehouseIsReadWhetherOrNotItsWriterRuns() async throws {
        let open = try reader(folder)
        #expect(try open.table("SELECT count(*) FROM demo.events").rows == [[.integer(4)]])
        try await store.close()
        #expect(try open.table("SELECT count(*) FROM demo.events").rows == [[.integer(4)]])
        let later = try reader(folder)
        #expect(try later.table("SELECT count(*) FROM demo.events").rows == [[.integer(4)]])
    }

    @Test func tablesMadeAfterTheOpeningAreSeen() async throws {
        let reader = try reader(folder)
        try await store.prepare(TableName(dataset: "demo", table: "late"), for: twoSchema, creating: true)
        #expect(try reader.table("SELECT * FROM demo.late").columns.map(\.name) == ["name", "count"])
    }

    @Test func noWarehouseIsNotAnEmptyOne() throws {
        let empty = try TemporaryFolder()
        let error = warehouseError { try reader(empty) }
        #expect(
            error?.description
                == "there is no warehouse in \(empty.path) yet; start streamtop on this data folder first")
        // A file that its writer has just begun.
        try empty.write(DatabaseFile.name, "")
        #expect(warehouseError { try reader(empty) }?.code == .cannotOpen)
    }
}
