import Columnar
import Pipes
import Testing
import Time

@testable import Warehouse

@Suite struct ResultFormatTests {
    let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        let store = try openStore(folder)
        try await store.declareDemo([
            "events": [
                TableField(name: "name", type: .string), TableField(name: "n", type: .integer),
                TableField(name: "x", type: .float),
                TableField(name: "at", type: .timestamp), TableField(name: "ok", type: .boolean),
                TableField(name: "raw", type: .bytes),
                TableField(name: "tags", type: .string, mode: .repeated),
            ]
        ])
        let schema = try await store.schema(of: .events)
        try await store.commit(
            1,
            [
                (
                    .events,
                    Batch(
                        schema,
                        rows: [
                            [
                                .string("日本 \"x\", y"), .int64(7), .float64(1.5), .timestamp(start), .boolean(true),
                                .bytes([1, 2]), .list([.string("a")]),
                            ],
                            [
                                .string("a\nb\u{1b}[31m"), .int64(-1200), .float64(1e-7), .null, .boolean(false), .null,
                                .null,
                            ],
                            [.null, .null, .float64(.infinity), .null, .null, .null, .null],
                            [.string(""), .int64(0), .float64(2), .null, .null, .bytes([]), .null],
                        ])
                )
            ])
    }

    private func text(_ format: ResultFormat, _ sql: String) throws -> String {
        var text = ""
        let count = try reader(folder).query(sql) { try format.write($0) { text += $0 } }
        #expect(count == (sql.contains("WHERE FALSE") ? 0 : count))
        return text
    }

    @Test func tablesAreAligned() throws {
        #expect(
            try text(.table, "SELECT name, n, x, at, ok, raw, tags, 2 * n AS double FROM demo.events") == """
                name           |     n |     x | at                   | ok    | raw  | tags  | double
                ---------------+-------+-------+----------------------+-------+------+-------+-------
                日本 "x", y    |     7 |   1.5 | 2026-02-28T00:40:25Z | true  | AQI= | ["a"] |     14
                a\\nb\\u001b[31m | -1200 | 1e-07 | NULL                 | false | NULL | []    |  -2400
                NULL           |  NULL |   inf | NULL                 | NULL  | NULL | []    |   NULL
                               |     0 |   2.0 | NULL                 | NULL  |      | []    |      0

                """)
    }

    @Test func jsonIsAnArrayOfARowALine() throws {
        #expect(
            try text(.json, "SELECT name, n, x, at, ok, raw, tags, n FROM demo.events") == """
                [
                {"name":"日本 \\"x\\", y","n":7,"x":1.5,"at":"2026-02-28T00:40:25Z","ok":true,"raw":"AQI=","tags":["a"],"n_1":7},
                {"name":"a\\nb\\u001b[31m","n":-1200,"x":1e-07,"at":null,"ok":false,"raw":null,"tags":[],"n_1":-1200},
                {"name":null,"n":null,"x":"Infinity","at":null,"ok":null,"raw":null,"tags":[],"n_1":null},
                {"name":"","n":0,"x":2.0,"at":null,"ok":null,"raw":"","tags":[],"n_1":0}
                ]

                """)
    }

    @Test func csvFollowsRFC4180() throws {
        #expect(
            try text(.csv, "SELECT name, n, x, at, ok, raw, tags AS \"a,b\" FROM demo.events")
                == "name,n,x,at,ok,raw,\"a,b\"\r\n"
                + "\"日本 \"\"x\"\", y\",7,1.5,2026-02-28T00:40:25Z,true,AQI=,\"[\"\"a\"\"]\"\r\n"
                + "\"a\nb\u{1b}[31m\",-1200,1e-07,,false,,[]\r\n"
                + ",,inf,,,,[]\r\n"
                + "\"\",0,2.0,,,,[]\r\n")
    }

    @Test func noRowsAreAHeadingOrAnEmptyArray() throws {
        let sql = "SELECT name, n FROM demo.events WHERE FALSE"
        #expect(try text(.table, sql) == "name | n\n-----+--\n")
        #expect(try text(.json, sql) == "[]\n")
        #expect(try text(.csv, sql) == "name,n\r\n")
    }

    @Test func laterRowsAreNotLost() throws {
        let sql =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) SELECT i * 1000000 AS i FROM n"
        let lines = try text(.table, sql).split(separator: "\n")
        #expect(lines.count == 6002)
        #expect(lines.last == "6000000000")
    }
}
