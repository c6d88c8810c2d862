import Control
import Dataflow
import Foundation
import PubSub
import Run
import Scheduler
import Spelling
import Tasks
import Time

/// Carries out commands on the services, and says in one line what became of them.
struct CommandDesk {
    let stack: Stack
    let options: HostOptions

    private var subscriptions: SubscriptionDesk { SubscriptionDesk(broker: stack.broker, clock: stack.clock) }

    /// Throws the service's error, whose description is the refusal.
    func perform(_ command: Command, host: StackHost) async throws -> CommandAnswer {
        switch command {
        case .pauseJob(let name):
            try await stack.scheduler.pause(name)
            return .done("job \(name) is paused")
        case .resumeJob(let name):
            return try await resume(name)
        case .runJob(let name):
            try await stack.scheduler.runNow(name)
            return .done("job \(name) fires now")
        case .pauseQueue(let name):
            try await stack.tasks.queue(name).pause()
            return .done("queue \(name) is paused")
        case .resumeQueue(let name):
            try await stack.tasks.queue(name).resume()
            return .done("queue \(name) dispatches again")
        case .purgeQueue(let name):
            let count = try await stack.tasks.queue(name).purge()
            return .done("queue \(name): \(count) tasks deleted")
        case .setWorkers(let pipeline, let count):
            return try await setWorkers(pipeline, count)
        case .pausePipeline(let name):
            try await placed(name).pipeline.pause()
            return .done("pipeline \(name) pulls no more messages")
        case .resumePipeline(let name):
            try await placed(name).pipeline.resume()
            return .done("pipeline \(name) goes on")
        case .setInstances(let service, let count):
            return try await setInstances(service, count)
        case .purgeSubscription(let name): return try await subscriptions.purge(name)
        case .seekSubscription(let name, let seconds):
            return try await subscriptions.seek(name, secondsBack: seconds)
        case .seekSubscriptionToTime(let name, let time): return try await subscriptions.seek(name, to: time)
        case .detachSubscription(let name): return try await subscriptions.detach(name)
        case .exportSnapshot(let path):
            return try await export(to: path, host: host)
        case .shutDown:
            host.shutDown()
            return .done("streamtop stops")
        }
    }

    /// A trigger that was paused fires as soon as it is resumed: whoever resumes it wants to see something move.
    private func resume(_ name: String) async throws -> CommandAnswer {
        let short = name.shortName
        let wasPaused = await stack.scheduler.metrics.contains { $0.job.shortName == short && $0.job.state == .paused }
        try await stack.scheduler.resume(name)
        guard wasPaused else { return .done("job \(short) is enabled already") }
        do {
            try await stack.scheduler.runNow(name)
            return .done("job \(short) is resumed and fires now")
        } catch let error as SchedulerError where error.code == .refused {
            return .done("job \(short) is resumed")
        }
    }

    private func setWorkers(_ name: String, _ count: Int) async throws -> CommandAnswer {
        let placed = try placed(name)
        guard (1...placed.maxWorkers).contains(count) else {
            return .refused("pipeline \(name) has 1 to \(placed.maxWorkers) workers, not \(count)")
        }
        await placed.pipeline.setWorkers(count)
        return .done("pipeline \(name) has \(count) worker\(count == 1 ? "" : "s")")
    }

    private func setInstances(_ name: String, _ count: Int?) async throws -> CommandAnswer {
        guard let service = stack.run.service(named: name) else {
            throw HostError(
                .workspace, "there is no service '\(name)'\(Spelling.hint(for: name, in: stack.services.map(\.name)))")
        }
        let metrics = await service.metrics
        if let count, !(0...metrics.maxInstances).contains(count) {
            return .refused("service \(name) has 0 to \(metrics.maxInstances) instances, not \(count)")
        }
        let now = await service.setInstances(count)
        return .done("service \(name) has \(now) instance\(now == 1 ? "" : "s")\(count == nil ? ", by load" : "")")
    }

    private func placed(_ name: String) throws -> Stack.PlacedPipeline {
        guard let placed = stack.pipelines.first(where: { $0.pipeline.name == name }) else {
            throw HostError(
                .workspace,
                "there is no pipeline '\(name)'\(Spelling.hint(for: name, in: stack.pipelines.map(\.pipeline.name)))")
        }
        return placed
    }

    private func export(to path: String?, host: StackHost) async throws -> CommandAnswer {
        let snapshot = await host.snapshot()
        let stamp = snapshot.takenAt.rfc3339.filter { $0 != ":" && $0 != "-" }
        let url =
            path.map { URL(fileURLWithPath: $0) } ?? options.dataFolder.appendingPathComponent("snapshot-\(stamp).json")
        do {
            let data: Data =
                url.pathExtension == "txt" || url.pathExtension == "prom"
                ? Data(snapshot.openMetrics.utf8) : try snapshot.json()
            try data.write(to: url, options: .atomic)
        } catch {
            throw HostError(.output, "\(url.path): \(error.systemReason)", remedy: "choose another file")
        }
        return .done("snapshot written to \(url.path)")
    }
}
