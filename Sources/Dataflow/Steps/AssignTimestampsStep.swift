import Columnar

/// `AssignTimestamps`: sets the event time from a timestamp or from seconds since the epoch.
///
/// A row's windows follow its event time: as in Beam's Python SDK, the windowing in force assigns them anew.
struct AssignTimestampsStep: ElementStep {
    let time: any ColumnExpression
    let windowing: WindowFunction

    /// Seconds beyond which microseconds do not fit.
    private static let bound = 9.2e12

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch {
        let elements = windowing.firstCopies(of: batch)
        var rejected = RowFailures()
        let column = time.evaluate(elements, failures: &rejected)
        var times = elements.eventTimes
        for (position, row) in elements.liveRows.enumerated() where rejected.reasons[Int32(position)] == nil {
            if let micros = micros(column, position) {
                times[Int(row)] = micros
            } else {
                rejected.report(position, reason(column, position))
            }
        }
        failures.report(rejected, of: elements, in: batch)
        var result = elements
        result.eventTimes = times
        result = result.withoutRows(rejected)
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

extension RowFailures {
    /// Reports the failures of a part of a batch's rows by their positions in the batch.
    fileprivate mutating func report(_ failures: RowFailures, of part: Batch, in whole: Batch) {
        if failures.isEmpty { return }
        let partRows = part.liveRows
        let positions = Dictionary(zip(whole.liveRows, 0...), uniquingKeysWith: { first, _ in first })
        for (position, reason) in failures.reasons {
            if let row = positions[partRows[Int(position)]] { report(row, reason) }
        }
    }
}
