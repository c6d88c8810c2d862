import Columnar
import Dataflow
import Pipes
import PipesTestSupport
import Testing
import Time

private let schema = Schema([Field("k", .string), Field("v", .int64)])
private let sums = Schema([Field("k", .string), Field("total", .int64), Field("n", .int64)])
private let minute: Int64 = 60_000_000

/// Messages with an event time in seconds after the bench's start.
private func publish(_ bench: Bench, _ messages: [(key: String, value: Int, second: Double)]) {
    bench.subscription.publish(
        messages.map { key, value, second in
            OutgoingMessage(
                data: Array(json(["k": "\"\(key)\"", "v": "\(value)"]).utf8),
                attributes: ["t": String(1_000_000_000 + Int(second * 1000))])
        })
}

private func graph(
    _ window: WindowFunction, timestampAttribute: String? = "t", handlesErrors: Bool = false
) -> Graph {
    var builder = GraphBuilder()
    builder.read(schema, timestampAttribute: timestampAttribute)
    builder.add("window", .window(window))
    builder.add(
        "combine",
        .combine(
            Combine(
                keys: [field("k", in: schema)],
                aggregates: [
                    .init(function: .sum, value: field("v", in: schema)),
                    .init(function: .count, value: field("v", in: schema)),
                ])),
        schema: sums)
    builder.add(
        "info", .windowingInfo([.windowStart, .windowEnd]),
        schema: Schema(sums.fields + [Field("start", .timestamp), Field("end", .timestamp)]))
    builder.write("d.t")
    return builder.graph
}

/// `key total count start..end`, in seconds after the bench's start.
private func results(_ bench: Bench) -> [String] {
    bench.warehouse.rows("d.t").map { row in
        func text(_ scalar: Scalar) -> String {
            switch scalar {
            case .string(let value): value
            case .int64(let value): "\(value)"
            case .timestamp(let value): "\((value.micros - 1_000_000_000_000) / 1_000_000)"
            default: "\(scalar)"
            }
        }
        return "\(text(row[0])) \(text(row[1])) \(text(row[2])) \(text(row[3]))..\(text(row[4]))"
    }.sorted()
}

@Suite struct WindowedPipelineTests {
    @Test func aFixedWindowIsGivenOutWhenTheWatermarkPassesItsEnd() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.fixed(size: 30_000_000, offset: 0)))
        // The bench starts at second 1,000,000: windows start 10 seconds before and 20 seconds after.
        publish(bench, [("a", 1, 5), ("a", 2, 19), ("b", 3, 8), ("a", 5, 20)])
        await bench.settle(pipeline)
        #expect(results(bench).isEmpty)
        let combine = await pipeline.metrics().steps[2]
        #expect(combine.stateEntries == 3)
        #expect(combine.stateBytes > 0)
        #expect(combine.watermark == Timestamp(seconds: 1_000_000), "a watermark does not pass the clock")
        #expect(combine.lag == .zero)
        // A minute later the estimate is the last message's time, and goes on with the clock.
        await bench.advance(pipeline, by: .seconds(74))
        #expect(results(bench).isEmpty)
        await bench.advance(pipeline, by: .seconds(1))
        #expect(results(bench) == ["a 3 2 -10..20", "b 3 1 -10..20"])
        await bench.advance(pipeline, by: .seconds(30))
        #expect(results(bench) == ["a 3 2 -10..20", "a 5 1 20..50", "b 3 1 -10..20"])
        #expect(
            Set(bench.warehouse.eventTimes("d.t")) == Set([1_000_020_000_000 - 1000, 1_000_050_000_000 - 1000]),
            "a result is at its window's last millisecond")
        #expect(await pipeline.metrics().steps[2].stateEntries == 0)
        #expect(bench.warehouse.epoch("test")?.state.keys.allSatisfy { $0.key.first == 0 } == true)
        await pipeline.stop()
    }

    @Test func lateElementsAreDroppedAndCounted() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.fixed(size: 10_000_000, offset: 0)))
        publish(bench, [("a", 1, 5)])
        await bench.settle(pipeline)
        // Idle: the watermark goes on with the clock, 5 s ahead of it less a minute's memory.
        await bench.advance(pipeline, by: .seconds(120))
        #expect(results(bench) == ["a 1 1 0..10"])
        #expect(await pipeline.metrics().steps[2].watermark == Timestamp(seconds: 1_000_065))
        publish(bench, [("a", 1, 7), ("a", 1, 59.9), ("b", 9, 60), ("b", 9, 64)])
        await bench.settle(pipeline)
        #expect(await pipeline.metrics().steps.map(\.late) == [0, 0, 2, 0, 0])
        await bench.advance(pipeline, by: .seconds(200))
        #expect(results(bench) == ["a 1 1 0..10", "b 18 2 60..70"])
        await pipeline.stop()
    }

    @Test func slidingWindowsHoldAnElementSeveralTimes() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.sliding(size: 20_000_000, period: 10_000_000, offset: 0)))
        publish(bench, [("a", 1, 5), ("a", 2, 15)])
        await bench.advance(pipeline, by: .seconds(300))
        #expect(results(bench) == ["a 1 1 -10..10", "a 2 1 10..30", "a 3 2 0..20"])
        await pipeline.stop()
    }

    @Test func sessionsMerge() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.sessions(gap: 10_000_000)))
        publish(bench, [("a", 1, 0), ("a", 2, 18), ("b", 5, 3)])
        await bench.settle(pipeline)
        #expect(await pipeline.metrics().steps[2].stateEntries == 3)
        publish(bench, [("a", 4, 9), ("a", 8, 28)])
        await bench.settle(pipeline)
        #expect(await pipeline.metrics().steps[2].stateEntries == 3)
        await bench.advance(pipeline, by: .seconds(300))
        // 18 is inside 9's session; 28 only touches the end of the merged one.
        #expect(results(bench) == ["a 7 3 0..28", "a 8 1 28..38", "b 5 1 3..13"])
        await pipeline.stop()
    }

    @Test func theGlobalWindowClosesWithADrain() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.global))
        publish(bench, [("a", 1, 0), ("a", 2, 500)])
        await bench.advance(pipeline, by: .seconds(10_000))
        #expect(results(bench).isEmpty)
        try await pipeline.drain()
        #expect(bench.warehouse.rows("d.t").count == 1)
        #expect(bench.warehouse.rows("d.t")[0].prefix(3) == [.string("a"), .int64(3), .int64(2)])
        #expect(bench.warehouse.eventTimes("d.t") == [9_223_371_950_454_774_000])
    }

    @Test func afterADrainThePipelineGoesOn() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.fixed(size: 10_000_000, offset: 0)))
        publish(bench, [("a", 1, 5), ("a", 1, 25)])
        await bench.settle(pipeline)
        try await pipeline.drain()
        #expect(await pipeline.state == .drained)
        #expect(results(bench) == ["a 1 1 0..10", "a 1 1 20..30"])
        try await pipeline.drain()
        try await pipeline.start()
        #expect(await pipeline.metrics().steps[2].watermark == Timestamp(seconds: 1_000_000))
        publish(bench, [("a", 7, 26), ("a", 7, 35)])
        await bench.settle(pipeline)
        #expect(await pipeline.metrics().steps[2].late == 0)
        try await pipeline.drain()
        #expect(results(bench) == ["a 1 1 0..10", "a 1 1 20..30", "a 7 1 20..30", "a 7 1 30..40"])
        await #expect(throws: PipelineError.self) {
            await pipeline.stop()
            try await pipeline.drain()
        }
    }

    @Test func publishTimeClosesWindowsWithTheClock() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(
            graph(.fixed(size: 10_000_000, offset: 0), timestampAttribute: nil))
        bench.subscription.publish([json(["k": "\"a\"", "v": "1"])])
        await bench.settle(pipeline)
        #expect(await pipeline.nextDeadline == Timestamp(seconds: 1_000_010), "it sleeps until the window can close")
        #expect(await pipeline.metrics().steps[4].lag == .zero)
        await bench.advance(pipeline, by: .seconds(9))
        #expect(results(bench).isEmpty)
        await bench.advance(pipeline, by: .seconds(1))
        #expect(results(bench) == ["a 1 1 0..10"])
        #expect(await pipeline.nextDeadline == nil, "nothing left to wait for")
        await pipeline.stop()
    }

    @Test func aPausedSourceHoldsTheWatermark() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(
            graph(.fixed(size: 10_000_000, offset: 0), timestampAttribute: nil))
        bench.subscription.publish([json(["k": "\"a\"", "v": "1"])])
        await bench.settle(pipeline)
        await pipeline.pause()
        await bench.advance(pipeline, by: .seconds(2))
        bench.subscription.publish([json(["k": "\"a\"", "v": "2"])])
        await bench.advance(pipeline, by: .seconds(60))
        #expect(results(bench).isEmpty, "the waiting message belongs to the window")
        #expect(await pipeline.metrics().watermarkLag == .seconds(60))
        await pipeline.resume()
        await bench.settle(pipeline)
        #expect(results(bench) == ["a 3 2 0..10"])
        await pipeline.stop()
    }

    @Test func beforeAnyMessageThereIsNoWatermark() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.fixed(size: 10_000_000, offset: 0)))
        await bench.advance(pipeline, by: .seconds(500))
        let metrics = await pipeline.metrics()
        #expect(metrics.watermarkLag == nil)
        #expect(metrics.steps.allSatisfy { $0.watermark == nil && $0.lag == nil })
        await pipeline.stop()
    }

    @Test func combinesInARowCloseInOneEpoch() async throws {
        var builder = GraphBuilder()
        builder.read(schema, timestampAttribute: "t")
        builder.add("small", .window(.fixed(size: 10_000_000, offset: 0)))
        builder.add(
            "bySmall",
            .combine(
                Combine(
                    keys: [field("k", in: schema)], aggregates: [.init(function: .sum, value: field("v", in: schema))])),
            schema: schema)
        builder.add("large", .window(.fixed(size: 30_000_000, offset: 0)))
        builder.add(
            "byLarge",
            .combine(Combine(keys: [], aggregates: [.init(function: .max, value: field("v", in: schema))])),
            schema: Schema([Field("v", .int64)]))
        builder.write("d.t")
        let bench = Bench()
        let pipeline = try await bench.running(builder.graph)
        publish(bench, [("a", 1, 21), ("a", 2, 29), ("b", 9, 31), ("b", -8, 32), ("a", 4, 60)])
        await bench.advance(pipeline, by: .seconds(200))
        #expect(bench.warehouse.rows("d.t") == [[.int64(3)], [.int64(4)]])
        #expect(await pipeline.metrics().steps.map(\.late).allSatisfy { $0 == 0 })
        await pipeline.stop()
    }

    @Test func sumsThatDoNotFitBecomeDeadLetters() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.fixed(size: 10_000_000, offset: 0)))
        publish(bench, [("a", .max, 1), ("a", 1, 2), ("b", 1, 3)])
        await bench.advance(pipeline, by: .seconds(200))
        #expect(results(bench) == ["b 1 1 0..10"])
        #expect(bench.publisher.messages("dead").map { $0.attributes["streamtop-step"] } == ["combine"])
        #expect(await pipeline.metrics().steps[2].rejected == 1)
        await pipeline.stop()
    }

    @Test func withoutKeysEverythingIsOneGroup() async throws {
        var builder = GraphBuilder()
        builder.read(schema)
        builder.add(
            "combine",
            .combine(Combine(keys: [], aggregates: [.init(function: .count, value: field("v", in: schema))])),
            schema: Schema([Field("n", .int64)]))
        builder.write("d.t")
        let bench = Bench()
        let pipeline = try await bench.running(builder.graph)
        bench.subscription.publish((0..<70).map { json(["k": "\"\($0)\"", "v": "null"]) })
        await bench.settle(pipeline)
        bench.subscription.publish([json(["v": "3"])])
        await bench.settle(pipeline)
        try await pipeline.drain()
        #expect(bench.warehouse.rows("d.t") == [[.int64(71)]])
    }

    @Test func nullsAreRejectedWherePythonRefusesThem() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(graph(.global))
        bench.subscription.publish([json(["k": "null", "v": "1"]), json(["k": "null", "v": "null"])])
        await bench.settle(pipeline)
        try await pipeline.drain()
        #expect(bench.warehouse.rows("d.t").map { Array($0.prefix(3)) } == [[.null, .int64(1), .int64(1)]])
        #expect(
            bench.publisher.messages("dead").map { $0.attributes["streamtop-error"] }
                == ["sum for 'total': the value is null"])
    }

    @Test func anIdentifierCountsOnceInTenMinutes() async throws {
        var builder = GraphBuilder()
        builder.read(schema, idAttribute: "id")
        builder.write("d.t")
        let bench = Bench()
        func publish(_ ids: String?...) {
            bench.subscription.publish(
                ids.map { id in
                    OutgoingMessage(data: Array("{}".utf8), attributes: id.map { ["id": $0] } ?? [:])
                })
        }
        let pipeline = try await bench.running(builder.graph)
        publish("x", "y", "x", nil, nil)
        await bench.settle(pipeline)
        publish("y")
        await bench.advance(pipeline, by: .seconds(300))
        await pipeline.stop()
        let restarted = try await bench.running(builder.graph)
        publish("x", "z")
        await bench.settle(restarted)
        var step = await restarted.metrics().steps[0]
        #expect([step.elementsIn, step.elementsOut, step.duplicates] == [8, 5, 3])
        #expect(step.stateEntries == 3)
        #expect(bench.subscription.unacknowledged == 0, "duplicates are done, too")
        await bench.advance(restarted, by: .seconds(300))
        publish("x", "z")
        await bench.settle(restarted)
        step = await restarted.metrics().steps[0]
        #expect([step.elementsIn, step.elementsOut, step.duplicates] == [10, 6, 4])
        #expect(step.stateEntries == 2)
        await restarted.stop()
    }
}
