import Columnar
import Dataflow
import Pipes
import PipesTestSupport
import TestSupport
import Testing
import Time

private let schema = Schema([Field("k", .string), Field("v", .int64)])
private let sums = Schema([Field("k", .string), Field("total", .int64)])

/// Everything that is stored: rows, windows, identifiers, counts; and what is published on the way.
private func graph() -> Graph {
    var builder = GraphBuilder()
    builder.read(schema, timestampAttribute: "t", idAttribute: "id")
    let checked = builder.add(
        "check",
        .map(
            MapFields(expressions: [
                field("k", in: schema),
                RowExpression(.int64) { row in
                    if row["v"] == .int64(13) { throw RowExpression.Rejection(reason: "thirteen") }
                    return row["v"] ?? .null
                },
            ])))
    builder.write("d.raw", name: "raw")
    builder.add("tell", .writeMessages(WriteMessages(topic: "out", format: .json)), from: [Edge(step: checked)])
    builder.add("window", .window(.sessions(gap: 20_000_000)), from: [Edge(step: checked)])
    builder.add(
        "sum",
        .combine(
            Combine(keys: [field("k", in: schema)], aggregates: [.init(function: .sum, value: field("v", in: schema))])),
        schema: sums)
    builder.write("d.sums", name: "sums")
    return builder.graph
}

private func messages(_ stage: Int) -> [OutgoingMessage] {
    (0..<12).map { index in
        let text =
            index == 5
            ? "{broken" : json(["k": "\"k\(index % 3)\"", "v": "\(index == 7 ? 13 : stage * 100 + index)"])
        return OutgoingMessage(
            data: Array(text.utf8),
            attributes: [
                // The first of a stage is its earliest; every message comes a second time under the same identifier.
                "t": String(1_000_000_000 + stage * 40_000 + index % 4 * 5_000), "id": "\(stage)/\(index % 10)",
            ])
    }
}

private struct Outcome: Equatable {
    var raw: [String]
    var sums: [String]
    var counts: [[Int64]]
    /// Published at least once: as a set.
    var published: Set<String>
    var dead: Set<String>

    init(_ run: CrashRun) async {
        raw = sorted(run.bench.warehouse.rows("d.raw"))
        sums = sorted(run.bench.warehouse.rows("d.sums"))
        counts = await run.pipeline.metrics().steps.map {
            [$0.elementsIn, $0.elementsOut, $0.rejected, $0.late, $0.duplicates]
        }
        published = Set(run.bench.publisher.messages("out").map { String(decoding: $0.data, as: UTF8.self) })
        dead = Set(run.bench.publisher.messages("dead").map { String(decoding: $0.data, as: UTF8.self) })
    }
}

private func play(deaths: [Int?], settings: PipelineSettings = PipelineSettings(), pullLimit: Int = 5) async throws
    -> (Outcome, CrashRun)
{
    var run = try await CrashRun(Bench(pullLimit: pullLimit), graph(), deaths: deaths, settings: settings)
    for stage in 0..<4 {
        try await run.publish(messages(stage))
        if stage == 1 { try await run.advance(by: .seconds(90)) }
        if stage == 2 { try await run.advance(by: .seconds(5)) }
    }
    try await run.finish()
    return (await Outcome(run), run)
}

@Suite struct CrashTests {
    @Test func aCrashAtAnyPointLosesAndDoublesNothing() async throws {
        let (expected, undisturbed) = try await play(deaths: [])
        #expect(expected.raw.count == 4 * 8)
        #expect(expected.sums.count >= 6)
        #expect(expected.counts[0] == [48, 36, 4, 0, 8])
        let points = undisturbed.bench.crash.passed
        #expect(points > 40)
        for point in 1...points {
            let (outcome, run) = try await play(deaths: [point])
            #expect(run.restarts == 1, "point \(point)")
            #expect(outcome == expected, "died at point \(point)")
            #expect(run.bench.subscription.unacknowledged == 0, "point \(point)")
        }
    }

    @Test(arguments: 0..<40) func soDoManyCrashesInARow(seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        let (expected, _) = try await play(deaths: [])
        let deaths = (0..<Int.random(in: 2..<12, using: &random)).map { _ in Int.random(in: 1..<25, using: &random) }
        let settings = PipelineSettings(
            workers: Int.random(in: 1...8, using: &random), maxMessagesPerEpoch: Int.random(in: 1...20, using: &random))
        let (outcome, run) = try await play(
            deaths: deaths, settings: settings, pullLimit: Int.random(in: 1...12, using: &random))
        #expect(run.restarts > 0)
        #expect(outcome == expected)
        #expect(run.bench.subscription.unacknowledged == 0)
    }

    @Test func aCommitWhoseAnswerIsLostIsNotDoneTwice() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph())
        bench.warehouse.loseNextReply()
        bench.subscription.publish(messages(0))
        await bench.settle(pipeline)
        #expect(await pipeline.state == .retrying(reason: "connection lost"))
        await bench.advance(pipeline, by: .seconds(1))
        #expect(await pipeline.state == .running)
        #expect(bench.warehouse.rows("d.raw").count == 8)
        #expect(bench.warehouse.commits.count == 1)
        #expect(bench.subscription.unacknowledged == 0)
        await pipeline.stop()
    }

    @Test func anOutageOfTheSinkHoldsEverythingAndEndsByItself() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph())
        bench.warehouse.setOutage("the disk is full")
        bench.subscription.publish(messages(0))
        await bench.settle(pipeline)
        let first = try #require(await pipeline.nextDeadline)
        #expect(first - bench.clock.now == .milliseconds(100))
        await bench.advance(pipeline, by: .seconds(60))
        let metrics = await pipeline.metrics()
        #expect(metrics.state == .retrying(reason: "the disk is full"))
        #expect(metrics.uncommitted == 12)
        #expect(metrics.systemLag == .seconds(60))
        #expect(bench.subscription.acknowledgements == 0)
        #expect(bench.publisher.messages("out").count == 8, "what is published is published once")
        let delay = try #require(await pipeline.nextDeadline) - bench.clock.now
        #expect(delay <= .seconds(10))
        bench.warehouse.setOutage(nil)
        await bench.advance(pipeline, by: .seconds(10))
        #expect(await pipeline.state == .running)
        #expect(bench.warehouse.rows("d.raw").count == 8)
        #expect(bench.subscription.unacknowledged == 0)
        #expect(await pipeline.metrics().uncommitted == 0)
        await pipeline.stop()
    }

    @Test func stoppingInAnOutageGivesTheEpochUp() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph())
        bench.warehouse.setOutage("the disk is full")
        bench.subscription.publish(messages(0))
        await bench.settle(pipeline)
        await pipeline.stop()
        #expect(await pipeline.state == .stopped)
        #expect(bench.subscription.unacknowledged == 12)
        bench.warehouse.setOutage(nil)
        try await pipeline.start()
        await bench.settle(pipeline)
        #expect(bench.warehouse.rows("d.raw").count == 8)
        #expect(await pipeline.metrics().steps[0].elementsIn == 12)
        await pipeline.stop()
    }

    @Test func aSourceThatFailsIsAskedAgain() async throws {
        let bench = Bench()
        bench.subscription.failPulls("no such subscription")
        let pipeline = try await bench.running(graph())
        #expect(await pipeline.state == .retrying(reason: "no such subscription"))
        bench.subscription.failPulls(nil)
        bench.subscription.publish(messages(0))
        await bench.advance(pipeline, by: .seconds(2))
        #expect(bench.warehouse.rows("d.raw").count == 8)
        await pipeline.stop()
    }

    @Test func damagedStateFailsTheStart() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph())
        bench.subscription.publish(messages(0))
        await bench.settle(pipeline)
        await pipeline.stop()
        let epoch = try #require(bench.warehouse.epoch("test"))
        try await bench.warehouse.commit(
            EpochCommit(
                pipeline: "test", epoch: epoch.epoch + 1, positions: epoch.positions.mapValues { Array($0.dropLast()) },
                state: [:], rows: []))
        await #expect(throws: PipelineError.self) { try await pipeline.start() }
        #expect(await pipeline.state.name == "FAILED")
    }

    @Test func positionsNameOnlyWhatIsNotAcknowledged() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph())
        for stage in 0..<3 {
            bench.subscription.publish(messages(stage))
            await bench.settle(pipeline)
        }
        #expect(bench.warehouse.commits.count == 3)
        #expect(bench.warehouse.commits.allSatisfy { ($0.positions["read"]?.count ?? .max) < 100 })
        await pipeline.stop()
    }
}
