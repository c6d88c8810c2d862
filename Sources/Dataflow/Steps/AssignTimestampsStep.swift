import Columnar

/// `AssignTimestamps`: sets the event time from a timestamp or from seconds since the epoch.
///
/// A row's windows follow its event time: as in Beam's Python SDK, the windowing in force assigns them anew.
struct AssignTimestampsStep: ElementStep {
    let time: any ColumnExpression
    let windowing: WindowFunction
    /// Whether an element in several windows is a row in each of them; what is rejected is so in all of them.
    var hasCopies = true

    /// Seconds beyond which microseconds do not fit.
    private static let bound = 9.2e12

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch {
        var rejected = RowFailures()
        let column = time.evaluate(batch, failures: &rejected)
        var times = batch.eventTimes
        for (position, row) in batch.liveRows.enumerated() where rejected.reasons[Int32(position)] == nil {
            if let micros = micros(column, position) {
                times[Int(row)] = micros
            } else {
                rejected.report(position, reason(column, position))
            }
        }
        for (position, reason) in rejected.reasons {
            failures.report(Int(position), reason, trace: rejected.traces[position] ?? "")
        }
        var result = batch.withoutRows(rejected)
        if hasCopies { result = windowing.firstCopies(of: result) }
        result.eventTimes = times
        return windowing == .global ? result : windowing.assign(to: result)
    }

    private func micros(_ column: Column, _ position: Int) -> Int64? {
        if column.isNull(position) { return nil }
        switch column {
        case .timestamp(let values): return values.values[position]
        case .int64(let values):
            let seconds = values.values[position]
            return abs(Double(seconds)) < Self.bound ? seconds * 1_000_000 : nil
        case .float64(let values):
            let seconds = values.values[position]
            return seconds.isFinite && abs(seconds) < Self.bound ? Int64((seconds * 1_000_000).rounded()) : nil
        default: return nil
        }
    }

    private func reason(_ column: Column, _ position: Int) -> String {
        column.isNull(position)
            ? "the timestamp is null"
            : "the timestamp is not a time: timestamps are seconds since 1970, below \(Int64(Self.bound))"
    }
}
