import Pipes
import Synchronization
import Telemetry
public import Time

extension Pipeline {
    /// The figures of this moment; `now` is the clock's unless given. Watermarks are those of this moment, too: what the
    /// next epoch will find.
    public func metrics(now: Timestamp? = nil) async -> PipelineMetrics {
        let now = now ?? environment.clock.now
        var backlog = Backlog(messages: 0, bytes: 0, oldestPublishTime: nil)
        var sources = sourceWatermarks(of: readers)
        for reader in readers {
            let waiting = await reader.source.backlog()
            backlog.messages += waiting.messages
            backlog.bytes += waiting.bytes
            if let oldest = waiting.oldestPublishTime {
                backlog.oldestPublishTime = min(backlog.oldestPublishTime ?? oldest, oldest)
            }
            sources[reader.step] = await shownWatermark(reader)
        }
        let outputs = plan.outputWatermarks(sources: sources, hold: hold)
        let steps = plan.nodes.map { node in
            stepMetrics(node, watermark: outputs[node.step.id], now: now)
        }
        return PipelineMetrics(
            name: name, state: state, workers: workers, epochs: epoch, epochDuration: epochDuration.quantiles,
            freshness: freshness.quantiles,
            systemLag: backlog.oldestPublishTime.map { max(now - $0, .zero) } ?? .zero,
            watermarkLag: plan.ends.map { outputs[$0] }.min().flatMap { lag($0, now) }, uncommitted: uncommitted,
            backlogMessages: backlog.messages, backlogBytes: backlog.bytes, lastError: lastError, steps: steps)
    }

    private func shownWatermark(_ reader: Reader) async -> Timestamp {
        var watermark = reader.watermark
        let observed = await observation(of: reader)
        watermark.observe(
            now: observed.now, oldestUnacknowledged: observed.oldest, oldestPublishTime: observed.oldestPublishTime)
        let shown = max(watermark.value, shownWatermarks[reader.step] ?? .distantPast)
        shownWatermarks[reader.step] = shown
        return shown
    }

    private func stepMetrics(_ node: Plan.Node, watermark: Timestamp, now: Timestamp) -> StepMetrics {
        let step = node.step
        let counts = counts[step.id]
        var (entries, bytes) = (0, 0)
        for group in keyGroups[step.id] ?? [] {
            group.table.withLock { table in
                entries += table.count
                bytes += table.bytes
            }
        }
        if let table = joins[step.id] { (entries, bytes) = (table.count, table.bytes) }
        if let seen = readers.first(where: { $0.step == step.id })?.seen {
            entries = seen.count
            bytes = seen.bytes
        }
        return StepMetrics(
            id: step.id, name: step.name, transform: step.transform,
            inputs: step.inputs.map { plan.nodes[$0.step].step.name }, elementsIn: counts.elementsIn,
            elementsOut: counts.elementsOut, rejected: counts.rejected, late: counts.late,
            duplicates: counts.duplicates, unreadableTimestamps: counts.unreadableTimestamps,
            watermark: watermark > .distantPast ? watermark : nil, lag: lag(watermark, now), stateEntries: entries,
            stateBytes: bytes, busyTime: .microseconds(counts.busy))
    }

    private func lag(_ watermark: Timestamp, _ now: Timestamp) -> Duration? {
        watermark > .distantPast && watermark < .distantFuture ? max(.zero, now - watermark) : nil
    }
}
