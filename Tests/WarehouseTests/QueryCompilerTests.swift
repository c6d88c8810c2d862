import Pipes
import Testing

@testable import Warehouse

@Suite struct QueryCompilerTests {
    static let tables: [TableName: TableSchema] = [
        TableName(dataset: "mta", table: "updates"): TableSchema(fields: [
            TableField(name: "route_id", type: .string), TableField(name: "seen", type: .timestamp),
            TableField(name: "count", type: .integer),
        ]),
        TableName(dataset: "mta", table: "stops"): TableSchema(fields: [
            TableField(name: "stop_id", type: .string), TableField(name: "opened", type: .timestamp),
        ]),
        TableName(dataset: "old", table: "updates"): TableSchema(fields: [TableField(name: "seen", type: .string)]),
        TableName(dataset: "mta", table: "daily-sums"): TableSchema(fields: [TableField(name: "n", type: .integer)]),
    ]

    @Test(arguments: [
        // Forms of a table's name.
        ("SELECT * FROM mta.updates", "SELECT * FROM \"mta.updates\" AS \"updates\""),
        ("select * from `mta.updates`", "select * from \"mta.updates\" AS \"updates\""),
        ("SELECT * FROM `my-project.mta.updates`", "SELECT * FROM \"mta.updates\" AS \"updates\""),
        ("SELECT * FROM my-project.mta.updates", "SELECT * FROM \"mta.updates\" AS \"updates\""),
        ("SELECT * FROM my-project-2.mta.updates u", "SELECT * FROM \"mta.updates\" u"),
        ("SELECT * FROM project.mta.updates", "SELECT * FROM \"mta.updates\" AS \"updates\""),
        ("SELECT * FROM `project`.mta.`updates`", "SELECT * FROM \"mta.updates\" AS \"updates\""),
        ("SELECT * FROM \"mta.updates\"", "SELECT * FROM \"mta.updates\" AS \"updates\""),
        ("SELECT * FROM mta . updates", "SELECT * FROM \"mta.updates\" AS \"updates\""),
        ("SELECT n FROM mta.`daily-sums`", "SELECT n FROM \"mta.daily-sums\" AS \"daily-sums\""),
        // Aliases.
        ("SELECT u.count FROM mta.updates AS u", "SELECT u.count FROM \"mta.updates\" AS u"),
        (
            "SELECT u.count FROM mta.updates u WHERE u.count > 1",
            "SELECT u.count FROM \"mta.updates\" u WHERE u.count > 1"
        ),
        ("SELECT updates.count FROM mta.updates", "SELECT updates.count FROM \"mta.updates\" AS \"updates\""),
        // Columns with the table's whole name.
        (
            "SELECT mta.updates.count FROM mta.updates WHERE mta.updates.route_id = 'A'",
            "SELECT \"updates\".count FROM \"mta.updates\" AS \"updates\" WHERE \"updates\".route_id = 'A'"
        ),
        ("SELECT p.mta.updates.count FROM mta.updates", "SELECT \"updates\".count FROM \"mta.updates\" AS \"updates\""),
        (
            "SELECT `p.mta.updates.count` FROM mta.updates",
            "SELECT \"updates\".\"count\" FROM \"mta.updates\" AS \"updates\""
        ),
        ("SELECT mta.updates.* FROM mta.updates", "SELECT \"updates\".* FROM \"mta.updates\" AS \"updates\""),
        // `mta.updates` in an expression is a column of an alias.
        ("SELECT mta.updates FROM mta.updates AS mta", "SELECT mta.updates FROM \"mta.updates\" AS mta"),
        // Several tables.
        (
            "SELECT * FROM mta.updates, mta.stops WHERE updates.route_id = stops.stop_id",
            "SELECT * FROM \"mta.updates\" AS \"updates\", \"mta.stops\" AS \"stops\" WHERE updates.route_id = stops.stop_id"
        ),
        (
            "SELECT * FROM mta.updates LEFT JOIN mta.stops USING (a, b) JOIN mta.stops s ON s.stop_id = 'x', old.updates o",
            "SELECT * FROM \"mta.updates\" AS \"updates\" LEFT JOIN \"mta.stops\" AS \"stops\" USING (a, b) "
                + "JOIN \"mta.stops\" s ON s.stop_id = 'x', \"old.updates\" o"
        ),
        (
            "SELECT * FROM (mta.updates JOIN mta.stops ON 1)",
            "SELECT * FROM (\"mta.updates\" AS \"updates\" JOIN \"mta.stops\" AS \"stops\" ON 1)"
        ),
        // The same name in two datasets.
        (
            "SELECT mta.updates.seen, old.updates.seen FROM mta.updates JOIN old.updates ON TRUE",
            "SELECT \"mta.updates\".seen, \"old.updates\".seen FROM \"mta.updates\" JOIN \"old.updates\" ON TRUE"
        ),
        (
            "SELECT * FROM mta.updates WHERE route_id IN (SELECT updates.seen FROM old.updates)",
            "SELECT * FROM \"mta.updates\" AS \"updates\" WHERE route_id IN (SELECT updates.seen FROM \"old.updates\" AS \"updates\")"
        ),
        // Queries in queries.
        (
            "SELECT (SELECT max(n) FROM mta.`daily-sums`) FROM (SELECT * FROM mta.updates) t",
            "SELECT (SELECT max(n) FROM \"mta.daily-sums\" AS \"daily-sums\") FROM (SELECT * FROM \"mta.updates\" AS \"updates\") t"
        ),
        (
            "WITH a AS (SELECT * FROM mta.updates), b(x) AS NOT MATERIALIZED (SELECT 1) SELECT * FROM a, b JOIN A ON 1",
            "WITH a AS (SELECT * FROM \"mta.updates\" AS \"updates\"), b(x) AS NOT MATERIALIZED (SELECT 1) SELECT * FROM a, b JOIN A ON 1"
        ),
        (
            "SELECT 1 FROM mta.stops UNION ALL SELECT 2 FROM old.updates ORDER BY 1",
            "SELECT 1 FROM \"mta.stops\" AS \"stops\" UNION ALL SELECT 2 FROM \"old.updates\" AS \"updates\" ORDER BY 1"
        ),
        // What is no table.
        (
            "SELECT 'FROM mta.nothing', \"FROM x.y\" -- FROM a.b\n",
            "SELECT 'FROM mta.nothing', \"FROM x.y\" -- FROM a.b\n"
        ),
        ("SELECT 1 # FROM a.b\n, 2", "SELECT 1 \n, 2"),
        ("SELECT * FROM json_each('[1]') AS j", "SELECT * FROM json_each('[1]') AS j"),
        (
            "SELECT a IS DISTINCT FROM b.c FROM mta.stops",
            "SELECT a IS DISTINCT FROM b.c FROM \"mta.stops\" AS \"stops\""
        ),
        ("SELECT trim(a FROM b.c) FROM mta.stops", "SELECT trim(a FROM b.c) FROM \"mta.stops\" AS \"stops\""),
        ("VALUES (1)", "VALUES (1)"),
        ("SELECT 1;", "SELECT 1;"),
        // Timestamps.
        ("SELECT TIMESTAMP '2026-02-28 00:40:00'", "SELECT 1772239200000000"),
        ("SELECT CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP", "SELECT CURRENT_TIMESTAMP, CURRENT_TIMESTAMP"),
        (
            "SELECT TIMESTAMP_TRUNC(seen, minute) FROM mta.updates",
            "SELECT TIMESTAMP_TRUNC(seen, 'MINUTE') FROM \"mta.updates\" AS \"updates\""
        ),
        (
            "SELECT 1 FROM mta.updates WHERE seen >= '2026-02-28T00:40:00Z' AND '2026-02-28' < updates.seen",
            "SELECT 1 FROM \"mta.updates\" AS \"updates\" WHERE seen >= 1772239200000000 AND 1772236800000000 < updates.seen"
        ),
        (
            "SELECT 1 FROM mta.updates WHERE seen NOT BETWEEN '2026-02-28' AND '2026-02-28 00:40:00 UTC' OR seen IN ('2026-02-28', '2026-02-28')",
            "SELECT 1 FROM \"mta.updates\" AS \"updates\" WHERE seen NOT BETWEEN 1772236800000000 AND 1772239200000000 "
                + "OR seen IN (1772236800000000, 1772236800000000)"
        ),
        (
            "SELECT 1 FROM mta.updates WHERE seen BETWEEN TIMESTAMP '2026-02-28' AND '2026-02-28' AND route_id = 'A'",
            "SELECT 1 FROM \"mta.updates\" AS \"updates\" WHERE seen BETWEEN 1772236800000000 AND 1772236800000000 AND route_id = 'A'"
        ),
        // `seen` is a text in the other table: nothing is assumed.
        (
            "SELECT 1 FROM mta.updates u, old.updates o WHERE o.seen = 'yes'",
            "SELECT 1 FROM \"mta.updates\" u, \"old.updates\" o WHERE o.seen = 'yes'"
        ),
    ])
    func rewrites(_ sql: String, _ expected: String) throws {
        #expect(try QueryCompiler.compile(sql, tables: Self.tables).text == expected)
    }

    @Test(arguments: [
        ("SELECT * FROM mta.update", "1:15: there is no table 'mta.update'; did you mean 'mta.updates'?"),
        ("SELECT *\nFROM mta.stops,\n  mt.stops", "3:3: there is no table 'mt.stops'; did you mean 'mta.stops'?"),
        ("SELECT * FROM stops", "1:15: there is no table 'stops'; did you mean 'mta.stops'?"),
        ("SELECT * FROM other.thing", "1:15: there is no table 'other.thing'; the datasets are mta, old"),
        ("SELECT * FROM old.thing", "1:15: there is no table 'old.thing'; the dataset has old.updates"),
        ("SELECT * FROM sqlite_schema", "1:15: there is no table 'sqlite_schema'; write dataset.table"),
        ("SELECT * FROM _state", "1:15: there is no table '_state'; write dataset.table"),
        (
            "SELECT * FROM mta.INFORMATION_SCHEMA.VIEWS",
            "1:15: there is no view 'INFORMATION_SCHEMA.VIEWS'; there are TABLES, COLUMNS, SCHEMATA"
        ),
        (
            "DELETE FROM mta.updates",
            "1:1: DELETE is refused: queries only read the warehouse; rows are written by pipelines; use SELECT"
        ),
        (
            "  pragma user_version = 3",
            "1:3: PRAGMA is refused: queries only read the warehouse; rows are written by pipelines; use SELECT"
        ),
        ("SELCT 1", "1:1: 'SELCT' does not begin a query; did you mean 'SELECT'?; queries begin with SELECT or WITH"),
        ("SELECT 1; SELECT 2", "1:11: a second statement begins here; send one query at a time"),
        (" -- nothing\n", "there is no query; write SELECT …"),
        (
            "SELECT 1 FROM mta.updates WHERE seen > 'noon'",
            "1:40: column 'seen' is TIMESTAMP, and 'noon' is none; write it as '2026-02-28T00:40:00Z'"
        ),
        ("SELECT TIMESTAMP 'noon'", "1:18: 'noon' is no timestamp; write it as '2026-02-28T00:40:00Z'"),
    ])
    func refusals(_ sql: String, _ message: String) {
        #expect(warehouseError { try QueryCompiler.compile(sql, tables: Self.tables) }?.description == message)
    }

    @Test func placesLeadBackToTheOriginal() throws {
        let query = try QueryCompiler.compile(
            "SELECT a,\n mta.updates.b, c FROM mta.updates WHERE d", tables: Self.tables)
        for (word, place) in [("a", "1:8"), ("b", "2:14"), ("c", "2:17"), ("d", "2:42")] {
            let marked = " \(word)".utf8
            let text = Array(query.text.utf8)
            let offset = text.indices.first { text[$0...].starts(with: word == "b" ? ".b".utf8 : marked) }
            #expect(query.position(of: (offset ?? 0) + 1).description == place)
        }
    }

    @Test(
        arguments: [
            ("SELECT max(t) FROM x", "SELECT  t  FROM x"),
            ("SELECT count(*), coalesce(max(t), min(u)) AS m FROM x", "SELECT count(*),   t   AS m FROM x"),
            ("SELECT lag(t, 1) OVER (ORDER BY t) FROM x", "SELECT  t  FROM x"),
            ("SELECT first_value(t) FILTER (WHERE a) OVER w FROM x WINDOW w AS ()", "SELECT  t  FROM x WINDOW w AS ()"),
            ("SELECT TIMESTAMP_SECONDS(max(t))", "SELECT (SELECT \"TIMESTAMP\" FROM _types)"),
            ("SELECT count(*) FROM x", nil),
            ("SELECT 'max(t)', x.max FROM x", nil),
        ] as [(String, String?)])
    func typeProbes(_ sql: String, _ probe: String?) {
        #expect(ResultTypeProbe.probe(for: sql) == probe)
    }
}
