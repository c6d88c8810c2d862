import Columnar

/// `MapToFields`: new columns from expressions over the old ones.
struct MapStep: ElementStep {
    let expressions: [any ColumnExpression]
    let schema: Schema

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch {
        let columns = expressions.map { $0.evaluate(batch, failures: &failures) }
        return batch.replacingColumns(columns, schema: schema).withoutRows(failures)
    }
}
