import BeamYAML
import CPython
import Columnar
import Control
import Dataflow
import Foundation
import Journal
import Logging
import Pipes
import PubSub
import Run
import Scheduler
import Tasks
import Time
import Warehouse

/// The services of one workspace, wired to each other and to their files.
///
///     scheduler → tasks → run → pub/sub → pipelines → warehouse
///
/// They are made from the warehouse upwards, so that each finds what it sends to, and stopped from the trigger downwards.
struct Stack: Sendable {
    let clock: any WallClock
    let scheduler: SchedulerService
    let tasks: TaskQueues
    let run: RunRegistry
    let services: [RunService]
    let broker: Broker
    let warehouse: WarehouseStore
    let pipelines: [PlacedPipeline]
    let outside: OutboundHTTP
    /// Runs the Python code of all pipelines.
    let python: PythonPool

    /// A pipeline with what the workspace says about it.
    struct PlacedPipeline: Sendable {
        let pipeline: Pipeline
        let file: String
        let maxWorkers: Int
    }

    /// Opens everything; nothing moves before `start()`. Throws an error that names what cannot be opened, or
    /// `HostError.workspace` with every complaint about the pipeline files.
    static func open(_ options: HostOptions, log: EventLog) async throws -> Stack {
        let compiled = try PipelineFiles(workspace: options.workspace).compileAll()
        let outside = OutboundHTTP()
        do {
            return try await open(options, compiled, outside, log)
        } catch {
            await outside.close()
            throw error
        }
    }

    private static func open(
        _ options: HostOptions, _ compiled: [(resource: PipelineResource, graph: Graph)], _ outside: OutboundHTTP,
        _ log: EventLog
    ) async throws -> Stack {
        let workspace = options.workspace
        let clock = options.clock
        let folder = options.dataFolder
        let logger: @Sendable (String) -> Logger = { log.logger($0) }

        let warehouse = try WarehouseStore(
            folder: folder.path, options: WarehouseOptions(sourceFolder: workspace.folder.path), clock: clock,
            logger: logger("warehouse"))
        try await warehouse.declare(datasets: workspace.datasets, tables: workspace.tables)

        let broker = try await Broker.open(folder: folder.appendingPathComponent("pubsub").path, clock: clock)
        for note in broker.recoveryNotes { log.add(.warning, "pubsub", note) }
        try await broker.declare(
            schemas: workspace.schemas, topics: workspace.topics, subscriptions: workspace.subscriptions)
        var implicit = ImplicitSubscriptions()
        let compiled = compiled.map { (resource: $0.resource, graph: implicit.resolve($0.graph)) }
        try await implicit.declare(in: broker)

        let publisher = ShortNamePublisher(broker: broker)
        let run = RunRegistry(outside: outside)
        broker.startPushing(through: run)
        let tasks = try TaskQueues(
            workspace.queues, http: run, clock: clock, folder: folder.appendingPathComponent("tasks").path,
            logger: logger)
        var services: [RunService] = []
        for resource in workspace.services {
            guard let factory = options.handlers[resource.handler] else {
                throw HostError(
                    .workspace, "service \(resource.shortName): there is no handler '\(resource.handler)'",
                    remedy: "this program has \(options.handlers.keys.sorted().joined(separator: ", "))")
            }
            let context = ServiceContext(
                clock: clock, http: run, publisher: publisher, tasks: tasks, environment: options.environment,
                logger: logger("service \(resource.shortName)"))
            let service = RunService(resource, context: context, makeHandler: factory)
            run.add(service)
            services.append(service)
        }
        let ledger = try Ledger<JobRecord>(path: folder.appendingPathComponent("scheduler.ledger").path)
        let losses = ledger.recovery.losses
        if !losses.isEmpty {
            log.add(.warning, "scheduler", "jobs may have forgotten their state: " + losses.joined(separator: "; "))
        }
        let scheduler = try SchedulerService(
            jobs: workspace.jobs, http: run, publisher: publisher, clock: clock, ledger: ledger, logger: logger)

        let python = PythonPool(clock: clock)
        var pipelines: [PlacedPipeline] = []
        for (resource, graph) in compiled {
            var environment = PipelineEnvironment(
                clock: clock, source: { try broker.source(for: ($0.subscription ?? "").shortName) },
                publisher: publisher, deadLetterTopic: resource.deadLetterTopic, sink: warehouse, lookup: warehouse,
                python: python,
                logger: logger("pipeline \(resource.jobName)"))
            environment.rows = warehouse
            var settings = PipelineSettings(workers: resource.environment?.numWorkers ?? 1)
            settings.maxStateBytes = resource.environment?.maxStateBytes ?? settings.maxStateBytes
            settings.maxMemoryBytes = resource.environment?.maxMemoryBytes ?? settings.maxMemoryBytes
            settings.spillFolder = folder.path
            pipelines.append(
                PlacedPipeline(
                    pipeline: try Pipeline(graph: graph, environment: environment, settings: settings),
                    file: resource.yamlPipelineFile, maxWorkers: resource.environment?.maxWorkers ?? 8))
        }
        return Stack(
            clock: clock, scheduler: scheduler, tasks: tasks, run: run, services: services, broker: broker,
            warehouse: warehouse, pipelines: pipelines, outside: outside, python: python)
    }

    /// Starts what needs starting: instances, pipelines, and then the trigger, so that whoever sees the first figures can
    /// run a job.
    func start() async throws {
        for service in services { await service.start() }
        for placed in pipelines { try await placed.pipeline.start() }
        await scheduler.start()
    }

    /// Runs the scheduler until `end` returns, or until cancelled.
    func runTrigger(until end: @escaping @Sendable () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await scheduler.run() }
            group.addTask {
                await end()
                // A firing under way may end in peace.
                while await scheduler.hasWorkInFlight, (try? await Task.sleep(for: .milliseconds(1))) != nil {}
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Stops the pipelines, which finish their epoch.
    func stopPipelines() async {
        for placed in pipelines { await placed.pipeline.stop() }
    }

    /// Closes the files; the pipelines have stopped.
    func close(log: EventLog) async {
        await outside.close()
        await python.close()
        do {
            try await broker.shutDown()
            try await warehouse.close()
        } catch {
            log.add(.error, "host", "closing: \(error)")
        }
    }

    /// When anything has something to do next; nil when all wait for something from outside.
    func nextDue() async -> Timestamp? {
        var dues = [await scheduler.nextWake, await tasks.nextWake()]
        for placed in pipelines { dues.append(await placed.pipeline.nextDeadline) }
        // What is due already is not waiting for the clock.
        let now = clock.now
        return dues.compactMap { $0 }.filter { $0 > now }.min()
    }

    /// Whether anything is under way: a firing, an attempt, a request, a message that is not in the warehouse yet.
    func isQuiet() async -> Bool {
        if await scheduler.hasWorkInFlight { return false }
        if await tasks.hasWorkInFlight() { return false }
        for service in services where await service.hasWorkInFlight { return false }
        for placed in pipelines where await !placed.pipeline.isQuiet() { return false }
        return true
    }
}
