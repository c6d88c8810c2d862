import Columnar
import Testing

private func pairs(_ entries: [(String, Scalar)]) -> Scalar {
    .list(entries.map { .structure([.string($0.0), $0.1]) })
}

/// Four rows: two entries, none, null, one with a null.
private let column = Column(
    .map(.int64),
    [
        pairs([("a", .int64(1)), ("ü", .int64(2))]), pairs([]), .null, pairs([("a", .null)]),
    ])

@Suite("Columns of maps") struct MapColumnTests {
    @Test("keep their values through every rearrangement")
    func rearranged() {
        let values = (0..<4).map { column[$0] }
        #expect(column.type == .map(.int64))
        #expect(column.count == 4)
        #expect(column.take([3, -1, 0, 0]) == Column(.map(.int64), [values[3], .null, values[0], values[0]]))
        #expect(column.slice(1..<4) == Column(.map(.int64), Array(values[1...])))
        #expect(column.filter(Bitmap([true, false, true, false])) == Column(.map(.int64), [values[0], .null]))
        #expect(
            Column.concatenating([column, .null(count: 1), column.slice(0..<1)])
                == Column(.map(.int64), values + [.null, values[0]]))
        #expect(column.masked(by: Bitmap([false, true, true, true]))[0] == .null)
        #expect(Column.nulls(.map(.int64), count: 2).isNull(1))
        #expect(column != Column(.map(.int64), [values[3], values[1], .null, values[0]]))
    }

    @Test("are stored and read back")
    func serialized() throws {
        #expect(try Column(serialized: column.serialized()) == column)
        let batch = Batch(Schema([Field("m", .map(.int64))]), rows: (0..<4).map { [column[$0]] })
        #expect(try Batch(serialized: batch.serialized()) == batch)
    }

    @Test("are written as JSON objects, and read from them with their keys in order, each once")
    func json() throws {
        let schema = Schema([Field("m", .map(.int64))])
        let batch = Batch(schema, rows: (0..<4).map { [column[$0]] })
        let text = JSONBatchEncoder().encodeLines(batch)
        #expect(
            String(decoding: text, as: UTF8.self) == """
                {"m":{"a":1,"ü":2}}
                {"m":{}}
                {"m":null}
                {"m":{"a":null}}

                """)
        #expect(JSONBatchDecoder(schema: schema).decodeLines(text).columns == [column])
        let lines = #"{"m": {"b": 1, "a": 2, "b": 3}}"# + "\n" + #"{"m": {"a": "x"}}"# + "\n" + #"{"m": {"q": 5 }}"#
        let decoded = JSONBatchDecoder(schema: schema).decodeLines(Array(lines.utf8))
        #expect(
            decoded.columns == [
                Column(.map(.int64), [pairs([("a", .int64(2)), ("b", .int64(3))]), pairs([("q", .int64(5))])])
            ])
        #expect(decoded.failures.map(\.document) == [1])
    }

    @Test("of texts come from dictionaries, their keys in order")
    func dictionaries() {
        let maps = Column.map(MapColumn([["b": "1", "a": "2"], [:]]))
        #expect(maps == Column(.map(.string), [pairs([("a", .string("2")), ("b", .string("1"))]), pairs([])]))
        var index = GroupIndex(types: [.map(.string)])
        #expect(
            index.insert([.map(MapColumn([["b": "1", "a": "2"], [:], ["a": "2", "b": "1"]]))], count: 3) == [0, 1, 0])
        #expect(index.keyColumns == [maps])
    }

    @Test(
        "are asked for values in expressions",
        arguments: [
            ("m['a']", ["1", "!'a'", "!'NoneType' object is not subscriptable", "null"]),
            ("m.get('ü')", ["2", "null", "!'NoneType' object has no attribute 'get'", "null"]),
            ("m.get('ü', 0)", ["2", "0", "!'NoneType' object has no attribute 'get'", "0"]),
            ("m.get(k, 7)", ["1", "7", "!'NoneType' object has no attribute 'get'", "7"]),
            ("'a' in m", ["true", "false", "!argument of type 'NoneType' is not iterable", "true"]),
            ("'a' not in m", ["false", "true", "!argument of type 'NoneType' is not iterable", "false"]),
            ("len(m)", ["2", "0", "!object of type 'NoneType' has no len()", "1"]),
            ("1 if m else 0", ["1", "0", "0", "1"]),
            ("m is None", ["false", "false", "true", "false"]),
            ("m['a'] if m is not None and 'a' in m else 9", ["1", "9", "9", "null"]),
        ])
    func expressions(_ source: String, _ expected: [String]) throws {
        let schema = Schema([Field("m", .map(.int64)), Field("k", .string)])
        let batch = Batch(
            schema: schema, columns: [column, Column(.string, [.string("a"), .string("b"), .null, .null])], count: 4,
            eventTimes: [0, 0, 0, 0])
        let compiled = try PythonExpression(source, as: .expression).compile(over: schema)
        for rows in [[0, 1, 2, 3], [3, 1], [2, 2, 0]] as [[Int32]] {
            var failures = RowFailures()
            let values = compiled.evaluate(batch.taking(rows), failures: &failures)
            let found = rows.indices.map { row in
                failures.reasons[Int32(row)].map { "!\($0)" }
                    ?? String(decoding: JSONBatchEncoder().encode(values, row), as: UTF8.self)
            }
            #expect(found == rows.map { expected[Int($0)] })
        }
    }
}
