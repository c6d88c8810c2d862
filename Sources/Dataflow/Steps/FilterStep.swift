import Columnar

/// `Filter`: keeps the rows for which the expression is true; null is not. Nothing is copied: the batch gets a selection.
struct FilterStep: ElementStep {
    let condition: any ColumnExpression

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch {
        guard case .boolean(let column) = condition.evaluate(batch, failures: &failures) else {
            // All null.
            return batch.filtered(by: Bitmap(repeating: false, count: batch.liveCount))
        }
        var keep = column.validity.map { column.values.intersection($0) } ?? column.values
        for position in failures.reasons.keys { keep[Int(position)] = false }
        return batch.filtered(by: keep)
    }
}
