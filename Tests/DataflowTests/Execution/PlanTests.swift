import Columnar
import Pipes
import Testing
import Time

@testable import Dataflow

private let schema = Schema([Field("k", .string), Field("v", .int64)])

@Suite struct PlanTests {
    private func message(_ build: (inout GraphBuilder) -> Void) -> String {
        var builder = GraphBuilder()
        build(&builder)
        do {
            _ = try Bench().pipeline(builder.graph)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func graphsThatContradictThemselvesAreRefused() {
        #expect(
            message {
                $0.read(schema); $0.write("d.t")
            } == "no error")
        #expect(
            message {
                $0.read(schema); $0.read(schema)
            } == "two steps are called 'read'; give one of them another name")
        #expect(
            message {
                $0.read(schema); $0.write("d.t", from: [Edge(step: 5)])
            }
                == "step 'write' reads from a step that does not come before it")
        #expect(
            message {
                $0.read(schema); $0.write("t")
            } == "step 'write': 't' is not a table; write dataset.table")
        #expect(
            message { builder in
                builder.read(schema)
                builder.add(
                    "sum",
                    .combine(
                        Combine(keys: [], aggregates: [.init(function: .sum, value: field("k", in: schema))])),
                    schema: Schema([Field("total", .string)]))
            } == "step 'sum': 'total' cannot be the sum of values of type string")
        #expect(
            message { builder in
                builder.read(schema)
                builder.add(
                    "enrich",
                    .lookup(
                        Lookup(table: "d.s", keyFields: [0], keyColumns: ["k"], columns: [], rejectsUnmatched: false)))
            } == "step 'enrich': there is no warehouse to look up 'd.s' in")
    }

    @Test func aMissingSubscriptionFailsTheStartInWords() async throws {
        var builder = GraphBuilder()
        builder.read(schema, subscription: "nowhere")
        builder.write("d.t")
        let pipeline = try Bench().pipeline(builder.graph)
        await #expect(throws: PipelineError(.unavailable, "there is no subscription 'nowhere'")) {
            try await pipeline.start()
        }
        #expect(await pipeline.state == .failed(message: "there is no subscription 'nowhere'"))
    }

    /// Two reading steps; a `Combine` of each, and one of both.
    private func plan() throws -> Plan {
        var builder = GraphBuilder()
        let first = builder.read(schema)
        let second = builder.read(schema, subscription: "second", name: "read2")
        func combine(_ name: String, _ inputs: Int...) -> Int {
            builder.add(
                name,
                .combine(
                    Combine(
                        keys: [field("k", in: schema)],
                        aggregates: [.init(function: .sum, value: field("v", in: schema))])),
                from: inputs.map { Edge(step: $0) }, schema: schema)
        }
        let (one, two) = (combine("one", first), combine("two", second))
        _ = combine("both", one, two)
        let bench = Bench()
        return try Plan(
            builder.graph,
            environment: PipelineEnvironment(
                clock: bench.clock, source: { _ in bench.subscription }, sink: bench.warehouse))
    }

    private func quiet(_ basis: SourceWatermark.Basis = .publishTime, at seconds: Int64) -> SourceWatermark {
        var watermark = SourceWatermark(basis: basis)
        watermark.observe(now: Timestamp(seconds: seconds), oldestUnacknowledged: nil, oldestPublishTime: nil)
        return watermark
    }

    @Test func theNextClosingIsTheFirstWindowThatAllItsSourcesReach() throws {
        let plan = try plan()
        #expect(plan.upstream(of: 4).reads == [0, 1])
        #expect(plan.upstream(of: 4).keyed == [2, 3])
        #expect(plan.upstream(of: 3).reads == [1])
        func next(_ ends: [Int: Int64], _ first: SourceWatermark, _ second: SourceWatermark) -> Int64? {
            plan.nextClosing(
                earliestEnds: ends.mapValues { $0 * 1_000_000 }, sources: [0: first, 1: second],
                now: Timestamp(seconds: 100)
            ).map { $0.micros / 1_000_000 }
        }
        let (steady, silent) = (quiet(at: 100), quiet(.attribute, at: 100))
        #expect(next([:], steady, steady) == nil)
        #expect(next([2: 130, 3: 120], steady, steady) == 120)
        #expect(next([2: 130, 3: 120], steady, silent) == 130, "a source that never spoke closes nothing")
        #expect(next([3: 120], steady, silent) == nil)
        #expect(next([4: 150], steady, steady) == 150)
        #expect(next([4: 150], steady, silent) == nil)
        #expect(next([2: 200, 4: 150], steady, steady) == 150)
        #expect(next([2: 140, 4: 150], steady, steady) == 140)
        #expect(next([2: 90], steady, steady) == 100, "always after now")
        #expect(next([2: Window.global.end / 1_000_000], steady, steady) == nil, "the end of time is not waited for")
        var held = steady
        held.observe(
            now: Timestamp(seconds: 100), oldestUnacknowledged: Timestamp(seconds: 90),
            oldestPublishTime: Timestamp(seconds: 90))
        #expect(next([2: 500], held, steady) == 101, "nobody tells when a held source is free")
    }

    @Test func watermarksAreMinimaOfInputsAndHolds() throws {
        let plan = try plan()
        let times: [Int: Timestamp] = [0: Timestamp(seconds: 10), 1: Timestamp(seconds: 20)]
        let holds: [Int: Timestamp] = [3: Timestamp(seconds: 15), 4: Timestamp(seconds: 30)]
        #expect(
            plan.outputWatermarks(sources: times) { holds[$0] }.map { $0.micros / 1_000_000 } == [10, 20, 10, 15, 10])
        #expect(plan.outputWatermarks(sources: plan.endOfTime) { _ in nil }.allSatisfy { $0 == .distantFuture })
    }
}
