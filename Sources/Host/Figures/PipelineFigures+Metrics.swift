import Control
import Dataflow
import Telemetry
import Time

/// What the host remembers of a step between two snapshots.
struct StepMemory {
    var lags = Series(capacity: Snapshot.historyLength)
    private var busy: (time: Timestamp, total: Duration)?

    /// Share of the time since the last reading spent working, all workers together.
    mutating func busyShare(_ total: Duration, at now: Timestamp, workers: Int) -> Double? {
        defer { busy = (now, total) }
        guard let busy, now > busy.time else { return nil }
        return min(1, (total - busy.total).inSeconds / (now - busy.time).inSeconds / Double(max(1, workers)))
    }
}

extension PipelineFigures {
    init(
        _ metrics: PipelineMetrics, file: String, maxWorkers: Int, memory: inout [String: StepMemory],
        rates: inout RateBook,
        at now: Timestamp
    ) {
        let steps = metrics.steps.map { step in
            let key = "\(metrics.name)/\(step.name)"
            return StepFigures(
                step, lags: memory[key, default: StepMemory()].lags,
                busy: memory[key, default: StepMemory()].busyShare(step.busyTime, at: now, workers: metrics.workers),
                inRate: rates.rate("in \(key)", step.elementsIn, at: now),
                outRate: rates.rate("out \(key)", step.elementsOut, at: now))
        }
        self.init(
            name: metrics.name, file: file, state: metrics.state.name, problem: metrics.state.problem,
            workers: metrics.workers,
            maxWorkers: maxWorkers, epochs: Int64(clamping: metrics.epochs), epochDuration: metrics.epochDuration,
            freshness: metrics.freshness, lag: metrics.watermarkLag?.inSeconds, uncommitted: metrics.uncommitted,
            backlogMessages: metrics.backlogMessages, duplicates: metrics.steps.reduce(0) { $0 + $1.duplicates },
            late: metrics.steps.reduce(0) { $0 + $1.late }, rejected: metrics.steps.reduce(0) { $0 + $1.rejected },
            steps: steps)
    }
}

extension StepFigures {
    fileprivate init(_ step: StepMetrics, lags: Series, busy: Double?, inRate: Double?, outRate: Double?) {
        self.init(
            name: step.name, transform: step.transform, inputs: step.inputs, elementsIn: step.elementsIn,
            elementsOut: step.elementsOut, inRate: inRate, outRate: outRate,
            watermark: step.watermark.flatMap { $0 == .distantFuture || $0 == .distantPast ? nil : $0 },
            lag: step.lag?.inSeconds, lagHistory: lags, rejected: step.rejected, late: step.late,
            duplicates: step.duplicates,
            stateEntries: step.stateEntries, stateBytes: step.stateBytes, busy: busy)
    }
}
