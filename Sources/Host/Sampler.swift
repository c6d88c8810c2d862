import Control
import Dataflow
import Foundation
import PubSub
import Run
import Scheduler
import Tasks
import Telemetry
import Time
import Warehouse

/// What the services told of themselves at one moment.
struct StackReadings: Sendable {
    typealias PipelineReading = (metrics: PipelineMetrics, file: String, maxWorkers: Int)

    var now: Timestamp
    var jobs: [JobMetrics]
    var queues: [QueueMetrics]
    var services: [ServiceMetrics]
    var broker: BrokerMetrics
    /// The project of short names.
    var project: String
    var pipelines: [PipelineReading]
    var warehouse: WarehouseMetrics

    init(_ stack: Stack) async {
        now = stack.clock.now
        jobs = await stack.scheduler.metrics
        queues = await stack.tasks.metrics()
        services = []
        for service in stack.services { services.append(await service.metrics) }
        broker = stack.broker.metrics
        project = stack.broker.project
        pipelines = await Self.pipelines(of: stack)
        warehouse = stack.warehouse.metrics
    }

    static func pipelines(of stack: Stack) async -> [PipelineReading] {
        var readings: [PipelineReading] = []
        for placed in stack.pipelines {
            readings.append((await placed.pipeline.metrics(now: stack.clock.now), placed.file, placed.maxWorkers))
        }
        return readings
    }
}

/// Turns readings into snapshots: keeps what rates and histories need between two of them.
struct Sampler {
    private let options: HostOptions
    private let startedAt: Timestamp
    private var rates = RateBook()
    private var memory: [String: StepMemory] = [:]
    private var probe = ProcessProbe()
    /// Where Pub/Sub's clients are served, once that is open.
    var pubsub: PubSubDoor?

    init(options: HostOptions, startedAt: Timestamp) {
        self.options = options
        self.startedAt = startedAt
    }

    /// Before the services are open.
    mutating func empty(_ log: EventLog) -> Control.Snapshot {
        let now = options.clock.now
        var snapshot = Control.Snapshot(
            takenAt: now, startedAt: startedAt, version: options.version, workspace: options.workspace.folder.path,
            dataFolder: options.dataFolder.path, isTriggered: false, isFastForward: options.fastForward != nil,
            process: probe.read(), events: log.recent)
        snapshot.pubsub = pubsub
        return snapshot
    }

    mutating func snapshot(of readings: StackReadings, log: EventLog) -> Control.Snapshot {
        let now = readings.now
        var snapshot = empty(log)
        snapshot.takenAt = now
        snapshot.jobs = readings.jobs.map(JobFigures.init)
        snapshot.isTriggered = snapshot.jobs.contains { $0.state == .enabled }
        snapshot.queues = readings.queues.map { QueueFigures($0, rates: &rates, at: now) }
        snapshot.services = readings.services.map { ServiceFigures($0, rates: &rates, at: now) }
        snapshot.topics = readings.broker.topics.map {
            TopicFigures($0, project: readings.project, rates: &rates, at: now)
        }
        snapshot.subscriptions = readings.broker.subscriptions.map {
            SubscriptionFigures($0, project: readings.project, rates: &rates, at: now)
        }
        snapshot.putOwnProjectFirst()
        snapshot.pipelines = readings.pipelines.map {
            PipelineFigures(
                $0.metrics, file: $0.file, maxWorkers: $0.maxWorkers, memory: &memory, rates: &rates, at: now)
        }
        snapshot.freshness = snapshot.pipelines.compactMap(\.freshness).max { $0.p99 < $1.p99 }
        snapshot.tables = readings.warehouse.tables.map { TableFigures($0, rates: &rates, at: now) }
        snapshot.warehouse = WarehouseFigures(readings.warehouse)
        return snapshot
    }

    /// Adds a reading of every step's lag to its history.
    mutating func keepHistory(_ pipelines: [StackReadings.PipelineReading]) {
        for (metrics, _, _) in pipelines {
            for step in metrics.steps {
                memory["\(metrics.name)/\(step.name)", default: StepMemory()].lags.append(step.lag?.inSeconds)
            }
        }
    }
}
