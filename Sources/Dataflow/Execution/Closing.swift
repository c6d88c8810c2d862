import Columnar
import Synchronization
import Time

/// What a key group gives out at a watermark: one pane of it.
struct Closing: Sendable {
    /// Nil when nothing closes.
    private(set) var batch: Batch?
    /// Rows of the batch without a result.
    private(set) var failures = RowFailures()
    private(set) var problem: (any Error)?
    /// Microseconds of the clock.
    private(set) var busy: Int64 = 0

    init(_ group: KeyGroup, at bound: Int64, _ combine: CombineStep, _ clock: any WallClock) {
        let started = clock.now
        let (pane, problem) = group.table.withLock { ($0.close(at: bound), $0.problem) }
        self.problem = problem.map { PipelineError(.unavailable, $0) }
        if let pane {
            do {
                let (batch, failures) = try combine.rows(of: pane)
                self.batch = batch
                self.failures = failures
            } catch {
                self.problem = error
            }
        }
        busy = (clock.now - started).micros
    }
}
