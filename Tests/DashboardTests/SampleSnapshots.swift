import Control
import Telemetry
import Time

/// Made-up snapshots for tests of the screen.
enum SampleSnapshots {
    static let start = Timestamp(rfc3339: "2026-03-14T09:00:00Z") ?? Timestamp(seconds: 0)

    /// A workspace with nothing in it.
    static func empty(at time: Timestamp = start) -> Snapshot {
        Snapshot(
            takenAt: time, startedAt: time, version: "0.1.0", workspace: "/home/ada/empty", dataFolder: "/tmp/data",
            isTriggered: false, process: ProcessFigures(pid: 42))
    }

    /// A workspace like the subway's, `age` seconds after its start.
    static func subway(age: Double = 125, isTriggered: Bool = true) -> Snapshot {
        let now = start + .microseconds(Int64(age * 1_000_000))
        let beat = Int64(age / 20)
        var snapshot = empty(at: now)
        snapshot.startedAt = start
        snapshot.workspace = "/srv/streamtop/sample-data/subway"
        snapshot.isTriggered = isTriggered
        snapshot.process = ProcessFigures(pid: 42, cpu: 0.031, residentBytes: 101_000_000, threads: 14)
        snapshot.freshness = isTriggered ? quantiles(0.084, 0.213) : nil
        snapshot.jobs = [
            JobFigures(
                name: "trigger-event-task-enqueuer", schedule: "* * * * *", timeZone: "Etc/UTC",
                target: "http://event-task-enqueuer/", state: isTriggered ? .enabled : .paused,
                nextRun: isTriggered ? now + .seconds(42) : nil, lastRun: isTriggered ? now - .seconds(18) : nil,
                lastResult: isTriggered ? "OK" : nil, lastSucceeded: isTriggered ? true : nil,
                attempts: isTriggered ? 3 : 0,
                latency: isTriggered ? quantiles(0.004, 0.009) : nil)
        ]
        snapshot.queues = [
            QueueFigures(
                name: "event-feed-queue", isPaused: false, depth: isTriggered ? 3 : 0, due: 0,
                scheduled: isTriggered ? 2 : 0,
                retrying: 0, inFlight: isTriggered ? 1 : 0, dispatched: beat, dispatchRate: isTriggered ? 0.05 : nil,
                succeeded: beat, latency: isTriggered ? quantiles(0.061, 0.12) : nil)
        ]
        snapshot.services = [
            ServiceFigures(
                name: "event-task-enqueuer", instances: 1, minInstances: 0, maxInstances: 3, requests: 3,
                requestRate: 0.02,
                latency: quantiles(0.0031, 0.0052)),
            ServiceFigures(
                name: "mta-processor-endpoint", instances: 2, minInstances: 0, maxInstances: 10, isManual: true,
                inFlight: 1,
                requests: beat, requestRate: 0.05, errors: 0, latency: quantiles(0.058, 0.117)),
        ]
        snapshot.topics = [
            TopicFigures(
                name: "mta-gtfs-ace", published: beat, publishRate: isTriggered ? 0.05 : 0,
                publishedBytes: beat * 41_000,
                retainedMessages: beat, storedBytes: beat * 42_000, latency: quantiles(0.0021, 0.0043)),
            TopicFigures(name: "mta-gtfs-ace-dead-letters"),
        ]
        snapshot.subscriptions = [
            SubscriptionFigures(
                name: "mta-gtfs-ace-sub", topic: "mta-gtfs-ace", backlogMessages: isTriggered ? 2 : 0,
                backlogBytes: isTriggered ? 83_000 : 0,
                oldestUnacknowledged: isTriggered ? now - .milliseconds(1200) : nil,
                outstanding: isTriggered ? 1 : 0, consumers: 1, delivered: beat, deliverRate: isTriggered ? 0.05 : 0,
                acknowledged: beat, ackRate: isTriggered ? 0.05 : 0)
        ]
        snapshot.pipelines = [pipeline(now: now, age: age, beat: beat, isTriggered: isTriggered)]
        snapshot.tables = [
            TableFigures(
                dataset: "mta_updates", name: "realtime_updates", rows: beat * 77, rowRate: isTriggered ? 3.85 : nil,
                bytes: beat * 77 * 180, lastWrite: isTriggered ? now - .seconds(4) : nil),
            TableFigures(
                dataset: "mta_updates", name: "line_activity", rows: beat / 2 * 8, rowRate: isTriggered ? 0.27 : nil,
                bytes: 20_480,
                lastWrite: isTriggered ? now - .seconds(11) : nil),
            TableFigures(dataset: "mta_reference", name: "stations", rows: 1497, bytes: 163_840, isExternal: true),
        ]
        snapshot.warehouse = WarehouseFigures(
            fileBytes: 2_400_000, commits: beat * 2, commitLatency: quantiles(0.0031, 0.0078))
        snapshot.events = [
            LogEvent(
                id: 1, time: start, level: .info, source: "workspace subway", message: "opened; the trigger is paused"),
            LogEvent(
                id: 2, time: start + .seconds(5), level: .info, source: "job trigger-event-task-enqueuer",
                message: "resumed"),
            LogEvent(
                id: 3, time: start + .seconds(61), level: .warning, source: "queue event-feed-queue",
                message: "task failed with 503, tried again in 2 s"),
            LogEvent(
                id: 4, time: start + .seconds(83), level: .error, source: "pipeline realtime_updates",
                message: "1 message cannot be parsed as JSON, sent to mta-gtfs-ace-dead-letters"),
        ]
        return snapshot
    }

    private static func pipeline(now: Timestamp, age: Double, beat: Int64, isTriggered: Bool) -> PipelineFigures {
        let steps: [(name: String, transform: String, lag: Double, scale: Int64)] = [
            ("ReadFeed", "ReadFromPubSub", 0.08, 1), ("Entities", "Explode", 0.09, 210),
            ("WithStatus", "Filter", 0.09, 77), ("Flatten", "MapToFields", 0.1, 77),
            ("Station", "Enrichment", 0.12, 77), ("WriteUpdates", "WriteToBigQuery", 0.15, 77),
            ("Window30s", "WindowInto", 0.1, 77), ("CountByLine", "Combine", 31, 4),
            ("WriteActivity", "WriteToBigQuery", 31.2, 4),
        ]
        return PipelineFigures(
            name: "realtime_updates", file: "realtime_updates.yaml", state: "RUNNING", workers: 2, maxWorkers: 8,
            epochs: beat * 2, epochDuration: isTriggered ? quantiles(0.012, 0.034) : nil,
            freshness: isTriggered ? quantiles(0.084, 0.213) : nil, lag: isTriggered ? 31.2 : nil,
            uncommitted: isTriggered ? 1 : 0,
            backlogMessages: isTriggered ? 2 : 0, duplicates: 1, late: isTriggered ? 2 : 0,
            rejected: isTriggered ? 1 : 0,
            steps: steps.enumerated().map { index, step in
                var history = Series(capacity: Snapshot.historyLength)
                var seconds = max(0, age - 300)
                while isTriggered, seconds < age {
                    let wave =
                        step.lag > 1
                        ? seconds.truncatingRemainder(dividingBy: 30) : 0.3 * abs((seconds / 5).rounded() - seconds / 5)
                    history.append(seconds < 5 ? nil : (step.lag > 1 ? 1 : step.lag) + wave)
                    seconds += Snapshot.historyInterval
                }
                return StepFigures(
                    name: step.name, transform: step.transform, inputs: index == 0 ? [] : [steps[index - 1].name],
                    elementsIn: beat * step.scale, elementsOut: beat * step.scale,
                    inRate: isTriggered ? Double(step.scale) / 20 : nil,
                    outRate: isTriggered ? Double(step.scale) / 20 : nil,
                    watermark: isTriggered ? now - .microseconds(Int64(step.lag * 1_000_000)) : nil,
                    lag: isTriggered ? step.lag : nil, lagHistory: history, rejected: index == 0 && isTriggered ? 1 : 0,
                    late: index == 7 && isTriggered ? 2 : 0, stateEntries: index == 7 ? 8 : 0,
                    stateBytes: index == 7 ? 640 : 0,
                    busy: isTriggered ? 0.004 * Double(index + 1) : nil)
            })
    }

    /// Every figure as large, as negative or as little a number as it can be, and names that no screen was made for.
    static func odd() -> Snapshot {
        var snapshot = subway()
        snapshot.workspace = "/srv/工作区/地下鉄"
        snapshot.process = ProcessFigures(pid: 1, cpu: .infinity, residentBytes: .max, threads: .max)
        snapshot.freshness = Quantiles(p50: .nan, p90: .nan, p99: -0.5, max: .infinity, count: .max, sum: .nan)
        snapshot.jobs[0].name = "地下鉄のトリガー-" + String(repeating: "長い", count: 40)
        snapshot.jobs[0].lastResult = "500 \u{1b}[31mred\u{7} alert"
        snapshot.jobs[0].lastSucceeded = false
        snapshot.jobs[0].nextRun = .distantFuture
        snapshot.queues[0].depth = .max
        snapshot.queues[0].due = .max
        snapshot.queues[0].retrying = .max
        snapshot.queues[0].inFlight = .max
        snapshot.queues[0].dispatched = .max
        snapshot.queues[0].dispatchRate = .infinity
        snapshot.services[0].name = String(repeating: "service-", count: 30)
        snapshot.services[1].requestRate = -1e300
        snapshot.services[1].errors = .max
        snapshot.topics[0].publishRate = 123_456_789
        snapshot.topics[0].problem =
            "the disk is full: 0 B left on /var/lib/streamtop; free some and publishing goes on by itself"
        snapshot.subscriptions[0].backlogMessages = 1_234_567_890
        snapshot.subscriptions[0].backlogBytes = .max
        snapshot.subscriptions[0].oldestUnacknowledged = .distantPast
        snapshot.pipelines[0].lag = .nan
        snapshot.pipelines[0].state = "RETRYING"
        snapshot.pipelines[0].problem = "the database is locked"
        snapshot.pipelines[0].steps[0].lag = -3
        snapshot.pipelines[0].steps[0].watermark = .distantFuture
        snapshot.pipelines[0].steps[1].lag = 1e18
        snapshot.pipelines[0].steps[1].watermark = .distantPast
        snapshot.pipelines[0].steps[2].lagHistory = series([.nan, -1, .infinity, nil, 1e300, 3])
        snapshot.pipelines[0].steps[3].name = "👩‍👩‍👧‍👦 family e\u{301}tape 🚇"
        snapshot.tables[0].rows = 12_345_678_901
        snapshot.tables[1].rows = -5
        snapshot.tables[1].bytes = -2048
        snapshot.events.append(
            LogEvent(
                id: 9, time: .distantPast, level: .error, source: "表",
                message: "line one\nline two\ttab \u{9b}31m 全角文字のメッセージ"))
        return snapshot
    }

    static func series(_ values: [Double?]) -> Series {
        var series = Series(capacity: Snapshot.historyLength)
        for value in values { series.append(value) }
        return series
    }

    static func quantiles(_ p50: Double, _ p99: Double) -> Quantiles {
        Quantiles(p50: p50, p90: (p50 + p99) / 2, p99: p99, max: p99 * 1.5, count: 120, sum: p50 * 120)
    }
}
