import Control
import Run
import Time

extension ServiceFigures {
    init(_ metrics: ServiceMetrics, rates: inout RateBook, at now: Timestamp) {
        self.init(
            name: metrics.name, instances: metrics.instances, minInstances: metrics.minInstances,
            maxInstances: metrics.maxInstances, isManual: metrics.manualInstances != nil,
            concurrency: metrics.concurrency,
            inFlight: metrics.inFlight, queued: metrics.queued, requests: metrics.requests,
            requestRate: rates.rate("service \(metrics.name)", metrics.requests, at: now), errors: metrics.errors,
            lastError: metrics.lastError, lastErrorAt: metrics.lastErrorTime, latency: metrics.latency)
    }
}
