import Control
import Telemetry
import Terminal
import Time

/// All that is known of one row, for a zoomed panel.
extension Renderer {
    typealias Detail = (label: String, value: String, tone: Look.Tone)

    /// In one column, or in two where one is too high; what is wrong is never cut short.
    mutating func drawDetails(_ details: [Detail], in rect: Rect) {
        let isPaired = rect.columns >= 76 && details.count > rect.rows
        let width = isPaired ? rect.columns / 2 : rect.columns
        let longest = details.map { CharacterWidth.of($0.label) }.max() ?? 0
        let labelWidth = width < 38 ? 12 : width < 60 ? min(15, longest) : 22
        func room(_ width: Int) -> Int { width - labelWidth - 4 }
        func fits(_ detail: Detail) -> Bool { CharacterWidth.of(detail.value) <= room(width) }

        // What is too long for its half has the whole width: above the others what is wrong, the rest below.
        let paired = isPaired ? details.filter(fits) : []
        let whole = isPaired ? details.filter { !fits($0) } : details
        let isFirst = { (detail: Detail) in !isPaired || detail.tone == .bad || detail.tone == .warning }
        let perColumn = (paired.count + 1) / 2
        let spare = rect.rows - perColumn - whole.count
        var line = 0
        func put(_ detail: Detail, _ renderer: inout Renderer) {
            let isWrapped = spare > 0 || detail.tone == .bad || detail.tone == .warning
            let lines = isWrapped ? Self.wrap(detail.value, width: room(rect.columns)) : [detail.value]
            for (index, text) in (lines.isEmpty ? [""] : lines).enumerated() where line < rect.rows {
                let label = index == 0 ? detail.label : ""
                renderer.draw((label, text, detail.tone), rect.row + line, rect.column, labelWidth, room(rect.columns))
                line += 1
            }
        }
        for detail in whole where isFirst(detail) { put(detail, &self) }
        for (index, detail) in paired.enumerated() where line + index % perColumn < rect.rows {
            let (column, row) = (rect.column + index / perColumn * width, rect.row + line + index % perColumn)
            draw(detail, row, column, labelWidth, room(width))
        }
        line += perColumn
        for detail in whole where !isFirst(detail) { put(detail, &self) }
    }

    private mutating func draw(_ detail: Detail, _ row: Int, _ column: Int, _ labelWidth: Int, _ valueWidth: Int) {
        grid.draw(detail.label, row: row, column: column + 2, field: labelWidth, style: look.style(.dim))
        grid.draw(
            detail.value, row: row, column: column + 3 + labelWidth, field: valueWidth, style: look.style(detail.tone))
    }

    func details(of id: RowID) -> [Detail] {
        guard let snapshot = state.snapshot else { return [] }
        switch id {
        case .job(let name): return snapshot.job(name).map(details) ?? []
        case .queue(let name): return snapshot.queue(name).map(details) ?? []
        case .service(let name): return snapshot.service(name).map(details) ?? []
        case .topic(let name): return snapshot.topic(name).map(details) ?? []
        case .subscription(let name): return snapshot.subscription(name).map(details) ?? []
        case .table(let dataset, let name): return snapshot.table(dataset, name).map(details) ?? []
        case .pipeline(let name): return snapshot.pipeline(name).map(details) ?? []
        case .step(let name, let index):
            guard let steps = snapshot.pipeline(name)?.steps, steps.indices.contains(index) else { return [] }
            return details(steps[index])
        case .event: return []
        }
    }

    private func details(_ job: JobFigures) -> [Detail] {
        [
            ("job", job.name, .title), ("state", job.state.rawValue, job.state == .enabled ? .good : .warning),
            ("schedule", "\(job.schedule)  (\(job.timeZone))", .text), ("target", job.target, .text),
            ("next run", time(job.nextRun), .text), ("last run", time(job.lastRun), .text),
            ("last result", job.lastResult ?? Figures.unmeasured, job.lastSucceeded == false ? .bad : .text),
            ("attempts", "\(Figures.exact(job.attempts)), \(Figures.exact(job.failures)) failed", .text),
            ("attempt takes", quantiles(job.latency), .text),
        ]
    }

    private func details(_ queue: QueueFigures) -> [Detail] {
        [
            ("queue", queue.name, .title),
            ("state", queue.isPaused ? "PAUSED" : "RUNNING", queue.isPaused ? .warning : .good),
            ("tasks", Figures.exact(Int64(queue.depth)), .text), ("due", Figures.exact(Int64(queue.due)), .text),
            ("scheduled for later", Figures.exact(Int64(queue.scheduled)), .text),
            ("waiting to retry", Figures.exact(Int64(queue.retrying)), queue.retrying > 0 ? .warning : .text),
            ("in flight", Figures.exact(Int64(queue.inFlight)), .text),
            ("oldest due since", time(queue.oldestDue), .text),
            ("dispatched", "\(Figures.exact(queue.dispatched)), \(Figures.rate(queue.dispatchRate)) now", .text),
            ("succeeded", Figures.exact(queue.succeeded), .text),
            (
                "failed attempts",
                "\(Figures.exact(queue.failedAttempts)), \(Figures.exact(queue.retries)) retries, "
                    + "\(Figures.exact(queue.dropped)) tasks dropped", queue.dropped > 0 ? .bad : .text
            ),
            ("last error", queue.lastError ?? "none", queue.lastError == nil ? .dim : .bad),
            (
                "limits", "\(Figures.rate(queue.maxDispatchesPerSecond)), \(queue.maxConcurrentDispatches) at once",
                .text
            ),
            ("attempt takes", quantiles(queue.latency), .text),
        ]
    }

    private func details(_ service: ServiceFigures) -> [Detail] {
        [
            ("service", service.name, .title),
            (
                "instances",
                "\(service.instances) of \(service.minInstances)–\(service.maxInstances), "
                    + (service.isManual ? "set by hand" : "by the autoscaler"), .text
            ),
            ("concurrency", "\(service.concurrency) requests an instance", .text),
            ("in flight", Figures.exact(Int64(service.inFlight)), .text),
            ("waiting", Figures.exact(Int64(service.queued)), service.queued > 0 ? .warning : .text),
            ("requests", "\(Figures.exact(service.requests)), \(Figures.rate(service.requestRate)) now", .text),
            ("errors", Figures.exact(service.errors), service.errors > 0 ? .bad : .text),
            ("last error", service.lastError ?? "none", service.lastError == nil ? .dim : .bad),
            ("last error at", time(service.lastErrorAt), .text), ("request takes", quantiles(service.latency), .text),
        ]
    }

    private func details(_ pipeline: PipelineFigures) -> [Detail] {
        [
            ("pipeline", pipeline.name, .title), ("file", pipeline.file, .text),
            ("workers", "\(pipeline.workers) of \(pipeline.maxWorkers)", .text),
            ("problem", pipeline.problem ?? "none", pipeline.problem == nil ? .dim : .bad),
            ("fresh p50", Figures.duration(pipeline.freshness?.p50), .text),
            ("fresh p99", Figures.duration(pipeline.freshness?.p99), .text),
            ("commit p99", Figures.duration(pipeline.epochDuration?.p99), .text),
            ("epochs", Figures.exact(pipeline.epochs), .text),
            ("rejected", Figures.exact(pipeline.rejected), pipeline.rejected > 0 ? .bad : .text),
            ("late", Figures.exact(pipeline.late), pipeline.late > 0 ? .warning : .text),
            ("duplicates", Figures.exact(pipeline.duplicates), .text),
            ("backlog", Figures.counted(pipeline.backlogMessages, "message"), .text),
            ("uncommitted", Figures.counted(pipeline.uncommitted, "element"), .text),
        ]
    }

    private func details(_ step: StepFigures) -> [Detail] {
        [
            ("step", step.name, .title), ("transform", step.transform, .text),
            ("fed by", step.inputs.isEmpty ? "nothing" : step.inputs.joined(separator: ", "), .text),
            ("elements in", Figures.exact(step.elementsIn), .text),
            ("elements out", Figures.exact(step.elementsOut), .text),
            ("rejected", Figures.exact(step.rejected), step.rejected > 0 ? .bad : .text),
            ("late", Figures.exact(step.late), step.late > 0 ? .warning : .text),
            ("duplicates", Figures.exact(step.duplicates), .text),
            ("state", "\(Figures.counted(step.stateEntries, "window key")), \(Figures.bytes(step.stateBytes))", .text),
            ("busy", Figures.percent(step.busy), .text),
        ]
    }

    private func details(_ table: TableFigures) -> [Detail] {
        let warehouse = state.snapshot?.warehouse
        return [
            ("table", "\(table.dataset).\(table.name)", .title), ("rows", Figures.exact(table.rows), .text),
            ("rows written", Figures.rate(table.rowRate), .text),
            ("bytes on disk, about", Figures.bytes(table.bytes), .text),
            ("last write", time(table.lastWrite), .text),
            ("loaded from a file", table.isExternal ? "yes" : "no", .text),
            ("database file", Figures.bytes(warehouse?.fileBytes), .text),
            ("commits", "\(Figures.exact(warehouse?.commits ?? 0)), \(quantiles(warehouse?.commitLatency))", .text),
            ("problem", warehouse?.problem ?? "none", warehouse?.problem == nil ? .dim : .bad),
        ]
    }

    /// `00:41:00 UTC, 42 s ago`.
    func time(_ time: Timestamp?) -> String {
        guard let time else { return Figures.unmeasured }
        let distance = time <= now ? "\(Figures.age(now - time)) ago" : "in \(Figures.age(time - now))"
        return "\(Figures.watermark(time, now: now)) UTC, \(distance)"
    }

    func quantiles(_ quantiles: Quantiles?) -> String {
        guard let quantiles else { return Figures.unmeasured }
        return "p50 \(Figures.duration(quantiles.p50))  p90 \(Figures.duration(quantiles.p90))  "
            + "p99 \(Figures.duration(quantiles.p99))  max \(Figures.duration(quantiles.max))"
    }
}
