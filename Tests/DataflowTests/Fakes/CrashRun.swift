import Dataflow
import Pipes
import PipesTestSupport
import TestSupport
import Testing
import Time

/// A run in stages with time between them, restarted whenever it has died.
struct CrashRun {
    let bench: Bench
    let graph: Graph
    /// Where the process dies next, counted from each start; nil: not any more.
    var deaths: [Int?]
    var settings: PipelineSettings
    var pipeline: Pipeline
    var restarts = 0
    /// Draws a new number of workers before everything that happens; nil: it stays as it is.
    var chance: SplitMix64?

    init(
        _ bench: Bench, _ graph: Graph, deaths: [Int?], settings: PipelineSettings = PipelineSettings(),
        chance: SplitMix64? = nil
    ) async throws {
        self.chance = chance
        self.bench = bench
        self.graph = graph
        self.deaths = deaths
        self.settings = settings
        pipeline = try bench.pipeline(graph, settings)
        try await restart()
    }

    private mutating func restart() async throws {
        while true {
            bench.crash.restart(dyingAt: deaths.isEmpty ? nil : deaths.removeFirst())
            pipeline = try bench.pipeline(graph, settings)
            try? await pipeline.start()
            await bench.settle(pipeline)
            if !bench.crash.isDead { return }
            await pipeline.stop()
            restarts += 1
        }
    }

    private mutating func restartIfDead() async throws {
        await bench.settle(pipeline)
        if bench.crash.isDead {
            await pipeline.stop()
            restarts += 1
            try await restart()
        }
    }

    private mutating func scale() async {
        guard var drawing = chance else { return }
        await pipeline.setWorkers(Int.random(in: 1...8, using: &drawing))
        chance = drawing
    }

    mutating func publish(_ messages: [OutgoingMessage]) async throws {
        await scale()
        bench.subscription.publish(messages)
        // Now it is at work.
        await scale()
        try await restartIfDead()
    }

    mutating func advance(by duration: Duration) async throws {
        let target = bench.clock.now + duration
        while true {
            try await restartIfDead()
            guard let deadline = await pipeline.nextDeadline, deadline <= target else { break }
            await scale()
            bench.clock.advance(to: deadline)
        }
        bench.clock.advance(to: target)
        try await restartIfDead()
    }

    /// Closes all windows; what dies on the way is started again.
    mutating func finish() async throws {
        try await restartIfDead()
        await scale()
        while true {
            let draining = Task { [pipeline] in try await pipeline.drain() }
            while await pipeline.state != .drained, !bench.crash.isDead { await Task.yield() }
            if bench.crash.isDead { await pipeline.stop() }
            try? await draining.value
            if await pipeline.state == .drained { return }
            restarts += 1
            try await restart()
        }
    }
}
