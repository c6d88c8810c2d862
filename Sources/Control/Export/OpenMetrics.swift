import Telemetry
import Time

extension Snapshot {
    /// The content type of `openMetrics`.
    public static let openMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    /// The snapshot as OpenMetrics 1.0 text, which Prometheus scrapes.
    public var openMetrics: String {
        let families = [
            programFamilies, schedulerFamilies, queueFamilies, serviceFamilies, topicFamilies, subscriptionFamilies,
            healthFamilies, cloudMonitoringFamilies, pipelineFamilies, stepFamilies, warehouseFamilies,
        ]
        return families.joined().map(\.text).joined() + "# EOF\n"
    }

    private var programFamilies: [MetricFamily] {
        var info = MetricFamily("build", .info, "The program and what it runs.")
        info.add(1.0, [("version", version), ("workspace", workspace)])
        var uptime = MetricFamily("uptime_seconds", .gauge, unit: "seconds", "Time since the start.")
        uptime.add((takenAt - startedAt).inSeconds)
        var triggered = MetricFamily("triggered", .gauge, "1 while a trigger is enabled.")
        triggered.add(isTriggered ? 1.0 : 0.0)
        var cpu = MetricFamily("process_cpu_cores", .gauge, unit: "cores", "Processor time used per second.")
        cpu.add(process.cpu)
        var memory = MetricFamily("process_resident_memory_bytes", .gauge, unit: "bytes", "Resident memory.")
        memory.add(process.residentBytes)
        var threads = MetricFamily("process_threads", .gauge, "Threads of the process.")
        threads.add(process.threads.map(Double.init))
        var fresh = MetricFamily("freshness_seconds", .summary, unit: "seconds", "Event published to row visible.")
        fresh.add(freshness)
        return [info, uptime, triggered, cpu, memory, threads, fresh]
    }

    private var schedulerFamilies: [MetricFamily] {
        families(of: jobs, labels: { [("job", $0.name)] }) { table in
            table.gauge("job_enabled", "1 while the job is ENABLED.") { $0.state == .enabled }
            table.gauge("job_running", "1 while an attempt is under way.") { $0.isRunning }
            table.counter("job_attempts", "Attempts made.") { $0.attempts }
            table.counter("job_failures", "Attempts that failed.") { $0.failures }
            table.gauge("job_next_run_timestamp_seconds", unit: "seconds", "When the job fires next.") {
                $0.nextRun?.seconds
            }
            table.gauge("job_last_run_timestamp_seconds", unit: "seconds", "When the job fired last.") {
                $0.lastRun?.seconds
            }
            table.gauge("job_last_succeeded", "1 when the last attempt succeeded.") { $0.lastSucceeded }
            table.summary("job_attempt_duration_seconds", "How long attempts take.") { $0.latency }
        }
    }

    private var queueFamilies: [MetricFamily] {
        families(of: queues, labels: { [("queue", $0.name)] }) { table in
            table.gauge("queue_paused", "1 while the queue is PAUSED.") { $0.isPaused }
            table.gauge("queue_depth", "Unfinished tasks.") { $0.depth }
            table.gauge("queue_due", "Tasks due and not in flight.") { $0.due }
            table.gauge("queue_scheduled", "Tasks due later, never tried.") { $0.scheduled }
            table.gauge("queue_retrying", "Tasks waiting for another attempt.") { $0.retrying }
            table.gauge("queue_in_flight", "Attempts under way.") { $0.inFlight }
            table.gauge("queue_max_dispatches_per_second", "Rate limit.") { $0.maxDispatchesPerSecond }
            table.gauge("queue_max_concurrent_dispatches", "Concurrency limit.") { $0.maxConcurrentDispatches }
            table.gauge("queue_dispatch_rate", "Attempts a second.") { $0.dispatchRate }
            table.counter("queue_dispatched", "Attempts made.") { $0.dispatched }
            table.counter("queue_succeeded", "Tasks that succeeded.") { $0.succeeded }
            table.counter("queue_failed_attempts", "Attempts that failed.") { $0.failedAttempts }
            table.counter("queue_retries", "Attempts after the first.") { $0.retries }
            table.counter("queue_dropped", "Tasks given up.") { $0.dropped }
            table.gauge("queue_oldest_due_age_seconds", unit: "seconds", "Age of the oldest due task.") {
                age($0.oldestDue)
            }
            table.summary("queue_attempt_duration_seconds", "How long attempts take.") { $0.latency }
        }
    }

    private var serviceFamilies: [MetricFamily] {
        families(of: services, labels: { [("service", $0.name)] }) { table in
            table.gauge("service_instances", "Live instances.") { $0.instances }
            table.gauge("service_min_instances", "Least instances.") { $0.minInstances }
            table.gauge("service_max_instances", "Most instances.") { $0.maxInstances }
            table.gauge("service_manual_scaling", "1 when a person set the number of instances.") { $0.isManual }
            table.gauge("service_concurrency", "Requests that one instance takes at once.") { $0.concurrency }
            table.gauge("service_in_flight", "Requests under way.") { $0.inFlight }
            table.gauge("service_queued", "Requests waiting for an instance.") { $0.queued }
            table.gauge("service_request_rate", "Requests a second.") { $0.requestRate }
            table.counter("service_requests", "Requests taken.") { $0.requests }
            table.counter("service_errors", "Requests that failed.") { $0.errors }
            table.gauge("service_last_error_timestamp_seconds", unit: "seconds", "When a request failed last.") {
                $0.lastErrorAt?.seconds
            }
            table.summary("service_request_duration_seconds", "How long requests take.") { $0.latency }
        }
    }

    private var topicFamilies: [MetricFamily] {
        families(of: topics, labels: { [("topic", $0.name)] }) { table in
            table.counter("topic_published_messages", "Messages published.") { $0.published }
            table.counter("topic_published_bytes", unit: "bytes", "Bytes published.") { $0.publishedBytes }
            table.gauge("topic_publish_rate", "Messages a second.") { $0.publishRate }
            table.gauge("topic_publish_byte_rate", "Bytes published a second.") { $0.byteRate }
            table.gauge("topic_retained_messages", "Messages kept.") { $0.retainedMessages }
            table.gauge("topic_stored_bytes", unit: "bytes", "Bytes on disk.") { $0.storedBytes }
            table.gauge("topic_healthy", "0 when publishing fails or data is missing.") { $0.problem == nil }
            table.summary("topic_publish_duration_seconds", "Time until a publish is durable.") { $0.latency }
        }
    }

    private var subscriptionFamilies: [MetricFamily] {
        families(of: subscriptions, labels: { [("subscription", $0.name), ("topic", $0.topic)] }) { table in
            table.gauge("subscription_backlog_messages", "Messages not acknowledged.") { $0.backlogMessages }
            table.gauge("subscription_backlog_bytes", unit: "bytes", "Bytes not acknowledged.") { $0.backlogBytes }
            table.gauge(
                "subscription_oldest_unacked_age_seconds", unit: "seconds", "Age of the oldest unacknowledged message."
            ) {
                age($0.oldestUnacknowledged)
            }
            table.gauge("subscription_outstanding_messages", "Messages handed out and not acknowledged.") {
                $0.outstanding
            }
            table.gauge("subscription_consumers", "Attached readers.") { $0.consumers }
            table.gauge("subscription_deliver_rate", "Messages a second.") { $0.deliverRate }
            table.gauge("subscription_ack_rate", "Acknowledgements a second.") { $0.ackRate }
            table.gauge("subscription_negative_ack_rate", "Messages given back a second.") { $0.nackRate }
            table.counter("subscription_delivered", "Messages handed out.") { $0.delivered }
            table.counter("subscription_acknowledged", "Messages acknowledged.") { $0.acknowledged }
            table.counter("subscription_negative_acks", "Messages given back.") { $0.negativeAcks }
            table.counter("subscription_expired_deadlines", "Ack deadlines that passed.") { $0.expiredDeadlines }
            table.counter("subscription_dead_lettered", "Messages sent to the dead-letter topic.") { $0.deadLettered }
            table.counter("subscription_dropped", "Messages given up: too old, or damaged.") { $0.dropped }
            table.gauge("subscription_healthy", "0 when something is wrong.") { $0.problem == nil }
            table.gauge("subscription_detached", "1 when detached from its topic.") { $0.terms?.isDetached }
        }
    }

    /// By code, so that an alert can tell a full disk from damage.
    private var healthFamilies: [MetricFamily] {
        var topic = MetricFamily("topic_problem", .gauge, "1 for the code of what is wrong.")
        for figures in topics {
            guard let code = figures.health else { continue }
            topic.add(1.0, [("topic", figures.name), ("code", code.rawValue)])
        }
        var subscription = MetricFamily("subscription_problem", .gauge, "1 for the code of what is wrong.")
        for figures in subscriptions {
            guard let code = figures.health else { continue }
            subscription.add(
                1.0, [("subscription", figures.name), ("topic", figures.topic), ("code", code.rawValue)])
        }
        return [topic, subscription]
    }

    private var pipelineFamilies: [MetricFamily] {
        families(of: pipelines, labels: { [("pipeline", $0.name)] }) { table in
            table.gauge("pipeline_running", "1 while the pipeline is RUNNING.") { $0.state == "RUNNING" }
            table.gauge("pipeline_workers", "Workers.") { $0.workers }
            table.gauge("pipeline_max_workers", "Most workers.") { $0.maxWorkers }
            table.gauge("pipeline_lag_seconds", unit: "seconds", "Age of the last step's output watermark.") { $0.lag }
            table.gauge("pipeline_uncommitted_elements", "Elements pulled and not committed.") { $0.uncommitted }
            table.gauge("pipeline_backlog_messages", "Messages waiting in its subscriptions.") { $0.backlogMessages }
            table.counter("pipeline_epochs", "Epochs committed.") { $0.epochs }
            table.counter("pipeline_duplicates_filtered", "Messages dropped as seen before.") { $0.duplicates }
            table.counter("pipeline_late", "Elements dropped as late.") { $0.late }
            table.counter("pipeline_rejected", "Elements rejected by a step.") { $0.rejected }
            table.summary("pipeline_epoch_duration_seconds", "First element to commit.") { $0.epochDuration }
            table.summary("pipeline_freshness_seconds", "Message published to rows visible.") { $0.freshness }
        }
    }

    private var stepFamilies: [MetricFamily] {
        let steps = pipelines.flatMap { pipeline in pipeline.steps.map { (pipeline: pipeline.name, step: $0) } }
        return families(of: steps, labels: { [("pipeline", $0.pipeline), ("step", $0.step.name)] }) { table in
            table.counter("step_elements_in", "Elements taken.") { $0.step.elementsIn }
            table.counter("step_elements_out", "Elements given.") { $0.step.elementsOut }
            table.gauge("step_in_rate", "Elements a second.") { $0.step.inRate }
            table.gauge("step_out_rate", "Elements a second.") { $0.step.outRate }
            table.gauge("step_watermark_timestamp_seconds", unit: "seconds", "Output watermark.") {
                $0.step.watermark?.seconds
            }
            table.gauge("step_watermark_lag_seconds", unit: "seconds", "Age of the output watermark.") { $0.step.lag }
            table.counter("step_rejected", "Elements rejected.") { $0.step.rejected }
            table.counter("step_late", "Elements dropped as late.") { $0.step.late }
            table.counter("step_duplicates", "Elements dropped as seen before.") { $0.step.duplicates }
            table.gauge("step_state_entries", "Open windows times keys.") { $0.step.stateEntries }
            table.gauge("step_state_bytes", unit: "bytes", "Size of the state.") { $0.step.stateBytes }
            table.gauge("step_busy_ratio", unit: "ratio", "Share of time spent working.") { $0.step.busy }
        }
    }

    private var warehouseFamilies: [MetricFamily] {
        var file = MetricFamily("warehouse_file_bytes", .gauge, unit: "bytes", "Size of the database files.")
        file.add(warehouse.fileBytes)
        var commits = MetricFamily("warehouse_commits", .counter, "Transactions committed.")
        commits.add(warehouse.commits)
        var latency = MetricFamily(
            "warehouse_commit_duration_seconds", .summary, unit: "seconds", "How long commits take.")
        latency.add(warehouse.commitLatency)
        return families(of: tables, labels: { [("table", "\($0.dataset).\($0.name)")] }) { table in
            table.gauge("table_rows", "Rows in the table.") { $0.rows }
            table.gauge("table_row_rate", "Rows written a second.") { $0.rowRate }
            table.gauge("table_bytes", unit: "bytes", "About, on disk.") { $0.bytes }
            table.gauge("table_last_write_timestamp_seconds", unit: "seconds", "When rows were written last.") {
                $0.lastWrite?.seconds
            }
            table.gauge("table_external", "1 for a table loaded from a file.") { $0.isExternal }
        } + [file, commits, latency]
    }

    private func age(_ time: Timestamp?) -> Double? { time.map { max(0, (takenAt - $0).inSeconds) } }

    private func families<Element>(
        of elements: [Element], labels: @escaping (Element) -> MetricFamily.Labels,
        _ describe: (inout FamilyTable<Element>) -> Void
    ) -> [MetricFamily] {
        var table = FamilyTable(elements: elements, labels: labels)
        describe(&table)
        return table.families
    }
}

/// One family a figure, over all elements of a kind: OpenMetrics wants a family's samples together.
private struct FamilyTable<Element> {
    let elements: [Element]
    let labels: (Element) -> MetricFamily.Labels
    var families: [MetricFamily] = []

    mutating func gauge<Value: Figure>(
        _ name: String, unit: String = "", _ help: String, _ value: (Element) -> Value?
    ) {
        add(MetricFamily(name, .gauge, unit: unit, help)) { $0.add(value($1)?.figure, $2) }
    }

    mutating func counter(_ name: String, unit: String = "", _ help: String, _ value: (Element) -> Int64) {
        add(MetricFamily(name, .counter, unit: unit, help)) { $0.add(value($1), $2) }
    }

    mutating func summary(_ name: String, _ help: String, _ value: (Element) -> Quantiles?) {
        add(MetricFamily(name, .summary, unit: "seconds", help)) { $0.add(value($1), $2) }
    }

    private mutating func add(
        _ family: MetricFamily, _ sample: (inout MetricFamily, Element, MetricFamily.Labels) -> Void
    ) {
        var family = family
        for element in elements { sample(&family, element, labels(element)) }
        families.append(family)
    }
}

private protocol Figure { var figure: Double { get } }
extension Double: Figure { fileprivate var figure: Double { self } }
extension Int: Figure { fileprivate var figure: Double { Double(self) } }
extension Int64: Figure { fileprivate var figure: Double { Double(self) } }
extension Bool: Figure { fileprivate var figure: Double { self ? 1 : 0 } }
