import Control
import Scheduler

extension JobFigures {
    init(_ metrics: JobMetrics) {
        let state: State =
            switch metrics.job.state {
            case .enabled: .enabled
            case .paused: .paused
            default: .disabled
            }
        self.init(
            name: metrics.job.shortName, schedule: metrics.job.schedule, timeZone: metrics.job.timeZone,
            target: metrics.job.target,
            state: state, isRunning: metrics.isRunning, nextRun: metrics.nextRun, lastRun: metrics.lastRun,
            lastResult: metrics.lastResult, lastSucceeded: metrics.lastSucceeded, attempts: metrics.attempts,
            failures: metrics.failures, latency: metrics.latency)
    }
}
