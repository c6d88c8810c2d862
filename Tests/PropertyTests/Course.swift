import Logging
import Pipes
import PipesTestSupport
import TestSupport
import Time

@testable import Dataflow

/// How a pipeline is run: nothing of it may change a result.
struct Course: Sendable, CustomStringConvertible {
    var name: String
    var workers = 1
    /// Whether the number of workers changes on the way.
    var changesWorkers = false
    var messagesPerEpoch = 100_000
    var pullLimit = Int.max
    /// Of a step's state, in memory.
    var stateBytes = 32 << 20
    /// After how many calls to the outside each life of the process ends.
    var deaths: [Int] = []
    /// Where what is random on the way comes from.
    var seed: UInt64 = 0

    var description: String { name }

    static let plain = Course(name: "1 worker")

    static func random(_ seed: UInt64) -> [Course] {
        var random = SplitMix64(seed: seed ^ 0xC0FFEE)
        let sizes = [1, 3, 10, 50]
        let wide = Course(
            name: "8 workers", workers: 8, messagesPerEpoch: random.one(of: sizes), pullLimit: random.one(of: sizes),
            seed: random.next())
        var crashing = Course(
            name: "crashes and changing workers", workers: random.number(1...8), changesWorkers: true,
            messagesPerEpoch: random.one(of: sizes), pullLimit: random.one(of: sizes),
            stateBytes: random.once(in: 3) ? 1 : 32 << 20, seed: random.next())
        crashing.deaths = (0..<random.number(1...8)).map { _ in random.number(1...20) }
        return [plain, wide, crashing]
    }

    /// Runs the pipeline to its end.
    func run(_ flow: Flow, _ graph: Graph) async throws -> (outcome: Interpreter.Outcome, problem: String?) {
        let world = World(subscriptions: flow.sources.filter(\.value.isEndless).keys, pullLimit: pullLimit)
        var run = Run(course: self, world: world, graph: graph, random: SplitMix64(seed: seed), deaths: deaths)
        try await run.restart()
        if flow.isStreaming { try await run.publish(flow) }
        let metrics = try await run.finish(draining: flow.isStreaming)
        let outcome = Interpreter.Outcome(
            tables: world.warehouse.tables, rejected: Int(metrics.steps.reduce(0) { $0 + $1.rejected }))
        if case .failed(let message) = metrics.state { return (outcome, "failed: \(message)") }
        if metrics.steps.contains(where: { $0.late > 0 }) { return (outcome, "rows were late") }
        if world.subscriptions.values.contains(where: { $0.unacknowledged > 0 }) {
            return (outcome, "messages were not acknowledged")
        }
        return (outcome, nil)
    }
}

/// A pipeline at work, which is started again whenever its process has died.
struct Run {
    let course: Course
    let world: World
    let graph: Graph
    var random: SplitMix64
    var deaths: [Int]
    var pipeline: Pipeline?

    mutating func restart() async throws {
        while true {
            await pipeline?.stop()
            world.restart(dyingAt: deaths.isEmpty ? nil : deaths.removeFirst())
            let subscriptions = world.subscriptions
            let environment = PipelineEnvironment(
                clock: world.clock,
                source: { read in
                    guard let source = subscriptions[read.subscription ?? ""] else {
                        throw PipelineError(.unavailable, "no subscription")
                    }
                    return source
                }, sink: world.warehouse, logger: Logger(label: "property") { _ in SwiftLogNoOpLogHandler() })
            var settings = PipelineSettings(
                workers: course.workers, maxMessagesPerEpoch: course.messagesPerEpoch, maxStateBytes: course.stateBytes)
            // So few rows would never fill a memory.
            settings.rowsBetweenStateChecks = 1
            let pipeline = try Pipeline(graph: graph, environment: environment, settings: settings)
            self.pipeline = pipeline
            do {
                try await pipeline.start()
                return
            } catch {
                if !world.isDead { throw error }
            }
        }
    }

    /// Waits until nothing happens any more, through as many lives as it takes.
    mutating func settle() async throws {
        while let pipeline {
            while await !pipeline.isQuiet(), !world.isDead { await Task.yield() }
            if !world.isDead { return }
            try await restart()
        }
    }

    mutating func changeWorkers() async {
        if course.changesWorkers { await pipeline?.setWorkers(random.number(1...8)) }
    }

    /// Publishes what the sources hold, a part at a time, in the order of the rows of each.
    mutating func publish(_ flow: Flow) async throws {
        var positions: [String: Int] = [:]
        let names = flow.sources.keys.sorted()
        // The earliest of each first: before there is one, a watermark promises nothing.
        while true {
            var isMore = false
            for name in names {
                guard let source = flow.sources[name], let subscription = world.subscriptions[name] else { continue }
                let from = positions[name] ?? 0
                let to = min(source.rows.count, from + random.number(1...20))
                for index in from..<to {
                    let members = zip(source.columns, source.rows[index]).map {
                        Value.Member(name: $0.name, value: $1)
                    }
                    // Now and then twice; the second is a duplicate.
                    for _ in 0..<(random.once(in: 10) ? 2 : 1) {
                        subscription.publish(Value.row(members).json, time: source.times[index], id: "\(index)")
                    }
                }
                positions[name] = to
                isMore = isMore || to < source.rows.count
                if random.once(in: 2) { try await settle() }
                await changeWorkers()
            }
            try await settle()
            if !isMore { break }
        }
        // Time passes, and closes some of the windows.
        for _ in 0..<random.number(0...3) { try await advance(by: .seconds(random.number(1...90))) }
    }

    mutating func advance(by duration: Duration) async throws {
        let target = world.clock.now + duration
        while true {
            try await settle()
            guard let deadline = await pipeline?.nextDeadline, deadline <= target else { break }
            world.clock.advance(to: deadline)
        }
        world.clock.advance(to: target)
        try await settle()
        await changeWorkers()
    }

    mutating func finish(draining: Bool) async throws -> PipelineMetrics {
        while let pipeline {
            let end = Task { if draining { try await pipeline.drain() } else { await pipeline.waitUntilEnd() } }
            while !world.isDead {
                let state = await pipeline.state
                if state == .drained || state.name == "FAILED" || state == .stopped { break }
                if random.once(in: 50) { await changeWorkers() }
                await Task.yield()
            }
            if world.isDead {
                await pipeline.stop()
                try? await end.value
                if await pipeline.state != .drained || world.isDead { try await restart() }
                continue
            }
            try? await end.value
            return await pipeline.metrics()
        }
        throw Misfit(description: "no pipeline")
    }
}
