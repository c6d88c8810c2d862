import Control
import Pipes
import Time
import Warehouse

extension TableFigures {
    init(_ metrics: WarehouseMetrics.Table, rates: inout RateBook, at now: Timestamp) {
        self.init(
            dataset: metrics.name.dataset, name: metrics.name.table, rows: metrics.rows,
            rowRate: rates.rate("table \(metrics.name)", metrics.inserted, at: now), bytes: metrics.bytes,
            lastWrite: metrics.lastWrite, isExternal: metrics.isExternal)
    }
}

extension WarehouseFigures {
    init(_ metrics: WarehouseMetrics) {
        self.init(
            fileBytes: metrics.fileBytes, commits: metrics.commits, commitLatency: metrics.commitLatency,
            problem: metrics.problem)
    }
}
