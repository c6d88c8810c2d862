import Columnar

/// `WindowInto`: gives every row the windows of its event time.
struct WindowStep: ElementStep {
    let function: WindowFunction

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch { function.assign(to: batch) }
}
