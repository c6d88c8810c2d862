import Columnar
import Dataflow

/// `ValidateWithSchema`: passes the rows that a JSON schema allows, and rejects the others.
enum ValidateWithSchemaTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        guard let value = context.config.required("schema"),
            let rule = SchemaRule.read(value, of: "the schema", context.findings), let rows = context.input
        else { return nil }
        let type = DataType.structure(rows.schema.fields)
        guard rule.allows(type, at: value.place, "the row", context.findings) else { return nil }
        return CompiledTransform(operation: .filter(ObeysSchema(rule: rule)), rows: rows)
    }
}

/// True for every row that the schema allows; the others fail.
private struct ObeysSchema: ColumnExpression {
    let rule: SchemaRule

    var type: DataType { .boolean }

    func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        let type = DataType.structure(batch.schema.fields)
        for (position, row) in batch.rows.enumerated() {
            if let problem = rule.problem(.structure(row), type, at: "") { failures.report(position, problem) }
        }
        return .boolean(BooleanColumn(values: Bitmap(repeating: true, count: batch.liveCount)))
    }
}
