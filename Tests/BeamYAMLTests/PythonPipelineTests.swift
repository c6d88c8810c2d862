import BeamYAML
import CPython
import Dataflow
import Foundation
import Testing
import Time

/// A folder in which pipelines with Python code run to their end.
private final class Workplace: Sendable {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("streamtop-python-\(UUID())")

    init(_ files: KeyValuePairs<String, String> = [:]) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: url.appendingPathComponent(name)) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func compilation(_ transforms: String) -> PipelineCompilation {
        let text = "pipeline:\n  transforms:\n" + transforms.replacing("DIR", with: url.path)
        return PipelineCompiler(environment: CompileEnvironment(python: PythonSourceChecker())).compile(
            text: text, file: url.path + "/p.yaml", name: "p")
    }

    /// Runs a pipeline and gives the lines of its files `out`, sorted.
    func run(_ transforms: String, workers: Int = 1) async throws -> [String] {
        let pool = PythonPool(clock: SystemClock())
        let pipeline = try Pipeline(
            graph: try compilation(transforms).get().graph,
            environment: PipelineEnvironment(
                clock: SystemClock(),
                source: { throw PipelineError(.unavailable, "there is no subscription \($0)") },
                sink: MemoryRowSink(), python: pool), settings: PipelineSettings(workers: workers))
        try await pipeline.start()
        await pipeline.waitUntilEnd()
        #expect(await pipeline.state == .drained)
        await pool.close()
        return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasPrefix("out") }.flatMap {
            try String(contentsOf: url.appendingPathComponent($0), encoding: .utf8).split(separator: "\n").map(
                String.init)
        }.sorted()
    }

    /// What a pipeline of one step is told.
    func complaints(_ step: String) -> [String] {
        compilation(source + step).diagnostics.filter { $0.severity != .note }.map {
            $0.description.replacing("\(url.path)/", with: "")
        }
    }
}

/// Rows `a` (whole numbers) and `s` (text).
private let source = """
        - type: Create
          name: C
          config: {elements: [{a: 1, s: é}, {a: 2, s: two}, {a: 3, s: three}]}

    """

@Suite("A pipeline with Python code") struct PythonPipelineTests {
    @Test("gives fields from definitions, files and expressions beyond the compiled ones")
    func mapToFields() async throws {
        let place = try Workplace(["udf.py": "import math\ndef root(row) -> float:\n    return math.sqrt(row.a + 1)\n"])
        let lines = try await place.run(
            source + """
                    - type: MapToFields
                      input: C
                      config:
                        language: python
                        append: true
                        drop: [s]
                        fields:
                          twice:
                            callable: |
                              def twice(row):
                                  total = 0
                                  for _ in range(2):
                                      total += row.a
                                  return total
                          root: {path: udf.py, name: root}
                          chars: "''.join(sorted({c for c in s}))"
                          compiled: a + 1
                          any: {callable: "def f(row): return {'x': row.s, 'y': [row.a]}"}
                    - {type: WriteToJson, input: MapToFields, config: {path: DIR/out}}
                """)
        #expect(
            lines == [
                #"{"a":1,"twice":2,"root":1.4142135623730951,"chars":"é","compiled":2,"any":{"x":"é","y":[1]}}"#,
                #"{"a":2,"twice":4,"root":1.7320508075688772,"chars":"otw","compiled":3,"any":{"x":"two","y":[2]}}"#,
                #"{"a":3,"twice":6,"root":2.0,"chars":"ehrt","compiled":4,"any":{"x":"three","y":[3]}}"#,
            ])
    }

    @Test("filters, times, partitions and groups by Python code, with any number of workers", arguments: [1, 3])
    func otherTransforms(workers: Int) async throws {
        let place = try Workplace()
        let lines = try await place.run(
            source + """
                    - type: Filter
                      input: C
                      config: {language: python, keep: {callable: "def f(row):\\n  return row.a > 1"}}
                    - type: AssignTimestamps
                      input: Filter
                      config: {language: python, timestamp: {callable: "def f(row) -> int:\\n  return row.a * 10"}}
                    - type: ExtractWindowingInfo
                      input: AssignTimestamps
                      config: {fields: [timestamp]}
                    - {type: WriteToJson, name: W1, input: ExtractWindowingInfo, config: {path: DIR/out-a}}
                    - type: Partition
                      input: C
                      config:
                        language: python
                        by: {callable: "def f(row):\\n  return 'odd' if row.a % 2 else 'even'"}
                        outputs: [odd, even]
                    - {type: WriteToJson, name: W2, input: Partition.even, config: {path: DIR/out-b}}
                    - type: Combine
                      input: C
                      config:
                        language: python
                        group_by: []
                        combine:
                          most: {fn: max, value: {callable: "def f(row):\\n  return len(row.s)"}}
                          sum: {fn: sum, value: a}
                    - {type: WriteToJson, name: W3, input: Combine, config: {path: DIR/out-c}}
                """, workers: workers)
        #expect(
            lines
                == [
                    #"{"a":2,"s":"two","timestamp":"1970-01-01T00:00:20Z"}"#, #"{"a":2,"s":"two"}"#,
                    #"{"a":3,"s":"three","timestamp":"1970-01-01T00:00:30Z"}"#, #"{"most":5,"sum":6}"#,
                ].sorted())
    }

    @Test("hands rows that raise to the error output, with the exception and its traceback")
    func errors() async throws {
        let place = try Workplace()
        let lines = try await place.run(
            source + """
                    - type: MapToFields
                      name: M
                      input: C
                      config:
                        language: python
                        fields:
                          x: {callable: "def f(row):\\n  return 6 // (row.a - 2)"}
                          y: 1 // (a - 1)
                        error_handling: {output: bad}
                    - {type: WriteToJson, name: W1, input: M, config: {path: DIR/out-a}}
                    - type: MapToFields
                      name: E
                      input: M.bad
                      config:
                        language: python
                        fields: {a: element.a, msg: msg, line: "stack.split('\\\\n')[1:2]"}
                    - {type: WriteToJson, name: W2, input: E, config: {path: DIR/out-b}}
                """)
        #expect(lines.count == 3)
        #expect(
            lines[1].hasPrefix(
                #"{"a":2,"msg":"ZeroDivisionError('integer division or modulo by zero')","line":["  File"#)
        )
        #expect(lines[2] == #"{"x":6,"y":0}"#)
        #expect(lines[0].hasPrefix(#"{"a":1,"msg":"#))
    }

    @Test("is told what is wrong with the code, and where")
    func complaints() throws {
        let place = try Workplace(["udf.py": "def f(row):\n  return 1\n", "bad.py": "x = 1\ndef f(row:\n  pass\n"])
        func field(_ code: String) -> String {
            "    - {type: MapToFields, input: C, config: {language: python, fields: {x: \(code)}}}\n"
        }
        let cases: [(String, String)] = [
            (
                "    - type: MapToFields\n      input: C\n      config:\n        language: python\n        fields:\n"
                    + "          x:\n            callable: |\n              def f(row):\n                return row.b\n",
                "p.yaml:14:24: the row has no field 'b'; fields are a, s"
            ),
            (field("{callable: \"def f(row): return (\"}"), "p.yaml:6:107: '(' was never closed"),
            (
                field("{path: none.py, name: f}"),
                "p.yaml:6:83: there is no file 'none.py'; it is looked for in the present folder and beside the pipeline file"
            ),
            (field("{path: udf.py, name: g}"), "p.yaml:6:83: the file has no function 'g'; it has f"),
            (field("{path: udf.py}"), "p.yaml:6:76: 'x' needs 'name'"),
            (field("{path: bad.py, name: f}"), "p.yaml:6:83: bad.py:2:6: '(' was never closed"),
            (
                field("{callable: \"def f(row): return row.a.x()\"}"),
                "p.yaml:6:87: the type of 'x' is not known; write its 'output_type', or annotate the function: '-> int'"
            ),
            (field("\"sorted({c for c in b})\""), "p.yaml:6:96: name 'b' is not defined; fields are a, s"),
        ]
        for (step, complaint) in cases {
            #expect(
                place.complaints(step).map { $0.replacing(place.url.path, with: "DIR") } == [complaint], "\(step)")
        }
    }

    @Test("is told that code runs in CPython, and why")
    func notes() throws {
        let place = try Workplace()
        let step =
            "    - {type: Filter, input: C, config: {language: python, keep: {callable: \"def f(row): return row.a\"}}}\n"
        let notes = place.compilation(source + step).diagnostics
        #expect(notes.map(\.severity) == [.note])
        #expect(
            notes.first?.message.hasPrefix("the condition runs in CPython, in a process of its own, which is slower")
                == true)
    }
}
