import Control
import Telemetry
import Terminal
import Time

/// All that is known of one row, for a zoomed panel.
extension Renderer {
    typealias Detail = (label: String, value: String, tone: Look.Tone)

    mutating func drawDetails(_ details: [Detail], in rect: Rect) {
        let across = rect.columns >= 110 && details.count > rect.rows ? 2 : 1
        let perColumn = across == 1 ? rect.rows : max(1, (details.count + 1) / 2)
        let width = rect.columns / across
        let labelWidth = width < 60 ? 12 : 22
        for (index, detail) in details.enumerated() {
            let (column, line) = (index / perColumn, index % perColumn)
            guard column < across, line < rect.rows else { continue }
            let left = rect.column + 2 + column * width
            grid.draw(detail.label, row: rect.row + line, column: left, field: labelWidth, style: look.style(.dim))
            grid.draw(
                detail.value, row: rect.row + line, column: left + labelWidth + 1, field: width - labelWidth - 4,
                style: look.style(detail.tone))
        }
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

    private func details(_ topic: TopicFigures) -> [Detail] {
        [
            ("topic", topic.name, .title),
            ("published", "\(Figures.exact(topic.published)), \(Figures.rate(topic.publishRate)) now", .text),
            ("published bytes", Figures.bytes(topic.publishedBytes), .text),
            ("retained messages", Figures.exact(topic.retainedMessages), .text),
            ("on disk", Figures.bytes(topic.storedBytes), .text), ("publish takes", quantiles(topic.latency), .text),
            ("problem", topic.problem ?? "none", topic.problem == nil ? .dim : .bad),
        ]
    }

    private func details(_ subscription: SubscriptionFigures) -> [Detail] {
        [
            ("subscription", subscription.name, .title), ("topic", subscription.topic, .text),
            (
                "backlog",
                "\(Figures.exact(Int64(subscription.backlogMessages))) messages, "
                    + Figures.bytes(subscription.backlogBytes), .text
            ),
            ("oldest unacknowledged", time(subscription.oldestUnacknowledged), .text),
            ("handed out, not acked", Figures.exact(Int64(subscription.outstanding)), .text),
            ("readers", Figures.exact(Int64(subscription.consumers)), .text),
            (
                "delivered", "\(Figures.exact(subscription.delivered)), \(Figures.rate(subscription.deliverRate)) now",
                .text
            ),
            (
                "acknowledged",
                "\(Figures.exact(subscription.acknowledged)), \(Figures.rate(subscription.ackRate)) now", .text
            ),
            ("given back", Figures.exact(subscription.negativeAcks), .text),
            (
                "expired deadlines", Figures.exact(subscription.expiredDeadlines),
                subscription.expiredDeadlines > 0 ? .warning : .text
            ),
            ("dead-lettered", Figures.exact(subscription.deadLettered), subscription.deadLettered > 0 ? .bad : .text),
            ("problem", subscription.problem ?? "none", subscription.problem == nil ? .dim : .bad),
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
    private func time(_ time: Timestamp?) -> String {
        guard let time else { return Figures.unmeasured }
        let distance = time <= now ? "\(Figures.age(now - time)) ago" : "in \(Figures.age(time - now))"
        return "\(Figures.watermark(time, now: now)) UTC, \(distance)"
    }

    private func quantiles(_ quantiles: Quantiles?) -> String {
        guard let quantiles else { return Figures.unmeasured }
        return "p50 \(Figures.duration(quantiles.p50))  p90 \(Figures.duration(quantiles.p90))  "
            + "p99 \(Figures.duration(quantiles.p99))  max \(Figures.duration(quantiles.max))"
    }
}
