import Columnar
import Pipes
import PipesTestSupport
import TestSupport
import Testing
import Time

@testable import Dataflow

private let schema = Schema([Field("k", .string), Field("v", .int64)])
private let results = Schema([
    Field("k", .string), Field("n", .int64), Field("total", .int64), Field("all", .list(.int64)),
    Field("at", .timestamp),
])

/// Fixed windows, and sessions of the same rows.
private func graph() -> Graph {
    var builder = GraphBuilder()
    builder.read(schema, timestampAttribute: "t")
    for (name, function) in [
        ("fixed", WindowFunction.fixed(size: 10_000_000, offset: 0)), ("sessions", .sessions(gap: 3_000_000)),
    ] {
        builder.add("\(name)Window", .window(function), from: [Edge(step: 0)], schema: schema)
        let value = field("v", in: schema)
        builder.add(
            name,
            .combine(
                Combine(
                    keys: [field("k", in: schema)],
                    aggregates: [
                        .init(function: .count, value: value), .init(function: .sum, value: value),
                        .init(function: .group, value: value),
                    ])), schema: Schema(Array(results.fields.dropLast())))
        builder.add("\(name)Info", .windowingInfo([.timestamp]), schema: results)
        builder.write("d.\(name)", name: "\(name)Write")
    }
    return builder.graph
}

/// Stages of messages, the earliest first, otherwise in no order of time.
private func stages(_ random: inout SplitMix64) -> [[OutgoingMessage]] {
    var value = 0
    return (0..<6).map { stage in
        (0..<Int.random(in: 1...150, using: &random)).map { index in
            value += 1
            let time = stage * 20_000 + (index == 0 ? 0 : Int.random(in: 0..<30_000, using: &random))
            return OutgoingMessage(
                data: Array(json(["k": "\"k\(Int.random(in: 0..<40, using: &random))\"", "v": "\(value)"]).utf8),
                attributes: ["t": String(1_000_000_000 + time)])
        }
    }
}

/// Workers come and go while a pipeline runs; the results are those of one worker.
@Suite struct ScalingTests {
    private func rows(
        _ stages: [[OutgoingMessage]], deaths: [Int?] = [], settings: PipelineSettings, chance: SplitMix64? = nil
    ) async throws -> (fixed: [String], sessions: [String]) {
        var run = try await CrashRun(Bench(pullLimit: 70), graph(), deaths: deaths, settings: settings, chance: chance)
        for (index, stage) in stages.enumerated() {
            try await run.publish(stage)
            if index % 2 == 1 { try await run.advance(by: .seconds(15)) }
        }
        try await run.finish()
        #expect(run.bench.subscription.unacknowledged == 0)
        return (sorted(run.bench.warehouse.rows("d.fixed")), sorted(run.bench.warehouse.rows("d.sessions")))
    }

    @Test(arguments: 0..<40) func fromOneToEightAndBackChangesNoResult(seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        let stages = stages(&random)
        let expected = try await rows(stages, settings: PipelineSettings())
        #expect(!expected.fixed.isEmpty && !expected.sessions.isEmpty)
        // Every second run dies a few times; every third has no room in memory for windows.
        let deaths =
            seed % 2 == 0
            ? [] : (0..<Int.random(in: 1..<8, using: &random)).map { _ in Int.random(in: 1..<20, using: &random) }
        var settings = PipelineSettings(
            workers: Int.random(in: 1...8, using: &random),
            maxMessagesPerEpoch: Int.random(in: 20...200, using: &random),
            maxStateBytes: seed % 3 == 0 ? 0 : 1 << 20)
        settings.rowsBetweenStateChecks = 3
        let outcome = try await rows(
            stages, deaths: deaths, settings: settings, chance: SplitMix64(seed: UInt64(seed) + 1000))
        #expect(outcome.fixed == expected.fixed)
        #expect(outcome.sessions == expected.sessions)
    }
}
