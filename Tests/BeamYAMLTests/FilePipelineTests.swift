import BeamYAML
import Columnar
import Dataflow
import Foundation
import Testing
import Time

/// A folder with files, where pipelines of the tests read and write.
private final class Folder: Sendable {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("streamtop-\(UUID())")

    init(_ files: KeyValuePairs<String, String> = [:]) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: url.appendingPathComponent(name)) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: url.appendingPathComponent(name)), as: UTF8.self)
    }

    /// Runs a pipeline file to its end; `DIR` in it is this folder.
    func run(_ text: String) async throws {
        let compilation = compilation(text.replacing("DIR", with: url.path))
        #expect(compilation.diagnostics.map(\.description) == [])
        let pipeline = try Pipeline(
            graph: try compilation.get().graph,
            environment: PipelineEnvironment(
                clock: SystemClock(),
                source: { throw PipelineError(.unavailable, "there is no subscription \($0)") },
                sink: MemoryRowSink()))
        try await pipeline.start()
        await pipeline.waitUntilEnd()
        #expect(await pipeline.state == .drained)
    }
}

@Suite("A pipeline over files") struct FilePipelineTests {
    /// As Apache Beam 2.77 writes it, but for JSON's escapes beyond ASCII and of slashes.
    @Test("writes files as Beam does")
    func write() async throws {
        let folder = try Folder()
        try await folder.run(
            #"""
            pipeline:
              transforms:
                - type: Create
                  name: C
                  config: {elements: [{ts: 1, s: "a/é", f: 1.5, b: true}, {ts: 12, s: "x,\"y", f: null, b: false}]}
                - {type: AssignTimestamps, name: T, input: C, config: {timestamp: ts}}
                - type: MapToFields
                  name: L
                  input: T
                  config: {fields: {s: s}}
                  windowing: {type: fixed, size: 10s}
                - {type: WriteToText, input: L, config: {path: DIR/text}}
                - {type: WriteToJson, input: L, config: {path: DIR/new/folder/json}}
                - {type: WriteToCsv, input: T, config: {path: DIR/csv}}
                - {type: WriteToJson, name: J, input: T, config: {path: DIR/json}}
                - {type: Filter, name: E, input: T, config: {language: python, keep: "ts > 100"}}
                - {type: WriteToCsv, name: E1, input: E, config: {path: DIR/none}}
                - {type: MapToFields, name: E3, input: E, config: {fields: {f: f}}}
                - {type: WriteToText, name: E2, input: E3, config: {path: DIR/empty}}
            """#)
        #expect(try folder.text("csv-00000-of-00001") == "ts,s,f,b\n1,a/é,1.5,True\n12,\"x,\"\"y\",,False\n")
        #expect(
            try folder.text("json-00000-of-00001")
                == """
                {"ts":1,"s":"a/é","f":1.5,"b":true}
                {"ts":12,"s":"x,\\"y","f":null,"b":false}

                """)
        #expect(try folder.text("text-00000-of-00001") == "a/é\nx,\"y\n")
        #expect(try folder.text("empty-00000-of-00001") == "")
        #expect(throws: (any Error).self) { try folder.text("none-00000-of-00001") }
        let windowed = "new/folder/json-1970-01-01T00:00:"
        #expect(try folder.text("\(windowed)00-1970-01-01T00:00:10-00000-of-00001") == "{\"s\":\"a/é\"}\n")
        #expect(try folder.text("\(windowed)10-1970-01-01T00:00:20-00000-of-00001") == "{\"s\":\"x,\\\"y\"}\n")
    }

    @Test("reads what it finds there, with its types")
    func read() async throws {
        let folder = try Folder([
            "a.csv": "k;n;x\none;1;1\n", "b.csv": "# more\nk;n;x\n\"two\nlines\";2;1.5\n;;NA\n",
            "c.json": "{\"k\":\"one\",\"v\":{\"w\":[1,2]}}\n", "d.txt": "é\r\n\nlast",
        ])
        try await folder.run(
            """
            pipeline:
              transforms:
                - {type: ReadFromCsv, name: Csv, config: {path: "DIR/[ab].csv", delimiter: ";", comment: "#"}}
                - {type: WriteToJson, input: Csv, config: {path: DIR/csv}}
                - {type: ReadFromJson, name: Json, config: {path: DIR/c.json}}
                - {type: MapToFields, name: W, input: Json, config: {language: python, fields: {sum: "v.w[0] + v.w[1]"}}}
                - {type: WriteToText, name: T, input: W, config: {path: DIR/json}}
                - {type: ReadFromText, name: Text, config: {path: DIR/d.txt}}
                - {type: WriteToCsv, input: Text, config: {path: DIR/text, delimiter: "|"}}
            """)
        #expect(
            try folder.text("csv-00000-of-00001")
                == """
                {"k":"one","n":1,"x":1.0}
                {"k":"two\\nlines","n":2,"x":1.5}
                {"k":null,"n":null,"x":null}

                """)
        #expect(try folder.text("json-00000-of-00001") == "3\n")
        #expect(try folder.text("text-00000-of-00001") == "line\né\n\"\"\nlast\n")
    }

    @Test("groups a whole input, and gives out its windows at the end")
    func combine() async throws {
        let folder = try Folder(["bids.json": (0..<100).map { "{\"a\":\($0 % 2),\"t\":\($0)}" }.joined(separator: "\n")]
        )
        try await folder.run(
            """
            pipeline:
              type: chain
              transforms:
                - {type: ReadFromJson, config: {path: DIR/bids.json}}
                - {type: AssignTimestamps, config: {timestamp: t}}
                - {type: WindowInto, config: {windowing: {type: fixed, size: 1m}}}
                - {type: Combine, config: {group_by: a, combine: {n: {value: t, fn: count}, last: {value: t, fn: max}}}}
                - {type: WindowInto, config: {windowing: {type: global}}}
                - {type: WriteToCsv, config: {path: DIR/out}}
            """)
        let lines = try folder.text("out-00000-of-00001").split(separator: "\n")
        #expect(lines.first == "a,n,last")
        #expect(lines.dropFirst().sorted() == ["0,20,98", "0,30,58", "1,20,99", "1,30,59"])
    }

    @Test("is told what is wrong with its files")
    func complaints() throws {
        let folder = try Folder(["x.json": "{\"a\":1}\n{\"a\":\"b\"}\n", "x.csv": ""])
        let text = """
            pipeline:
              transforms:
                - {type: ReadFromText, name: A, config: {path: DIR/none*}}
                - {type: ReadFromJson, name: B, config: {path: DIR/x.json}}
                - {type: ReadFromCsv, name: C, config: {path: DIR/x.csv}}
                - {type: ReadFromCsv, name: D, config: {path: DIR/x.csv, delimiter: ";;"}}
                - {type: ReadFromText, name: E, config: {path: gs://bucket/x}}
                - {type: ReadFromText, name: F, config: {path: DIR/x.gz}}
                - {type: ReadFromCsv, name: G, config: {path: DIR/x.csv, filename_column: f}}
                - {type: Create, name: H, config: {elements: [{a: 1, b: 2}]}}
                - {type: WriteToText, name: I, input: H, config: {path: DIR/o}}
                - {type: ReadFromPubSub, name: J, config: {subscription: projects/p/subscriptions/orders, format: RAW}}
                - {type: WriteToJson, name: K, input: J, config: {path: DIR/o}}
            """
        let found = compilation(text.replacing("DIR", with: folder.url.path)).diagnostics.map(\.description)
        #expect(
            found.map { $0.replacing(folder.url.path, with: "DIR") } == [
                "p.yaml:3:52: no file matches 'DIR/none*'",
                "p.yaml:4:52: in 'DIR/x.json' 'a' is integer in one object and string in another",
                "p.yaml:5:51: 'DIR/x.csv', line 1: the file has no header line",
                "p.yaml:6:\(51 + folder.url.path.count + 19): 'delimiter' is one ASCII character, not ';;'",
                "p.yaml:7:52: 'gs://' is not supported: files are on this machine; write a path",
                "p.yaml:8:52: compressed files ('.gz') are not supported; unpack them first",
                "p.yaml:9:\(51 + folder.url.path.count + 8): 'filename_column' is not supported",
                "p.yaml:11:14: WriteToText writes one field, but there are a, b; keep one with MapToFields",
                "p.yaml:13:14: WriteToJson finishes its files when the input ends, and this input never does; "
                    + "write it with WriteToBigQuery",
            ])
    }
}
