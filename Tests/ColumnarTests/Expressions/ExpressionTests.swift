import Columnar
import Testing
import Time

@Suite("Python expressions") struct ExpressionTests {
    @Test(
        "give what CPython gives, row by row",
        arguments: ExpressionTable.lines)
    func matchesCPython(line: String) throws {
        let parts = line.split(separator: " => ", maxSplits: 1)
        let source = String(parts[0]).replacing("\\nlambda", with: "\nlambda")
        let expected = parts[1].split(separator: " ¦ ", omittingEmptySubsequences: false).map(String.init)
        let compiled = try PythonExpression(source, as: form(of: source)).compile(over: ExpressionRows.schema)
        #expect(evaluated(compiled).map { $0.replacing("\n", with: "\\n") } == expected, "\(source)")
    }

    /// A selection, and a batch in which every row stands twice, must change nothing for the rows that are left.
    @Test("see only the live rows", arguments: ExpressionTable.lines)
    func obeysSelection(line: String) throws {
        let source = String(line.split(separator: " => ", maxSplits: 1)[0]).replacing("\\nlambda", with: "\nlambda")
        let compiled = try PythonExpression(source, as: form(of: source)).compile(over: ExpressionRows.schema)
        let whole = evaluated(compiled)
        var selected = ExpressionRows.batch
        selected.selection = [1, 3, 4]
        #expect(evaluated(compiled, on: selected) == [1, 3, 4].map { whole[$0] }, "\(source)")
        let repeated = ExpressionRows.batch.taking((0..<200).map { Int32($0 % 5) })
        #expect(evaluated(compiled, on: repeated) == (0..<200).map { whole[$0 % 5] }, "\(source)")
        var empty = ExpressionRows.batch
        empty.selection = []
        #expect(evaluated(compiled, on: empty).isEmpty)
    }

    private func form(of source: String) -> PythonExpression.Form {
        source.contains("lambda") ? .callable : .expression
    }

    @Test("say of what type they are and whether they can be null")
    func types() throws {
        let cases: [(String, DataType, Bool)] = [
            ("i + 1", .int64, false), ("i / 1", .float64, false), ("i + 0.5", .float64, false), ("n", .int64, true),
            ("n + 1", .int64, false), ("s if b else None", .string, true), ("1 if b else 2.5", .float64, false),
            ("o or s", .string, false), ("o and s", .string, true), ("n is None", .boolean, false),
            ("s.split()", .list(.string), false),
            ("r.z", ExpressionRows.inner, true), ("l[0]", .int64, true), ("f'{n}'", .string, false),
            ("None", .null, true), ("[x.id for x in e]", .list(.int64), false), ("[i, n]", .list(.int64), false),
            ("sum(l)", .int64, false), ("max(l)", .int64, true), ("any(l)", .boolean, false),
            ("sorted(s)", .list(.string), false), ("[[x.v] for x in e]", .list(.list(ExpressionRows.place)), false),
            ("[1, 2]", .list(.int64), false), ("b'x'", .bytes, false),
        ]
        for (source, type, isNullable) in cases {
            let compiled = try PythonExpression(source, as: .expression).compile(over: ExpressionRows.schema)
            #expect(compiled.type == type, "\(source)")
            #expect(compiled.isNullable == isNullable, "\(source)")
        }
    }

    @Test("give floats where Python gives an integer on some rows")
    func floatsThroughout() throws {
        let none = "!'NoneType' object is not iterable"
        let cases: [(String, [String])] = [
            ("max(l, default=0.5)", ["3.0", "0.5", "5.0", none, "7.0"]),
            ("sum(x.v.d for x in e if x and x.v and x.v.d)", ["-0.5", "0.0", none, "2.5", "1000.0"]),
            ("sum(l, 0.0)", ["6.0", "0.0", "5.0", none, "14.0"]),
        ]
        for (source, expected) in cases {
            let compiled = try PythonExpression(source, as: .expression).compile(over: ExpressionRows.schema)
            #expect(compiled.type == .float64)
            #expect(evaluated(compiled) == expected, "\(source)")
        }
    }

    @Test("reject a text in which a pattern's group repeats beyond what the stack holds")
    func deepPatterns() throws {
        let batch = Batch(
            Schema([Field("t", .string)]),
            rows: [[.string("abab")], [.string(String(repeating: "ab", count: 50_000))], [.string("abx")]])
        let code = "import re\nlambda row: re.sub('(ab)*', '', row.t) + str(len(re.sub('[ab]*', '', row.t)))"
        let compiled = try PythonExpression(code, as: .callable).compile(over: batch.schema)
        #expect(evaluated(compiled, on: batch) == ["'0'", "!the pattern goes back too far in the text", "'x1'"])
    }

    @Test("reject what does not fit in 64 bits, where Python's integers go on")
    func overflow() throws {
        let largest = Batch(Schema([Field("a", .int64)]), rows: [[.int64(.max)], [.int64(.min)], [.int64(1)]])
        let cases: [(String, [String])] = [
            ("a + 1", ["!9223372036854775807 + 1 does not fit in 64 bits", "-9223372036854775807", "2"]),
            ("a - 1", ["9223372036854775806", "!-9223372036854775808 - 1 does not fit in 64 bits", "0"]),
            ("-a", ["-9223372036854775807", "!9223372036854775808 does not fit in 64 bits", "-1"]),
            ("abs(a)", ["9223372036854775807", "!9223372036854775808 does not fit in 64 bits", "1"]),
            ("a // -1", ["-9223372036854775807", "!-9223372036854775808 // -1 does not fit in 64 bits", "-1"]),
            ("a % -1", ["0", "0", "0"]),
            (
                "a ** 2",
                [
                    "!9223372036854775807 ** 2 does not fit in 64 bits",
                    "!-9223372036854775808 ** 2 does not fit in 64 bits", "1",
                ]
            ),
            ("a / a", ["1.0", "1.0", "1.0"]),
            ("a / 3", ["3.0744573456182584e+18", "-3.0744573456182584e+18", "0.3333333333333333"]),
            ("int('9223372036854775808')", Array(repeating: "!9223372036854775808 does not fit in 64 bits", count: 3)),
            ("int(1e30)", Array(repeating: "!1e+30 does not fit in 64 bits", count: 3)),
            ("a == -9223372036854775808", ["False", "True", "False"]),
        ]
        for (source, expected) in cases {
            let compiled = try PythonExpression(source, as: .expression).compile(over: largest.schema)
            #expect(evaluated(compiled, on: largest) == expected, "\(source)")
        }
    }

    @Test("count as true or false in a filter")
    func predicates() throws {
        let cases: [(String, [Bool])] = [
            ("s", [true, false, true, true, true]), ("n", [true, false, false, true, true]),
            ("n and s", [true, false, false, true, true]), ("n or o", [true, false, false, true, true]),
            ("not l", [false, true, false, true, false]), ("r and r.z", [true, false, false, true, true]),
            ("i and s", [true, false, false, true, true]),
        ]
        for (source, expected) in cases {
            let compiled = try PythonExpression(source, as: .expression).compilePredicate(over: ExpressionRows.schema)
            #expect(compiled.type == .boolean)
            #expect(evaluated(compiled) == expected.map { $0 ? "True" : "False" }, "\(source)")
        }
    }

    @Test("make timestamps as Beam does")
    func timestamps() throws {
        let batch = Batch(
            Schema([Field("t", .timestamp), Field("s", .string), Field("f", .float64), Field("n", .int64)]),
            rows: [
                [.timestamp(Timestamp(micros: 1_500_000)), .string("1772239270"), .float64(1.2345678), .int64(3)],
                [.timestamp(Timestamp(micros: -1)), .string("x"), .float64(-0.5), .null],
                [.null, .null, .float64(.nan), .int64(0)],
            ])
        let none = "!Cannot interpret None <class 'NoneType'> as"
        let cases: [(String, [String])] = [
            (
                "Timestamp(int(row.s))",
                [
                    "Timestamp(1772239270)", "!invalid literal for int() with base 10: 'x'",
                    "!int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
                ]
            ),
            (
                "Timestamp(row.f)",
                ["Timestamp(1.234567)", "Timestamp(-0.500000)", "!cannot convert float NaN to integer"]
            ),
            ("Timestamp(row.n)", ["Timestamp(3)", none + " seconds.", "Timestamp(0)"]),
            ("Timestamp.of(row.n)", ["Timestamp(3)", none + " Timestamp.", "Timestamp(0)"]),
            ("Timestamp(micros=row.n)", ["Timestamp(0.000003)", none + " micros.", "Timestamp(0)"]),
            ("Timestamp(row.n) if row.n is not None else None", ["Timestamp(3)", "None", "Timestamp(0)"]),
            ("row.t.micros", ["1500000", "-1", "!'NoneType' object has no attribute 'micros'"]),
            ("row.t.seconds() if row.t else 0", ["1", "-1", "0"]),
            ("int(row.t) if row.t else 0", ["1", "-1", "0"]),
            ("float(row.t) if row.t else 0.0", ["1.5", "-1e-06", "0.0"]),
            ("row.t + 2 if row.t else None", ["Timestamp(3.500000)", "Timestamp(1.999999)", "None"]),
            ("row.t - 0.5 if row.t else None", ["Timestamp(1)", "Timestamp(-0.500001)", "None"]),
            ("row.t is not None and row.t > Timestamp(0)", ["True", "False", "False"]),
            ("row.t is not None and row.t >= 1.5", ["True", "False", "False"]),
            ("row.t == Timestamp(1.5)", ["True", "False", "False"]),
            ("Timestamp.from_rfc3339('2026-02-28T00:41:10Z').micros", Array(repeating: "1772239270000000", count: 3)),
            (
                "Timestamp(9999999999999)",
                Array(repeating: "!9999999999999 seconds are beyond the range of timestamps", count: 3)
            ),
        ]
        for (source, expected) in cases {
            let code = "from apache_beam.utils.timestamp import Timestamp\nlambda row: " + source
            let compiled = try PythonExpression(code, as: .callable).compile(over: batch.schema)
            #expect(evaluated(compiled, on: batch) == expected, "\(source)")
        }
    }

    @Test("read fields that a row may lack with getattr")
    func absentFields() throws {
        let cases: [(String, [String])] = [
            ("getattr(row, 'missing', 'd')", ["'d'", "'d'", "'d'", "'d'", "'d'"]),
            ("getattr(row, 'missing', None) or row.s", ["'Abc'", "''", "'Größe σς'", "' 12 '", "'😀a,b,,c'"]),
            ("getattr(row, 'o', 'd')", ["'x'", "'d'", "''", "'12'", "\" it's\\n\""]),
            ("getattr(row, 'n', 5)", ["1", "None", "0", "-3", "9"]),
            ("getattr(row.r, 'x', -1)", ["5", "None", "-1", "0", "7"]),
            ("getattr(row.r, 'nothing', -1)", ["-1", "-1", "-1", "-1", "-1"]),
            ("getattr(getattr(row.r, 'z', None), 'w', 'none')", ["'deep'", "'none'", "'none'", "None", "'v'"]),
            ("hasattr(row, 'missing') or hasattr(row, 'o')", ["True", "False", "True", "True", "True"]),
            ("hasattr(row.r, 'x')", ["True", "True", "False", "True", "True"]),
        ]
        for (source, expected) in cases {
            let compiled = try PythonExpression("lambda row: " + source, as: .callable)
                .compile(over: ExpressionRows.schema, possiblyAbsent: ["o"])
            #expect(evaluated(compiled) == expected, "\(source)")
            #expect(compiled.assumedPresent.isEmpty, "\(source)")
        }
        let guarded = [
            "row.o if getattr(row, 'o', None) else ''", "getattr(row, 'o', None) is not None and row.o > 'a'",
            "row.o if row.b and hasattr(row, 'o') else 'x'",
        ]
        for source in guarded {
            let compiled = try PythonExpression("lambda row: " + source, as: .callable)
                .compile(over: ExpressionRows.schema, possiblyAbsent: ["o"])
            #expect(compiled.assumedPresent.isEmpty, "\(source)")
        }
        let direct = try PythonExpression("lambda row: row.o or row.s or row.o", as: .callable)
            .compile(over: ExpressionRows.schema, possiblyAbsent: ["o"])
        #expect(direct.assumedPresent.map(\.name) == ["o"])
        #expect(direct.assumedPresent.map(\.offset) == [16])
    }

    @Test("treat a field that is always null as None")
    func nullFields() throws {
        let batch = Batch(Schema([Field("x", .null)]), rows: [[.null], [.null]])
        let cases: [(String, String)] = [
            ("x is None", "True"), ("x == None", "True"), ("x or 5", "5"), ("x if x is not None else 'a'", "'a'"),
            ("not x", "True"),
            ("x + 1", "!unsupported operand type(s) for +: 'NoneType' and 'int'"), ("str(x)", "'None'"),
            ("x.upper()", "!'NoneType' object has no attribute 'upper'"),
            ("x.y", "!'NoneType' object has no attribute 'y'"),
            ("x < 1", "!'<' not supported between instances of 'NoneType' and 'int'"), ("x in (1, None)", "True"),
            ("len(x)", "!object of type 'NoneType' has no len()"), ("x[0]", "!'NoneType' object is not subscriptable"),
        ]
        for (source, expected) in cases {
            let compiled = try PythonExpression(source, as: .expression).compile(over: batch.schema)
            #expect(evaluated(compiled, on: batch) == [expected, expected], "\(source)")
        }
    }
}
