import Columnar
import Dataflow
import Pipes
import PipesTestSupport
import Telemetry
import Testing
import Time

private let schema = Schema([Field("k", .string), Field("v", .int64)])

private func row(_ key: String, _ value: Int) -> String { json(["k": "\"\(key)\"", "v": "\(value)"]) }

private func copyGraph(handlesErrors: Bool = false) -> Graph {
    var builder = GraphBuilder()
    builder.read(schema)
    builder.write("d.t")
    return builder.graph
}

/// Rejects `bad`, and drops `drop`.
private let checked = RowExpression(.string) { row in
    if row["k"] == .string("bad") { throw RowExpression.Rejection(reason: "a bad key") }
    return row["k"] ?? .null
}

@Suite struct PipelineTests {
    @Test func messagesBecomeRowsAndAreAcknowledgedAfterTheCommit() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(copyGraph())
        bench.subscription.publish([row("a", 1), json(["k": "\"b\"", "v": "null"])])
        await bench.settle(pipeline)
        #expect(bench.warehouse.rows("d.t") == [[.string("a"), .int64(1)], [.string("b"), .null]])
        #expect(bench.subscription.unacknowledged == 0)
        #expect(bench.warehouse.commits.map(\.epoch) == [1])
        let metrics = await pipeline.metrics()
        #expect(metrics.state == .running)
        #expect(metrics.epochs == 1)
        #expect(metrics.steps.map(\.elementsIn) == [2, 2])
        #expect(metrics.steps.map(\.elementsOut) == [2, 2])
        #expect(metrics.uncommitted == 0)
        #expect(metrics.systemLag == .zero)
        await pipeline.stop()
        #expect(await pipeline.state == .stopped)
    }

    @Test func whatIsAtHandIsOneEpochAndAnEpochHasBounds() async throws {
        let bench = Bench(pullLimit: 10)
        bench.subscription.publish((0..<95).map { row("a", $0) })
        let pipeline = try await bench.running(copyGraph())
        #expect(bench.warehouse.commits.count == 1)
        await pipeline.stop()
        let small = try bench.pipeline(copyGraph(), PipelineSettings(maxMessagesPerEpoch: 30))
        bench.subscription.publish((0..<95).map { row("a", $0) })
        try await small.start()
        await bench.settle(small)
        #expect(bench.warehouse.commits.map { $0.rows.reduce(0) { $0 + $1.batch.count } } == [95, 30, 30, 30, 5])
        #expect(bench.warehouse.rows("d.t").count == 190)
        await small.stop()
    }

    @Test func aSourceOfBigMessagesIsPulledFewAtATime() async throws {
        let bench = Bench()
        bench.subscription.publish((0..<50).map { row(String(repeating: "x", count: 10_000), $0) })
        let pipeline = try await bench.running(copyGraph(), PipelineSettings(maxBytesPerEpoch: 100_000))
        let sizes = bench.warehouse.commits.map { $0.rows.reduce(0) { $0 + $1.batch.count } }
        #expect(sizes.reduce(0, +) == 50)
        #expect(sizes.allSatisfy { $0 <= 10 })
        #expect(sizes.count <= 7)
        await pipeline.stop()
    }

    @Test func fusedStepsCountTheirElementsEach() async throws {
        var builder = GraphBuilder()
        builder.read(schema)
        builder.add("map", .map(MapFields(expressions: [checked, field("v", in: schema)])))
        builder.add("filter", .filter(RowExpression(.boolean) { .boolean($0["k"] != .string("drop")) }))
        builder.add("log", .log(prefix: "> "))
        builder.write("d.t")
        let bench = Bench()
        let pipeline = try await bench.running(builder.graph)
        bench.subscription.publish([row("a", 1), row("drop", 2), row("bad", 3), "not json", row("b", 4)])
        await bench.settle(pipeline)
        let steps = await pipeline.metrics().steps
        #expect(steps.map(\.elementsIn) == [5, 4, 3, 2, 2])
        #expect(steps.map(\.elementsOut) == [4, 3, 2, 2, 2])
        #expect(steps.map(\.rejected) == [1, 1, 0, 0, 0])
        #expect(steps.map(\.inputs) == [[], ["read"], ["map"], ["filter"], ["log"]])
        await pipeline.stop()
    }

    @Test func rejectedElementsBecomeDeadLettersWithStepAndReason() async throws {
        var builder = GraphBuilder()
        builder.read(schema)
        builder.add("map", .map(MapFields(expressions: [checked, field("v", in: schema)])))
        builder.write("d.t")
        let bench = Bench()
        bench.warehouse.refuse { $0[1] == .int64(13) ? "13 brings bad luck" : nil }
        let pipeline = try await bench.running(builder.graph)
        bench.subscription.publish(["{", row("bad", 3), row("a", 13), row("a", 1)], attributes: ["x": "y"])
        await bench.settle(pipeline)
        #expect(bench.warehouse.rows("d.t") == [[.string("a"), .int64(1)]])
        let letters = bench.publisher.messages("dead")
        #expect(letters.map(\.data) == ["{", #"{"k":"bad","v":3}"#, #"{"k":"a","v":13}"#].map { Array($0.utf8) })
        #expect(letters.map { $0.attributes["streamtop-step"] } == ["read", "map", "write"])
        #expect(letters[0].attributes["x"] == "y", "a message keeps its attributes")
        #expect(letters[1].attributes["streamtop-error"] == "a bad key")
        #expect(letters[2].attributes["streamtop-error"] == "13 brings bad luck")
        #expect(bench.subscription.unacknowledged == 0)
        #expect(await pipeline.metrics().lastError == "step 'write': 13 brings bad luck")
        await pipeline.stop()
    }

    @Test func errorOutputsTakeWhatTheirStepsReject() async throws {
        var builder = GraphBuilder()
        let read = builder.read(schema, handlesErrors: true)
        let map = builder.add(
            "map", .map(MapFields(expressions: [checked, field("v", in: schema)])), handlesErrors: true)
        let write = builder.write("d.t", handlesErrors: true)
        let errorSchema = Graph.errorSchema(for: .flatten, input: schema)
        builder.add(
            "reasons", .map(MapFields(expressions: [field("msg", in: errorSchema)])),
            from: [Edge(step: map, output: .errors), Edge(step: write, output: .errors)],
            schema: Schema([Field("msg", .string)]))
        builder.write("d.errors", name: "errors")
        builder.add(
            "unreadable", .writeMessages(WriteMessages(topic: "unreadable", format: .json)),
            from: [Edge(step: read, output: .errors)])
        let bench = Bench()
        bench.warehouse.refuse { $0.last == .int64(13) ? "13 brings bad luck" : nil }
        let pipeline = try await bench.running(builder.graph)
        bench.subscription.publish(["{", row("bad", 3), row("a", 13), row("a", 1)])
        await bench.settle(pipeline)
        #expect(bench.warehouse.rows("d.t") == [[.string("a"), .int64(1)]])
        #expect(bench.warehouse.rows("d.errors") == [[.string("a bad key")], [.string("13 brings bad luck")]])
        #expect(bench.publisher.messages("dead").isEmpty)
        let unreadable = bench.publisher.messages("unreadable")
        #expect(unreadable.map(\.data) == [Array("{".utf8)])
        #expect(unreadable[0].attributes["streamtop-step"] == "read")
        #expect(await pipeline.metrics().steps.map(\.rejected) == [1, 1, 1, 0, 0, 0])
        await pipeline.stop()
    }

    @Test func withoutDeadLettersRejectedElementsAreCountedAndDropped() async throws {
        var bench = Bench()
        bench.deadLetterTopic = nil
        let pipeline = try await bench.running(copyGraph())
        bench.subscription.publish(["{", row("a", 1)])
        await bench.settle(pipeline)
        #expect(await pipeline.metrics().steps[0].rejected == 1)
        #expect(bench.warehouse.rows("d.t").count == 1)
        await pipeline.stop()
    }

    @Test func twoSourcesAndAFlatten() async throws {
        var builder = GraphBuilder()
        let first = builder.read(schema)
        let second = builder.read(schema, subscription: "second", name: "read2")
        builder.add("flatten", .flatten, from: [Edge(step: first), Edge(step: second)], schema: schema)
        builder.write("d.t")
        builder.write("d.copy", name: "copy", from: [Edge(step: second)])
        let bench = Bench()
        let pipeline = try await bench.running(builder.graph)
        bench.subscription.publish([row("a", 1)])
        bench.second.publish([row("b", 2)])
        await bench.settle(pipeline)
        #expect(sorted(bench.warehouse.rows("d.t")).count == 2)
        #expect(bench.warehouse.rows("d.copy") == [[.string("b"), .int64(2)]])
        await pipeline.stop()
    }

    @Test func aBusySourceDoesNotStarveTheOther() async throws {
        var builder = GraphBuilder()
        let first = builder.read(schema)
        let second = builder.read(schema, subscription: "second", name: "read2")
        builder.write("d.t", from: [Edge(step: first), Edge(step: second)])
        let bench = Bench()
        bench.subscription.publish((0..<1000).map { row("busy", $0) })
        bench.second.publish([row("other", 1)])
        let pipeline = try await bench.running(builder.graph, PipelineSettings(maxMessagesPerEpoch: 100))
        let place = bench.warehouse.commits.firstIndex { commit in
            commit.rows.contains { $0.batch.rows.contains { $0[0] == .string("other") } }
        }
        #expect(place.map { $0 <= 1 } == true)
        await pipeline.stop()
    }

    @Test func lookUpsFailTheEpochUntilTheyWork() async throws {
        let stops = Schema([Field("id", .string), Field("name", .string)])
        var builder = GraphBuilder()
        builder.read(schema)
        builder.add(
            "enrich",
            .lookup(
                Lookup(table: "d.stops", keyFields: [0], keyColumns: ["id"], columns: ["name"], rejectsUnmatched: false)
            ),
            schema: Schema(schema.fields + [Field("name", .string)]))
        builder.write("d.t")
        var bench = Bench()
        let lookup = FakeLookup(stops, [[.string("a"), .string("Alpha")]])
        lookup.setFailure("the warehouse is locked")
        bench.lookup = lookup
        let pipeline = try await bench.running(builder.graph)
        bench.subscription.publish([row("a", 1), row("b", 2)])
        await bench.settle(pipeline)
        #expect(await pipeline.state == .retrying(reason: "the warehouse is locked"))
        #expect(bench.subscription.unacknowledged == 2)
        lookup.setFailure(nil)
        await bench.advance(pipeline, by: .seconds(1))
        #expect(
            bench.warehouse.rows("d.t") == [
                [.string("a"), .int64(1), .string("Alpha")], [.string("b"), .int64(2), .null],
            ])
        #expect(await pipeline.metrics().steps.map(\.elementsIn) == [2, 2, 2], "a retry counts once")
        await pipeline.stop()
    }

    @Test func createGivesItsRowsOnceInThePipelinesLife() async throws {
        var builder = GraphBuilder()
        builder.add("create", .create(Batch(schema, rows: [[.string("a"), .int64(1)]])), schema: schema)
        builder.add(
            "sum",
            .combine(
                Combine(
                    keys: [field("k", in: schema)],
                    aggregates: [Combine.Aggregate(function: .sum, value: field("v", in: schema))])),
            schema: schema)
        builder.write("d.t")
        let bench = Bench()
        for _ in 0..<3 {
            let pipeline = try await bench.running(builder.graph)
            #expect(await pipeline.state == .drained, "a pipeline without subscriptions ends")
            #expect(bench.warehouse.rows("d.t") == [[.string("a"), .int64(1)]])
            await pipeline.stop()
        }
    }

    @Test func writeDispositionsAreHonouredOnTheFirstStart() async throws {
        func graph(_ disposition: WriteRows.WriteDisposition, creates: Bool = true) -> Graph {
            var builder = GraphBuilder("\(disposition)")
            builder.read(schema)
            builder.add(
                "write", .writeRows(WriteRows(table: "d.t", createsTable: creates, writeDisposition: disposition)))
            return builder.graph
        }
        let bench = Bench()
        bench.warehouse.put([[.string("old"), .null]], into: "d.t")
        let empty = try bench.pipeline(graph(.empty))
        await #expect(throws: PipelineError.self) { try await empty.start() }
        #expect(await empty.state.name == "FAILED")
        let append = try await bench.running(graph(.append))
        #expect(bench.warehouse.rows("d.t").count == 1)
        await append.stop()
        let truncate = try await bench.running(graph(.truncate))
        #expect(bench.warehouse.rows("d.t").isEmpty)
        bench.subscription.publish([row("a", 1)])
        await bench.settle(truncate)
        await truncate.stop()
        try await truncate.start()
        #expect(bench.warehouse.rows("d.t").count == 1, "a restart truncates nothing")
        await truncate.stop()
        let missing = Bench()
        let never = try missing.pipeline(graph(.append, creates: false))
        await #expect(throws: FakeWarehouse.Failure.self) { try await never.start() }
    }

    @Test func freshnessIsFromPublishingToTheCommit() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(copyGraph())
        bench.subscription.publish([row("a", 1)], at: bench.clock.now - .seconds(2))
        bench.subscription.publish([row("a", 1), row("a", 2)], at: bench.clock.now - .seconds(4))
        await bench.settle(pipeline)
        let freshness = try #require(await pipeline.metrics().freshness)
        #expect(freshness.count == 3)
        #expect(freshness.sum == 10)
        await pipeline.stop()
    }

    @Test func pausedPipelinesPullNothing() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(copyGraph())
        await pipeline.pause()
        bench.subscription.publish([row("a", 1)])
        await bench.settle(pipeline)
        #expect(await pipeline.state == .paused)
        #expect(bench.warehouse.rows("d.t").isEmpty)
        bench.clock.advance(by: .seconds(5))
        #expect(await pipeline.metrics().backlogMessages == 1)
        #expect(await pipeline.metrics().systemLag == .seconds(5))
        await pipeline.resume()
        await bench.settle(pipeline)
        #expect(bench.warehouse.rows("d.t").count == 1)
        await pipeline.stop()
    }
}
