import CPython
import Columnar
import Foundation
import Pipes
import Testing
import Time

/// Rows with a whole number `n` and a text `s`.
func numbered(_ count: Int) -> StructColumn {
    StructColumn(
        fields: [Field("n", .int64), Field("s", .string)],
        children: [
            .int64(FixedColumn(values: (0..<count).map { Int64($0) })),
            .string(BytesColumn((0..<count).map { Array("row \($0)".utf8) })),
        ], count: count)
}

func callable(_ source: String, fields: [String]? = nil) -> PythonFunction {
    PythonFunction(form: .callable, source: source, origin: "p.yaml:7", fields: fields)
}

extension BytesColumn {
    /// Values one after the other.
    init(_ values: [[UInt8]]) {
        self.init(
            offsets: values.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.count)) },
            bytes: values.flatMap { $0 })
    }
}

/// A file that a worker can leave a mark in.
private func mark() -> String { NSTemporaryDirectory() + "streamtop-python-\(UUID())" }

@Suite("Python in worker processes") struct PythonPoolTests {
    let pool = PythonPool(clock: ManualClock(now: Timestamp(seconds: 0)))

    private func evaluate(
        _ function: PythonFunction, _ result: PythonResult, over rows: StructColumn? = nil
    ) async throws -> PythonValues {
        try await pool.evaluate([PythonCall(function, result)], over: rows ?? numbered(5))
    }

    @Test("calls a function for each row")
    func rows() async throws {
        let values = try await evaluate(
            callable("import math\ndef f(row):\n    return math.floor(row.n / 2) if row.s != 'row 4' else None"),
            PythonResult(.int64))
        #expect(values.columns == [Column(.int64, [.int64(0), .int64(0), .int64(1), .int64(1), .null])])
        #expect(values.failures.isEmpty)
        await pool.close()
    }

    @Test("gives maps as dictionaries, and takes dictionaries for maps")
    func maps() async throws {
        let maps = Column.map(MapColumn([["a": "1", "b": "é"], [:]]))
        let rows = StructColumn(fields: [Field("m", .map(.string))], children: [maps], count: 2)
        let turned = try await evaluate(
            callable("def f(row):\n    return {v: len(k) for k, v in reversed(sorted(row.m.items()))}"),
            PythonResult(.map(.int64)), over: rows)
        let expected = Scalar.list([.structure([.string("1"), .int64(1)]), .structure([.string("é"), .int64(1)])])
        #expect(turned.columns == [Column(.map(.int64), [expected, .list([])])])
        #expect(turned.failures.isEmpty)
        let back = try await evaluate(
            callable("def f(row):\n    return row.m or None"), PythonResult(.map(.string)), over: rows)
        #expect(back.columns == [Column(.map(.string), [maps[0], .null])])
        await pool.close()
    }

    @Test("gives a row as an object with its fields, nested ones too")
    func row() async throws {
        let inner = StructColumn(
            fields: [Field("count", .int64), Field("my field", .string)],
            children: [Column(.int64, [.int64(7)]), Column(.string, [.string("é")])], count: 1)
        let rows = StructColumn(
            fields: [Field("a", .int64), Field("b", .structure(inner.fields)), Field("tags", .list(.string))],
            children: [
                Column(.int64, [.int64(1)]), .structure(inner),
                Column(.list(.string), [.list([.string("x"), .string("y")])]),
            ], count: 1)
        let tests = [
            "row.b.count == 7", "getattr(row.b, 'my field') == 'é'", "getattr(row, 'none', 3) == 3", "row[0] == 1",
            "row._asdict()['a'] == 1", "row.as_dict()['tags'] == ['x', 'y']", "list(row)[0] == row.a",
            "row == (1, (7, 'é'), ['x', 'y'])", "repr(row.b)[:12] == 'Row(count=7,'",
            "row._fields == ('a', 'b', 'tags')",
            "row._replace(a=2).a == 2", "hasattr(row, 'b') and not hasattr(row, 'c')", "len(row) == 3",
            "__import__('pickle').loads(__import__('pickle').dumps(row)) == row",
        ]
        for test in tests {
            let values = try await evaluate(callable("lambda row: \(test)"), .truth, over: rows)
            #expect(values.columns == [Column(.boolean, [.boolean(true)])], "\(test) \(values.failures.reasons)")
        }
        await pool.close()
    }

    @Test("lacks the fields that Enrichment did not find, where they are null")
    func absentFields() async throws {
        let rows = StructColumn(
            fields: [Field("a", .int64), Field("x", .string)],
            children: [Column(.int64, [.int64(1), .null]), Column(.string, [.null, .string("found")])], count: 2)
        let tests = [
            "getattr(row, 'x', 'default') == ['default', 'found'][row.a is None]",
            "hasattr(row, 'x') == (row.a is None)", "hasattr(row, 'a')", "('x' in row._asdict()) == (row.a is None)",
        ]
        for test in tests {
            var function = callable("lambda row: \(test)")
            function.absentFields = ["x"]
            let values = try await evaluate(function, .truth, over: rows)
            #expect(values.columns == [Column(.boolean, [.boolean(true), .boolean(true)])], "\(test)")
        }
        var function = callable("lambda row: row.x")
        function.absentFields = ["x"]
        let values = try await evaluate(function, PythonResult(.string), over: rows)
        #expect(values.failures.reasons.keys.sorted() == [0])
        await pool.close()
    }

    @Test("rejects a row that raises, with the exception and its traceback, and no other")
    func failures() async throws {
        let values = try await evaluate(
            callable("def f(row):\n    if row.n % 2:\n        raise ValueError('odd \\ud800')\n    return row.n"),
            PythonResult(.int64))
        #expect(values.columns == [Column(.int64, [.int64(0), .null, .int64(2), .null, .int64(4)])])
        #expect(values.failures.reasons == [1: #"ValueError('odd \ud800')"#, 3: #"ValueError('odd \ud800')"#])
        let trace = try #require(values.failures.traces[1])
        #expect(trace.hasPrefix("Traceback (most recent call last):\n  File \"p.yaml:7\", line 3, in f\n"))
        #expect(trace.contains("raise ValueError("))
        let left = try await evaluate(callable("def f(row): exit(3)"), PythonResult(.int64), over: numbered(1))
        #expect(left.failures.reasons == [0: "SystemExit(3)"])
        await pool.close()
    }

    @Test("rejects values of another type than the function's")
    func types() async throws {
        let cases: [(String, DataType, Bool, String)] = [
            ("row.s", .int64, true, "TypeError('str is no integer')"),
            ("1.5", .int64, true, "TypeError('float is no integer')"),
            ("None", .int64, false, "TypeError(\"None violates schema {'type': 'integer'}\")"),
            ("2 ** 63", .int64, true, "OverflowError('9223372036854775808 is beyond 64 bits')"),
            ("row.n", .string, true, "TypeError('int is no string')"),
            ("b'x'", .string, true, "TypeError('bytes is no string')"),
            ("1", .boolean, true, "TypeError('int is no boolean')"),
            ("'x'", .list(.string), true, "TypeError('str is no list')"),
            ("{'a': 1, 'b': 2}", .structure([Field("a", .int64)]), true, "TypeError(\"the row has no field 'b'\")"),
            ("{}", .structure([Field("a", .int64, isNullable: false)]), true, "TypeError(\"the field 'a' is None\")"),
            ("[1, 'x']", .list(.int64), true, "TypeError('str is no integer')"),
        ]
        for (source, type, nullable, reason) in cases {
            let values = try await evaluate(
                callable("lambda row: \(source)"), PythonResult(type, isNullable: nullable), over: numbered(1))
            #expect(values.failures.reasons == [0: reason], "\(source)")
            #expect(values.columns.map(\.type) == [type])
        }
        await pool.close()
    }

    @Test("is not disturbed by what code prints and reads")
    func noise() async throws {
        let source = """
            import os, sys
            def f(row):
                print('x' * 10000)
                os.write(1, b'more')
                sys.stdout.write('and more')
                return len(sys.stdin.read())
            """
        let values = try await evaluate(callable(source), PythonResult(.int64), over: numbered(100))
        #expect(values.columns == [Column(.int64, [Scalar](repeating: .int64(0), count: 100))])
        await pool.close()
    }

    @Test("starts a process anew that dies in the middle, and repeats its batch")
    func restart() async throws {
        let file = mark()
        let source = """
            import os
            def f(row):
                if row.n == 3 and not os.path.exists('\(file)'):
                    open('\(file)', 'w').close()
                    os._exit(9)
                return row.n
            """
        let values = try await evaluate(callable(source), PythonResult(.int64))
        #expect(values.columns == [numbered(5).children[0]])
        #expect(values.failures.isEmpty)
        #expect(await pool.startedProcesses == 2)
        await pool.close()
        try FileManager.default.removeItem(atPath: file)
    }

    @Test("rejects only the row that ends the process every time")
    func fatalRow() async throws {
        let values = try await evaluate(
            callable("import os\ndef f(row):\n  return os.kill(os.getpid(), 9) if row.n == 13 else row.n"),
            PythonResult(.int64), over: numbered(40))
        #expect(values.failures.reasons.keys.sorted() == [13])
        #expect(values.failures.reasons[13]?.hasPrefix("the Python process ended on this row, twice: ") == true)
        #expect((0..<40).filter { $0 != 13 }.allSatisfy { values.columns[0][$0] == .int64(Int64($0)) })
        await pool.close()
    }

    @Test("rejects a batch that takes too long, and goes on")
    func timeout() async throws {
        let clock = ManualClock(now: Timestamp(seconds: 0))
        let pool = PythonPool(clock: clock, settings: .init(batchTimeout: .seconds(60)))
        let slow = PythonCall(callable("def f(row):\n  while True: pass"), PythonResult(.int64))
        async let late = pool.evaluate([slow], over: numbered(2))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(61))
        let reason = "the code took longer than 60 s for a batch of 2 rows; its process was ended"
        #expect(try await late.failures.reasons == [0: reason, 1: reason])
        let quick = PythonCall(callable("lambda row: row.n"), PythonResult(.int64))
        #expect(try await pool.evaluate([quick], over: numbered(2)).columns == [numbered(2).children[0]])
        #expect(clock.sleeperCount == 0)
        await pool.close()
    }

    @Test("stops at once when its task is cancelled or the pool is closed")
    func cancellation() async throws {
        let endless = PythonCall(callable("def f(row):\n  while True: pass"), PythonResult(.int64))
        let clock = ManualClock(now: Timestamp(seconds: 0))
        let pool = PythonPool(clock: clock)
        let cancelled = Task { try await pool.evaluate([endless], over: numbered(1)) }
        await clock.waitForSleepers()
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        let closed = Task { try await pool.evaluate([endless], over: numbered(1)) }
        await clock.waitForSleepers()
        await pool.close()
        await #expect(throws: PythonError.self) { try await closed.value }
    }

    @Test("has as many processes as are busy at once, and cuts large batches")
    func processes() async throws {
        let pool = PythonPool(clock: SystemClock(), settings: .init(maxRows: 7))
        let call = PythonCall(callable("lambda row: row.n if row.n != 11 else 1 // 0"), PythonResult(.int64))
        for _ in 0..<3 {
            let values = try await pool.evaluate([call], over: numbered(20))
            #expect(values.failures.reasons == [11: "ZeroDivisionError('integer division or modulo by zero')"])
            #expect(values.columns[0].count == 20)
        }
        #expect(await pool.startedProcesses == 1)
        await pool.close()
    }

    @Test("says what is missing when code cannot be loaded")
    func loading() async throws {
        let call = PythonCall(callable("import no_such_module\nlambda row: 1"), PythonResult(.int64))
        let error = await #expect(throws: PythonError.self) { try await pool.load([call]) }
        #expect(
            error?.description == "the Python code of p.yaml:7 cannot be loaded: ModuleNotFoundError: "
                + "No module named 'no_such_module'; "
                + "install the module for the python3 on the PATH ('python3 -m pip install …')")
        await pool.close()
    }

    @Test("says what to install where there is no Python, or an old one")
    func installation() throws {
        #expect(try PythonInstallation.find().version.lexicographicallyPrecedes([3, 8]) == false)
        let none = #expect(throws: PythonError.self) { try PythonInstallation.find(path: "/nowhere") }
        #expect(none?.description.contains("apt install python3") == true)
        let folder = mark()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Written by another process: what this one has open for writing, a child started meanwhile has open too.
        let script = Process()
        script.executableURL = URL(fileURLWithPath: "/bin/sh")
        script.arguments = [
            "-c", "printf '#!/bin/sh\necho /old/python3\necho 3 7 17\n' > \"$0\"; chmod +x \"$0\"", folder + "/python3",
        ]
        try script.run()
        script.waitUntilExit()
        let old = #expect(throws: PythonError.self) { try PythonInstallation.find(path: folder) }
        #expect(old?.message == "\(folder)/python3 is Python 3.7.17, and pipelines need 3.8 or newer")
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("takes expressions, files, dotted names and Beam's rows and times")
    func forms() async throws {
        let cases: [(PythonFunction, DataType, Scalar)] = [
            (
                PythonFunction(form: .expression, source: "n + len(s) # sum", origin: "e", fields: ["n", "s"]), .int64,
                .int64(5)
            ),
            (PythonFunction(form: .expression, source: "3", origin: "e", fields: []), .int64, .int64(3)),
            (
                PythonFunction(
                    form: .file, source: "def a(r): return 1\ndef b(r): return 2", name: "a", origin: "f.py"),
                .int64, .int64(1)
            ),
            (callable("len"), .int64, .int64(2)), (callable("json.dumps"), .string, .string("[0, \"row 0\"]")),
            (callable("f = lambda row: 4"), .int64, .int64(4)),
            (callable("  # indented\n  import re\n  lambda row: re.sub('o', '0', row.s)"), .string, .string("r0w 0")),
            (
                callable("lambda row: beam.Row(a=row.n, b=[row.s])"),
                .structure([Field("a", .int64), Field("b", .list(.string))]),
                .structure([.int64(0), .list([.string("row 0")])])
            ),
            (
                callable("from apache_beam.utils.timestamp import Timestamp\nlambda row: Timestamp(5) + 0.25"),
                .timestamp,
                .timestamp(Timestamp(micros: 5_250_000))
            ),
            (
                callable("import datetime\nlambda row: datetime.datetime(1970, 1, 2)"), .timestamp,
                .timestamp(Timestamp(seconds: 86400))
            ),
        ]
        for (function, type, expected) in cases {
            let values = try await evaluate(function, PythonResult(type), over: numbered(1))
            #expect(values.columns[0][0] == expected, "\(function.source) \(values.failures.reasons)")
        }
        await pool.close()
    }
}
