import Columnar
import Dataflow

/// `ValidateWithSchema`: passes the rows that a JSON schema allows, and rejects the others.
enum ValidateWithSchemaTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        guard let value = context.config.required("schema"), let rows = context.input,
            let operation = operation(value, of: "the schema", rows, context.findings)
        else { return nil }
        return CompiledTransform(operation: operation, rows: rows)
    }

    /// Rejects the rows that a schema does not allow; nil when it allows none of their kind, and that is said.
    static func operation(_ schema: Value, of what: String, _ rows: Rows, _ findings: Findings) -> Operation? {
        guard let rule = SchemaRule.read(schema, of: what, findings),
            rule.allows(.structure(rows.schema.fields), at: schema.place, "the row", findings)
        else { return nil }
        return .filter(ObeysSchema(rule: rule))
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
