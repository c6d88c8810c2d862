import Control
import Telemetry
import Terminal
import Time

/// What each panel's table says: its columns, and a row for each thing.
extension Renderer {
    func columns(of panel: Panel, longestName: Int) -> [Column] {
        func name(_ minimum: Int, cut: Cut = .tail) -> Column {
            Column.name(longest: longestName, atLeast: minimum, cut: cut)
        }
        switch panel {
        case .scheduler:
            return [
                name(18), Column("state", 8, alignment: .left, priority: 1), Column("next in", 7, priority: 2),
                Column("last ago", 8, priority: 3), Column("result", 6, ideal: 24, alignment: .left, priority: 4),
                Column("schedule", 9, ideal: 16, alignment: .left, priority: 5), Column("runs", 6, priority: 6),
                Column("zone", 7, ideal: 18, alignment: .left, priority: 7), Column("failed", 6, priority: 8),
                Column("p50", 7, priority: 9), Column("p99", 7, priority: 10),
            ]
        case .queues:
            return [
                name(16), Column("tasks", 5, priority: 1), Column("sent", 8, priority: 2),
                Column("by state", 4, ideal: 16, alignment: .left, priority: 3), Column("due", 5, priority: 4),
                Column("retries", 7, priority: 5),
                Column("dropped", 7, priority: 6), Column("later", 5, priority: 7), Column("fly", 5, priority: 8),
                Column("oldest", 7, priority: 9), Column("p99", 7, priority: 10),
            ]
        case .services:
            return [
                name(18), Column("inst", 4, priority: 1), Column("fly", 4, priority: 2), Column("p99", 7, priority: 3),
                Column("errors", 6, priority: 4), Column("p50", 7, priority: 5), Column("requests", 8, priority: 6),
                Column("range", 6, priority: 7), Column("waiting", 7, priority: 8), Column("served", 6, priority: 9),
            ]
        case .topics:
            return [
                name(12, cut: .middle), Column("backlog", 7, priority: 1), Column("oldest", 7, priority: 2),
                Column("in/out", 8, priority: 3), Column("readers", 7, priority: 4), Column("acks", 8, priority: 5),
                Column("out now", 7, priority: 6), Column("nacks", 8, priority: 7), Column("expired", 7, priority: 8),
                Column("dead", 6, priority: 9), Column("bytes", 8, priority: 10), Column("messages", 8, priority: 11),
            ]
        case .pipelines:
            return [
                name(12), Column("in", 8, priority: 2), Column("out", 8, priority: 3),
                Column("watermark", 9, priority: 4),
                Column("lag", 7, priority: 1), Column("trend", 8, ideal: 24, alignment: .left, priority: 5),
                Column("busy", 6, priority: 6), Column("transform", 15, ideal: 18, alignment: .left, priority: 7),
                Column("elements", 8, priority: 8), Column("rejected", 8, priority: 9), Column("late", 6, priority: 10),
                Column("state", 7, priority: 11),
            ]
        case .warehouse:
            return [
                name(16), Column("rows", 7, ideal: 11, priority: 1), Column("rows/s", 8, priority: 2),
                Column("written", 7, priority: 3), Column("bytes", 8, priority: 4),
            ]
        case .log:
            return [
                Column("", 8, alignment: .left, priority: 0), Column("", 1, alignment: .left, priority: 1),
                Column("source", 9, ideal: hasWholeSources ? 34 : 9, alignment: .left, priority: 3),
                Column("message", 16, ideal: 44, alignment: .left, priority: 2, stretches: true),
            ]
        }
    }

    func tableRow(_ id: RowID, in panel: Panel) -> TableRow {
        guard let snapshot = state.snapshot else { return TableRow(fields: []) }
        switch id {
        case .job(let name): return snapshot.job(name).map(row) ?? TableRow(fields: [])
        case .queue(let name): return snapshot.queue(name).map(row) ?? TableRow(fields: [])
        case .service(let name): return snapshot.service(name).map(row) ?? TableRow(fields: [])
        case .topic(let name): return snapshot.topic(name).map(row) ?? TableRow(fields: [])
        case .subscription(let name): return snapshot.subscription(name).map(row) ?? TableRow(fields: [])
        case .pipeline(let name): return snapshot.pipeline(name).map(row) ?? TableRow(fields: [])
        case .step(let pipeline, let index):
            guard let steps = snapshot.pipeline(pipeline)?.steps, steps.indices.contains(index) else {
                return TableRow(fields: [])
            }
            return row(steps[index])
        case .table(let dataset, let name): return snapshot.table(dataset, name).map(row) ?? TableRow(fields: [])
        case .event(let id): return snapshot.event(id).map(row) ?? TableRow(fields: [])
        }
    }

    // MARK: Scheduler, queues, services

    private func row(_ job: JobFigures) -> TableRow {
        let next: (String, Look.Tone)
        if let run = job.nextRun {
            next = run <= now ? ("due", .accent) : (Figures.age(run - now), .text)
        } else {
            next = (Figures.unmeasured, .dim)
        }
        let failed = job.lastSucceeded == false
        let state: (String, Look.Tone) =
            job.isRunning
            ? ("RUNNING", .accent)
            : (job.state.rawValue, job.state == .enabled ? .good : job.state == .paused ? .warning : .dim)
        return TableRow(
            lamp: failed ? .bad : job.state == .enabled ? .good : job.state == .paused ? .paused : .idle,
            fields: [
                .text(job.name, .text), .text(state.0, state.1), .text(next.0, next.1), age(job.lastRun),
                .text(job.lastResult ?? Figures.unmeasured, failed ? .bad : job.lastResult == nil ? .dim : .text),
                .text(job.schedule, .text), count(job.attempts), .text(job.timeZone, .dim), alarm(job.failures),
                duration(job.latency?.p50), duration(job.latency?.p99),
            ])
    }

    private func row(_ queue: QueueFigures) -> TableRow {
        TableRow(
            lamp: queue.isPaused
                ? .paused : queue.retrying > 0 || queue.lastError != nil && queue.due > 0 ? .warning : .good,
            fields: [
                .text(queue.name, .text), count(Int64(queue.depth)), rate(queue.dispatchRate, .upload),
                .stack([
                    StackPart(queue.due, "d", look.gradient(.free)[70]),
                    StackPart(queue.inFlight, "f", look.gradient(.available)[70]),
                    StackPart(queue.retrying, "r", look.gradient(.used)[50]),
                    StackPart(queue.scheduled, "l", look.gradient(.cached)[70]),
                ]),
                count(Int64(queue.due)), warn(queue.retries), alarm(queue.dropped),
                count(Int64(queue.scheduled)), count(Int64(queue.inFlight)), waiting(queue.oldestDue),
                duration(queue.latency?.p99),
            ])
    }

    private func row(_ service: ServiceFigures) -> TableRow {
        let isStarved = service.queued > 0 && service.instances >= service.maxInstances
        let hasFailed = service.lastErrorAt.map { now - $0 < .seconds(60) } ?? false
        return TableRow(
            lamp: isStarved || hasFailed ? .warning : service.instances > 0 ? .good : .idle,
            fields: [
                .text(service.name, .text),
                .text(
                    Figures.count(service.instances) + (service.isManual ? "!" : ""), service.isManual ? .accent : .text
                ),
                count(Int64(service.inFlight)), duration(service.latency?.p99), alarm(service.errors),
                duration(service.latency?.p50), rate(service.requestRate, .download),
                .text("\(service.minInstances)–\(service.maxInstances)", .dim), warn(Int64(service.queued)),
                count(service.requests),
            ])
    }

    // MARK: Pipelines

    private func row(_ pipeline: PipelineFigures) -> TableRow {
        let isRunning = pipeline.state == "RUNNING"
        let isIll = pipeline.state == "FAILED" || pipeline.problem != nil
        let state: Look.Tone = isIll ? .bad : isRunning ? .good : .warning
        var sentence: [(text: String, tone: Look.Tone)] = [(pipeline.name, .title), (pipeline.state, state)]
        if let problem = pipeline.problem { sentence.append((problem, .bad)) }
        sentence.append((Figures.counted(pipeline.workers, "worker"), .text))
        sentence.append(("lag \(Figures.duration(pipeline.lag))", Self.lagTone(pipeline.lag)))
        if pipeline.rejected > 0 { sentence.append(("\(Figures.count(pipeline.rejected)) rejected", .bad)) }
        if pipeline.late > 0 { sentence.append(("\(Figures.count(pipeline.late)) late", .warning)) }
        sentence.append(("\(Figures.count(pipeline.backlogMessages)) waiting", .text))
        sentence.append(("\(Figures.count(pipeline.uncommitted)) uncommitted", .text))
        sentence.append((Figures.counted(pipeline.epochs, "epoch"), .dim))
        sentence.append(("commit p99 \(Figures.duration(pipeline.epochDuration?.p99))", .dim))
        sentence.append(("fresh p99 \(Figures.duration(pipeline.freshness?.p99))", .dim))
        if pipeline.duplicates > 0 { sentence.append(("\(Figures.count(pipeline.duplicates)) duplicates", .dim)) }
        return TableRow(
            lamp: isIll ? .bad : isRunning ? .good : pipeline.state == "PAUSED" ? .paused : .warning,
            fields: [.text(pipeline.name, .title)], sentence: sentence)
    }

    private func row(_ step: StepFigures) -> TableRow {
        TableRow(
            lamp: step.rejected > 0 ? .warning : .none, indent: 1,
            fields: [
                .text(step.name, .text), rate(step.inRate, .download), rate(step.outRate, .upload),
                .text(Figures.watermark(step.watermark, now: now), step.watermark == nil ? .dim : .text),
                .text(Figures.duration(step.lag), Self.lagTone(step.lag)),
                .trend(lagReadings(step.lagHistory.values, columns: 24), maximum: Self.scale(step.lagHistory.values)),
                busy(step.busy), .text(step.transform, .dim),
                count(step.elementsOut), alarm(step.rejected), warn(step.late), bytes(Int64(step.stateBytes)),
            ])
    }

    // MARK: Warehouse, log

    private func row(_ table: TableFigures) -> TableRow {
        let isBusy = (table.rowRate ?? 0) > 0
        return TableRow(
            lamp: isBusy ? .good : .idle,
            fields: [
                .text(tableName(table), .text), .text(Figures.exact(table.rows), isBusy ? .accent : .text),
                rate(table.rowRate, .download), age(table.lastWrite), bytes(table.bytes),
            ])
    }

    /// With its dataset where there is room for it.
    private func tableName(_ table: TableFigures) -> String {
        let width = state.layout.rect(of: .warehouse)?.columns ?? 0
        let whole = "\(table.dataset).\(table.name)"
        return CharacterWidth.of(whole) + 40 <= width ? whole : table.name
    }

    /// Whether the log has room for more of a source than its kind.
    private var hasWholeSources: Bool { (state.layout.rect(of: .log)?.columns ?? 0) >= 76 }

    private func row(_ event: LogEvent) -> TableRow {
        let source = hasWholeSources ? event.source : event.source.split(separator: " ").first.map(String.init) ?? ""
        let level: (String, Look.Tone)
        switch event.level {
        case .debug: level = ("d", .dim)
        case .info: level = ("i", .accent)
        case .warning: level = ("W", .warning)
        case .error: level = ("E", .bad)
        }
        return TableRow(fields: [
            .text(Figures.clock(event.time), .dim), .text(level.0, level.1), .text(source, .text),
            .text(event.message, event.level == .info ? .text : level.1),
        ])
    }

    // MARK: Figures as fields

    func count(_ value: Int64) -> Field { .text(Figures.count(value), value == 0 ? .dim : .text) }
    /// A number that should be 0.
    func alarm(_ value: Int64) -> Field { .text(Figures.count(value), value == 0 ? .dim : .bad) }
    func warn(_ value: Int64) -> Field { .text(Figures.count(value), value == 0 ? .dim : .warning) }
    /// In a colour where something flows.
    func rate(_ value: Double?, _ gradient: ThemeGradient) -> Field {
        guard let value, value.isFinite, value != 0 else { return .text(Figures.rate(value), .dim) }
        return .graded(Figures.rate(value), gradient, percent: 70)
    }
    /// The age of the oldest that waits, in a colour over five minutes; nothing when nothing waits.
    func waiting(_ since: Timestamp?) -> Field {
        guard let since else { return .blank }
        return .graded(Figures.age(now - since), .temperature, percent: (now - since).inSeconds / 3)
    }
    private func busy(_ share: Double?) -> Field {
        guard let share, share.isFinite else { return .text(Figures.percent(share), .dim) }
        return .graded(Figures.percent(share), .process, percent: share * 100)
    }
    private func duration(_ seconds: Double?) -> Field {
        .text(Figures.duration(seconds), seconds == nil ? .dim : .text)
    }
    func bytes(_ value: Int64?) -> Field { .text(Figures.bytes(value), (value ?? 0) == 0 ? .dim : .text) }

    /// How long ago a time was.
    private func age(_ time: Timestamp?) -> Field {
        .text(Figures.age(time.map { now - $0 }), time == nil ? .dim : .text)
    }

    /// A lag of minutes asks for attention, of five for more.
    static func lagTone(_ seconds: Double?) -> Look.Tone {
        guard let seconds, !seconds.isNaN else { return .dim }
        return seconds >= 300 ? .bad : seconds >= 60 ? .warning : .text
    }

    /// Sums of a panel, for its lower edge.
    func footnote(_ panel: Panel) -> [String] {
        guard let snapshot = state.snapshot else { return [] }
        switch panel {
        case .warehouse:
            let warehouse = snapshot.warehouse
            guard warehouse.commits > 0 || warehouse.fileBytes != nil else { return [] }
            return [
                Figures.counted(warehouse.commits, "commit"),
                "commit p99 \(Figures.duration(warehouse.commitLatency?.p99))",
                "file \(Figures.bytes(warehouse.fileBytes))",
            ]
        case .queues:
            // What the bar's colours mean.
            let totals = snapshot.queues.reduce(into: (due: 0, flying: 0, retrying: 0, later: 0)) {
                $0.due += $1.due
                $0.flying += $1.inFlight
                $0.retrying += $1.retrying
                $0.later += $1.scheduled
            }
            return snapshot.queues.isEmpty
                ? []
                : [
                    "\(Figures.count(totals.due)) due", "\(Figures.count(totals.flying)) in flight",
                    "\(Figures.count(totals.retrying)) retrying", "\(Figures.count(totals.later)) later",
                ]
        case .topics:
            let door = snapshot.pubsub.map { [$0.address] } ?? []
            guard !snapshot.subscriptions.isEmpty else { return door }
            let (readers, waiting) = snapshot.subscriptions.reduce(into: (0, 0)) {
                $0.0 += $1.consumers
                $0.1 = $0.1.addingReportingOverflow($1.backlogMessages).partialValue
            }
            return door + [Figures.counted(readers, "reader"), "\(Figures.count(waiting)) waiting"]
        default: return []
        }
    }
}

extension Snapshot {
    /// Ids ascend, so that the log is searched by halves.
    func event(_ id: Int64) -> LogEvent? {
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < events.count && events[low].id == id ? events[low] : nil
    }
}
