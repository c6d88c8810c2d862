import Columnar
import Dataflow
import TestSupport
import Testing
import Time

/// Both inputs end: files, literal rows.
@Suite("A join of what ends") struct JoinTests {
    private func run(_ graph: Graph, workers: Int = 1) async throws -> Bench {
        let bench = Bench()
        let pipeline = try bench.pipeline(graph, PipelineSettings(workers: workers))
        try await pipeline.start()
        await pipeline.waitUntilEnd()
        #expect(await pipeline.state == .drained)
        return bench
    }

    private func graph(_ model: JoinModel, _ left: [[Scalar]], _ right: [[Scalar]]) -> Graph {
        var builder = GraphBuilder()
        let a = builder.add("a", .create(Batch(JoinModel.left, rows: left)), schema: JoinModel.left)
        let b = builder.add("b", .create(Batch(JoinModel.right, rows: right)), schema: JoinModel.right)
        builder.add("join", .join(model.join), from: [Edge(step: a), Edge(step: b)], schema: JoinModel.output)
        builder.write("d.out")
        return builder.graph
    }

    @Test("gives what a nested loop gives", arguments: Join.Kind.allCases, 0..<12)
    func nestedLoop(_ kind: Join.Kind, seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        let sizes = [0, 1, 5, 40, 300]
        let left = JoinModel.rows(sizes[seed % 5], &random) { .int64(Int64($0)) }
        let right = JoinModel.rows(sizes[(seed / 2 + 1) % 5], &random) { .string("b\($0)") }
        let model = JoinModel(kind: kind, keys: seed % 3 == 0 ? ["k", "n"] : seed % 3 == 1 ? ["k"] : ["n"])
        let bench = try await run(graph(model, left, right), workers: 1 + seed % 8)
        #expect(sorted(bench.warehouse.rows("d.out")) == sorted(model.pairs(left, right)))
    }

    @Test("matches rows within their windows alone", arguments: Join.Kind.allCases, [10, 20])
    func windows(_ kind: Join.Kind, size: Int64) async throws {
        var random = SplitMix64(seed: 7)
        let left = JoinModel.rows(120, &random) { .int64(Int64($0)) }
        let right = JoinModel.rows(90, &random) { .string("\($0)") }
        let model = JoinModel(kind: kind)
        let sliding = size == 20
        let function: WindowFunction =
            sliding
            ? .sliding(size: size * 1_000_000, period: 10_000_000, offset: 0)
            : .fixed(size: size * 1_000_000, offset: 0)
        var builder = GraphBuilder()
        func windowed(_ name: String, _ schema: Schema, _ rows: [[Scalar]], time: RowExpression) -> Edge {
            builder.add(name, .create(Batch(schema, rows: rows)), schema: schema)
            builder.add("\(name) times", .assignTimestamps(time))
            return Edge(step: builder.add("\(name) windows", .window(function)))
        }
        let a = windowed(
            "a", JoinModel.left, left, time: RowExpression(.int64) { $0["a"] ?? .null })
        let b = windowed(
            "b", JoinModel.right, right,
            time: RowExpression(.int64) { row in
                if case .string(let text)? = row["b"] { .int64(Int64(text) ?? 0) } else { .null }
            })
        builder.add("join", .join(model.join), from: [a, b], schema: JoinModel.output)
        builder.add(
            "info", .windowingInfo([.windowStart, .timestamp]),
            schema: Schema(JoinModel.output.fields + [Field("start", .timestamp), Field("time", .timestamp)]))
        builder.write("d.out")
        var expected: [[Scalar]] = []
        for start in stride(from: Int64(-10), to: 200, by: 10) {
            let span = start..<start + size
            func inside(_ rows: [[Scalar]]) -> [[Scalar]] {
                rows.enumerated().filter { span.contains(Int64($0.offset)) }.map(\.element)
            }
            expected += model.pairs(inside(left), inside(right)).map {
                $0 + [
                    .timestamp(Timestamp(seconds: start)),
                    .timestamp(Timestamp(micros: (start + size) * 1_000_000 - 1000)),
                ]
            }
        }
        for workers in [1, 8] {
            let bench = try await run(builder.graph, workers: workers)
            #expect(sorted(bench.warehouse.rows("d.out")) == sorted(expected))
        }
    }

    @Test("joins a step with itself") func itself() async throws {
        var builder = GraphBuilder()
        let schema = Schema([Field("k", .int64)])
        let a = builder.add(
            "a", .create(Batch(schema, rows: [[.int64(1)], [.int64(1)], [.int64(2)], [.null]])), schema: schema)
        let key = [field("k", in: schema)]
        let join = Join(.full, leftKeys: key, rightKeys: key, fields: [.init(.left, 0), .init(.right, 0)])
        builder.add(
            "join", .join(join), from: [Edge(step: a), Edge(step: a)],
            schema: Schema([Field("x", .int64), Field("y", .int64)]))
        builder.write("d.out")
        let bench = try await run(builder.graph)
        #expect(
            sorted(bench.warehouse.rows("d.out"))
                == sorted(
                    [[Scalar]](repeating: [.int64(1), .int64(1)], count: 4)
                        + [[.int64(2), .int64(2)], [.null, .null], [.null, .null]]))
    }

    @Test("reads the smaller file first and keeps no row of the larger one", arguments: [1, 2, 8])
    func smallFirst(_ workers: Int) async throws {
        let folder = try TemporaryFolder()
        let schema = Schema([Field("id", .int64), Field("s", .string)])
        var small = "id,s\n"
        for id in 0..<500 { small += "\(id),name \(id)\n" }
        try folder.write(small, to: "small.csv")
        var large = "id,s\n"
        var expected: [String] = []
        for id in 0..<40_000 {
            large += "\(id * 7 % 1000),row \(id)\n"
            if id * 7 % 1000 < 500 { expected.append("row \(id),name \(id * 7 % 1000)") }
        }
        try folder.write(large, to: "large.csv")
        try folder.write("id,s\n", to: "empty.csv")
        func lines(_ names: [String], _ kind: Join.Kind) async throws -> [String] {
            let out = "\(kind) \(names)"
            var builder = GraphBuilder()
            let edges = names.map { name in
                Edge(
                    step: builder.add(
                        name, .readFiles(ReadFiles(pattern: "\(folder.path)/\(name).csv", format: .csv(CSVDialect()))),
                        schema: schema))
            }
            let key = [field("id", in: schema)]
            let large = names[0] == "large" ? Join.Side.left : .right
            let join = Join(kind, leftKeys: key, rightKeys: key, fields: [.init(large, 1), .init(large.other, 1)])
            builder.add(
                "join", .join(join), from: edges, schema: Schema([Field("row", .string), Field("name", .string)]))
            builder.add(
                "write",
                .writeFiles(WriteFiles(path: "\(folder.path)/\(out)", format: .csv(CSVDialect()), isWindowed: false)))
            let pipeline = try Bench().pipeline(builder.graph, PipelineSettings(workers: workers))
            try await pipeline.start()
            await pipeline.waitUntilEnd()
            // Without rows there is no file.
            return (folder.text("\(out)-00000-of-00001") ?? "").split(separator: "\n").dropFirst().map(String.init)
        }
        // In the order of the larger one: it is looked up row by row.
        #expect(try await lines(["large", "small"], .inner) == expected)
        #expect(try await lines(["small", "large"], .inner) == expected)
        #expect(try await lines(["large", "empty"], .inner) == [])
        #expect(try await lines(["empty", "large"], .right).count == 40_000)
        #expect(try await lines(["small", "large"], .left).count == expected.count)
        #expect(try await lines(["large", "small"], .left).count == 40_000)
    }

    @Test("stops when it keeps more than it may") func limit() async throws {
        var random = SplitMix64(seed: 1)
        let left = JoinModel.rows(300, &random) { .int64(Int64($0)) }
        let bench = Bench()
        let pipeline = try bench.pipeline(
            graph(JoinModel(kind: .full), left, []), PipelineSettings(maxMemoryBytes: 1 << 10))
        try await pipeline.start()
        await pipeline.waitUntilEnd()
        guard case .failed(let message) = await pipeline.state else {
            Issue.record("it did not fail")
            return
        }
        #expect(message.contains("step 'join' keeps") && message.contains("maxMemoryBytes"))
    }
}
