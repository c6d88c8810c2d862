import Columnar
import Dataflow
import Pipes
import PipesTestSupport
import TestSupport
import Testing
import Time

private let left = Schema([Field("k", .string), Field("a", .int64)])
private let right = Schema([Field("k", .string), Field("b", .int64)])
private let output = Schema([Field("k", .string), Field("a", .int64), Field("b", .int64)])

private func graph(_ kind: Join.Kind, _ function: WindowFunction = .fixed(size: 10_000_000, offset: 0)) -> Graph {
    var builder = GraphBuilder()
    builder.read(left, name: "left", timestampAttribute: "t")
    let a = builder.add("left windows", .window(function))
    builder.read(right, subscription: "second", name: "right", timestampAttribute: "t")
    let b = builder.add("right windows", .window(function))
    let join = Join(
        kind, leftKeys: [field("k", in: left)], rightKeys: [field("k", in: right)],
        fields: [.init(.left, 0), .init(.left, 1), .init(.right, 1)])
    builder.add("join", .join(join), from: [Edge(step: a), Edge(step: b)], schema: output)
    builder.write("d.out")
    return builder.graph
}

private func message(_ key: String, _ name: String, _ value: Int, at seconds: Int) -> OutgoingMessage {
    OutgoingMessage(
        data: Array(json(["k": key == "null" ? key : "\"\(key)\"", name: "\(value)"]).utf8),
        attributes: ["t": "\((1_000_000 + seconds) * 1000)"])
}

/// Neither input ends.
@Suite("A join of streams") struct StreamJoinTests {
    @Test("gives pairs at once and what has none when the window closes")
    func outer() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.full))
        bench.subscription.publish([
            message("x", "a", 1, at: 1), message("y", "a", 2, at: 2), message("null", "a", 3, at: 2),
        ])
        await bench.settle(pipeline)
        #expect(sorted(bench.warehouse.rows("d.out")) == sorted([[.null, .int64(3), .null]]))
        bench.second.publish([
            message("x", "b", 10, at: 3), message("x", "b", 11, at: 11), message("z", "b", 12, at: 4),
        ])
        await bench.settle(pipeline)
        let early: [[Scalar]] = [[.null, .int64(3), .null], [.string("x"), .int64(1), .int64(10)]]
        #expect(sorted(bench.warehouse.rows("d.out")) == sorted(early))
        #expect(await pipeline.metrics().steps.first { $0.name == "join" }?.stateEntries == 5)
        await bench.advance(pipeline, by: .seconds(600))
        let expected: [[Scalar]] =
            early + [[.string("y"), .int64(2), .null], [.null, .null, .int64(11)], [.null, .null, .int64(12)]]
        #expect(sorted(bench.warehouse.rows("d.out")) == sorted(expected))
        let metrics = try #require(await pipeline.metrics().steps.first { $0.name == "join" })
        #expect((metrics.elementsIn, metrics.elementsOut, metrics.late) == (6, 5, 0))
        #expect((metrics.stateEntries, metrics.stateBytes) == (0, 0))
        // The windows have closed, for either input.
        bench.subscription.publish([message("z", "a", 4, at: 5)])
        bench.second.publish([message("y", "b", 13, at: 5)])
        await bench.settle(pipeline)
        #expect(bench.warehouse.rows("d.out").count == 5)
        #expect(await pipeline.metrics().steps.first { $0.name == "join" }?.late == 2)
        await pipeline.stop()
    }

    private static func play(
        _ kind: Join.Kind, deaths: [Int?], settings: PipelineSettings = PipelineSettings(), pullLimit: Int = 4
    ) async throws -> (rows: [String], counts: [[Int64]], restarts: Int, points: Int) {
        var run = try await CrashRun(
            Bench(pullLimit: pullLimit), graph(kind), deaths: deaths, settings: settings)
        for stage in 0..<4 {
            // Later than the long pause before it, so that nothing is late.
            let base = stage == 3 ? 100 : stage * 7
            try await run.publish(
                (0..<6).map { message($0 == 5 ? "null" : "k\($0 % 4)", "a", stage * 10 + $0, at: base + $0 % 3) })
            run.bench.second.publish(
                (0..<5).map { message($0 == 4 ? "null" : "k\($0 % 3 + 1)", "b", stage * 10 + $0, at: base + $0 % 2) })
            try await run.advance(by: .seconds(stage == 2 ? 90 : 1))
        }
        try await run.finish()
        let counts = await run.pipeline.metrics().steps.map { [$0.elementsIn, $0.elementsOut, $0.rejected] }
        return (sorted(run.bench.warehouse.rows("d.out")), counts, run.restarts, run.bench.crash.passed)
    }

    @Test("loses and doubles nothing in a crash at any point", arguments: [Join.Kind.inner, .full])
    func crash(_ kind: Join.Kind) async throws {
        let expected = try await Self.play(kind, deaths: [])
        #expect(expected.rows.count > 10)
        for point in 1...expected.points {
            let outcome = try await Self.play(kind, deaths: [point])
            #expect(outcome.restarts == 1, "point \(point)")
            #expect(outcome.rows == expected.rows, "died at point \(point)")
            #expect(outcome.counts == expected.counts, "died at point \(point)")
        }
    }

    @Test("nor in many crashes in a row", arguments: 0..<20)
    func crashes(seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        let kind = Join.Kind.allCases[seed % 4]
        let expected = try await Self.play(kind, deaths: [])
        let deaths = (0..<Int.random(in: 2..<9, using: &random)).map { _ in Int.random(in: 1..<25, using: &random) }
        let settings = PipelineSettings(
            workers: Int.random(in: 1...8, using: &random), maxMessagesPerEpoch: Int.random(in: 1...20, using: &random))
        let outcome = try await Self.play(
            kind, deaths: deaths, settings: settings, pullLimit: Int.random(in: 1...12, using: &random))
        #expect(outcome.restarts > 0)
        #expect(outcome.rows == expected.rows)
    }

    @Test("keeps the times and windows of the endless input where the other ends")
    func side() async throws {
        let bench = Bench()
        var builder = GraphBuilder()
        builder.read(left, name: "left", timestampAttribute: "t")
        let a = builder.add("left windows", .window(.fixed(size: 10_000_000, offset: 0)))
        let b = builder.add(
            "right", .create(Batch(right, rows: [[.string("x"), .int64(7)], [.string("x"), .int64(8)]])), schema: right)
        let join = Join(
            .left, leftKeys: [field("k", in: left)], rightKeys: [field("k", in: right)],
            fields: [.init(.left, 1), .init(.right, 1)])
        builder.add(
            "join", .join(join), from: [Edge(step: a), Edge(step: b)],
            schema: Schema([Field("a", .int64), Field("b", .int64)]))
        builder.add(
            "info", .windowingInfo([.windowStart, .timestamp]),
            schema: Schema([
                Field("a", .int64), Field("b", .int64), Field("start", .timestamp), Field("time", .timestamp),
            ]))
        builder.write("d.out")
        let pipeline = try await bench.running(builder.graph)
        bench.subscription.publish([message("x", "a", 1, at: 3), message("y", "a", 2, at: 14)])
        await bench.settle(pipeline)
        func row(_ a: Int64, _ b: Scalar, _ start: Int64, _ time: Int64) -> [Scalar] {
            [
                .int64(a), b, .timestamp(Timestamp(seconds: 1_000_000 + start)),
                .timestamp(Timestamp(seconds: 1_000_000 + time)),
            ]
        }
        #expect(
            sorted(bench.warehouse.rows("d.out"))
                == sorted([row(1, .int64(7), 0, 3), row(1, .int64(8), 0, 3), row(2, .null, 10, 14)]))
        #expect(await pipeline.metrics().steps.first { $0.name == "join" }?.stateEntries == 2)
        await pipeline.stop()
    }

    @Test("is refused where a row would wait for ever, or in windows that differ")
    func refused() throws {
        func problem(_ graph: Graph) -> String {
            do {
                _ = try Bench().pipeline(graph)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(problem(graph(.inner, .global)).contains("neither input ever ends"))
        #expect(problem(graph(.inner, .sessions(gap: 5))).contains("sessions"))
        var different = graph(.inner)
        different.steps[1].operation = .window(.fixed(size: 5_000_000, offset: 0))
        #expect(problem(different).contains("different windows"))
        var one = graph(.inner)
        one.steps[4].inputs.removeLast()
        #expect(problem(one).contains("two inputs"))
    }
}
