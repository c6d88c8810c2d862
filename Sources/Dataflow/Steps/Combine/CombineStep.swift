import Columnar
import Time

/// `Combine`: rows grouped by key and window, folded as they come, given out when the watermark passes the window's end.
///
/// That is Beam's default trigger without allowed lateness: one pane a window, and what comes after it is dropped and
/// counted. A null key is a key like any other. A null among the values of a function that Python refuses nulls for
/// rejects the row (`Combine.Aggregate.Function.rejectsNulls`).
struct CombineStep: Sendable {
    let combine: Combine
    let schema: Schema
    /// Whether windows that overlap become one.
    let mergesSessions: Bool

    /// Refuses aggregates that make no sense.
    init(_ step: Step, _ combine: Combine, mergesSessions: Bool) throws {
        guard step.schema.fields.count == combine.keys.count + combine.aggregates.count else {
            throw PipelineError(
                .invalidGraph,
                "step '\(step.name)': the schema has \(step.schema.fields.count) fields for "
                    + "\(combine.keys.count) keys and \(combine.aggregates.count) aggregates")
        }
        for (aggregate, field) in zip(combine.aggregates, step.schema.fields.dropFirst(combine.keys.count))
        where aggregate.accumulator(giving: field.type) == nil {
            throw PipelineError(
                .invalidGraph,
                "step '\(step.name)': '\(field.name)' cannot be the \(aggregate.function.rawValue) of values of type "
                    + "\(aggregate.value.type)")
        }
        self.combine = combine
        schema = step.schema
        self.mergesSessions = mergesSessions
    }

    /// An empty table for a key group.
    func makeTable(keepsChanges: Bool = true, spill: WindowTable.Spill = WindowTable.Spill()) -> WindowTable {
        WindowTable(
            accumulators: zip(combine.aggregates, schema.fields.dropFirst(combine.keys.count)).compactMap {
                $0.accumulator(giving: $1.type)
            }, mergesSessions: mergesSessions, keepsChanges: keepsChanges, spill: spill)
    }

    /// Gives a batch's live rows their keys, for the fold.
    ///
    /// - Returns: nil when no row takes part; and how many rows were late: their windows ended at `watermark` or before.
    func prepare(
        _ batch: Batch, watermark: Timestamp, failures: inout RowFailures
    ) -> (batch: KeyedBatch?, late: Int) {
        let count = batch.liveCount
        let keys = combine.keys.map { $0.evaluate(batch, failures: &failures) }
        var values: [Column] = []
        for (aggregate, field) in zip(combine.aggregates, schema.fields.dropFirst(keys.count)) {
            let column = aggregate.value.evaluate(batch, failures: &failures)
            if aggregate.function.rejectsNulls, !aggregate.skipsNulls, let validity = column.validity {
                for row in validity.inverted().setIndices {
                    failures.report(Int(row), "\(aggregate.function.rawValue) for '\(field.name)': the value is null")
                }
            }
            values.append(column)
        }
        let windows = batch.liveWindows
        var late = 0
        var isLeftOut: Bitmap?
        if !failures.isEmpty || windows.isAnyClosed(by: watermark.micros, count: count) {
            isLeftOut = Bitmap(count: count) { row in
                if failures.reasons[Int32(row)] != nil { return true }
                guard windows[row].isClosed(by: watermark.micros) else { return false }
                late += 1
                return true
            }
            if isLeftOut?.isAllSet == true { return (nil, late) }
        }
        let encoded = KeyEncoder(types: keys.map(\.type)).encode(keys, count: count)
        return (
            KeyedBatch(
                values: values, keys: encoded, windows: windows, isLeftOut: isLeftOut.map { mask in { mask[$0] } }),
            late
        )
    }

    /// The rows of closed windows, at the windows' last microsecond; and those without a result, with reasons.
    func rows(of pane: WindowTable.Pane) throws -> (batch: Batch, failures: RowFailures) {
        let keyColumns = try KeyEncoder(types: combine.keys.map(\.type)).decode(pane.keys)
        let batch = Batch(
            schema: schema, columns: keyColumns + pane.results, count: pane.keys.count,
            eventTimes: pane.windows.map(\.maxTimestamp), windows: WindowColumn(pane.windows))
        return (batch, pane.failures)
    }
}

extension WindowColumn {
    /// Whether a watermark at `watermark` has closed the window of any of `count` rows.
    fileprivate func isAnyClosed(by watermark: Int64, count: Int) -> Bool {
        switch self {
        case .global: count > 0 && Window.global.isClosed(by: watermark)
        case .intervals(_, let ends): ends.contains { $0 <= watermark }
        }
    }
}
