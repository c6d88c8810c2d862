import BeamYAML
import Dataflow
import PipesTestSupport
import TestSupport
import Testing
import Time

/// Messages that come after the watermark has passed their windows.
///
/// The watermark of a source with an attribute for its time is the smallest time received in the last minute; a quiet
/// source's goes on with the clock from there. So it is known after each round of messages, and with it what is late.
@Suite("Late messages") struct LateDataTests {
    private struct Round {
        /// Seconds.
        var times: [Int64]
        /// How long nothing comes after it, beyond the minute that a time is remembered.
        var quiet: Int64
    }

    @Test("are dropped and counted, by the watermark that the rounds before have left", arguments: 0..<25)
    func late(seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        let rounds = (0..<random.number(2...4)).map { _ in
            Round(
                times: (0..<random.number(1...15)).map { _ in Int64(random.number(0...600)) },
                quiet: Int64(random.number(0...400)))
        }
        let size = Int64(random.number(5...120))
        let period = random.once(in: 2) ? size : max(1, size / Int64(random.number(2...4)))
        let (rows, late) = expected(rounds, size: size, period: period)
        for course in Course.random(UInt64(seed)) {
            let result = try await run(rounds, windowing: (size, period), course)
            #expect(result.rows == rows, "\(course)")
            #expect(result.late == late, "\(course)")
        }
    }

    private func expected(_ rounds: [Round], size: Int64, period: Int64) -> (rows: [String], late: Int) {
        var watermark = Int64.min
        var clock: Int64 = 1000
        var late = 0
        var counts: [Int64: Int64] = [:]
        for round in rounds {
            for time in round.times {
                for start in (time - size + 1)...time where start % period == 0 {
                    if start + size <= watermark { late += 1 } else { counts[start, default: 0] += 1 }
                }
            }
            clock += 60 + round.quiet
            if let first = round.times.min() { watermark = max(watermark, min(clock, first + round.quiet)) }
        }
        let rows = counts.map { start, count in
            Value.row([
                .init(name: "n", value: .integer(count)),
                .init(name: "from", value: .time(start * 1_000_000)),
            ]).description
        }
        return (rows.sorted(), late)
    }

    private func run(
        _ rounds: [Round], windowing: (size: Int64, period: Int64), _ course: Course
    ) async throws -> (rows: [String], late: Int) {
        let text = """
            pipeline:
              type: chain
              transforms:
                - type: ReadFromPubSub
                  config:
                    subscription: Source
                    format: JSON
                    timestamp_attribute: time
                    schema: {type: object, properties: {n: {type: integer}}}
                - type: WindowInto
                  windowing: {type: sliding, size: \(windowing.size)s, period: \(windowing.period)s}
                - type: Combine
                  config: {group_by: [], combine: {n: count}}
                - type: ExtractWindowingInfo
                  config: {fields: {from: window_start}}
                - type: WriteToBigQuery
                  config: {table: out.t0}
            """
        let compiled = try PipelineCompiler(environment: CompileEnvironment())
            .compile(text: text, file: "late.yaml", name: "late").get()
        let world = World(subscriptions: ["Source"], pullLimit: course.pullLimit)
        var run = Run(
            course: course, world: world, graph: compiled.graph, random: SplitMix64(seed: course.seed),
            deaths: course.deaths)
        try await run.restart()
        for round in rounds {
            for time in round.times { world.subscriptions["Source"]?.publish("{\"n\": 1}", time: time * 1000, id: "") }
            try await run.settle()
            await run.changeWorkers()
            try await run.advance(by: .seconds(60 + round.quiet))
        }
        let metrics = try await run.finish(draining: true)
        return (world.warehouse.tables["out.t0"] ?? [], Int(metrics.steps.reduce(0) { $0 + $1.late }))
    }
}
