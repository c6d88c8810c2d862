import Control
import Tasks
import Time

extension QueueFigures {
    init(_ metrics: QueueMetrics, rates: inout RateBook, at now: Timestamp) {
        self.init(
            name: metrics.queue.shortName, isPaused: metrics.isPaused, depth: metrics.depth, due: metrics.due,
            scheduled: metrics.scheduled, retrying: metrics.retrying, inFlight: metrics.inFlight,
            dispatched: metrics.dispatched,
            dispatchRate: rates.rate("queue \(metrics.queue.shortName)", metrics.dispatched, at: now),
            succeeded: metrics.succeeded, failedAttempts: metrics.failedAttempts, retries: metrics.retries,
            dropped: metrics.dropped, oldestDue: metrics.oldestDue, lastError: metrics.lastError,
            maxDispatchesPerSecond: metrics.effectiveRate,
            maxConcurrentDispatches: metrics.queue.rateLimits.maxConcurrentDispatches, latency: metrics.latency,
            problem: metrics.problem)
    }
}
