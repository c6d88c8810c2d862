import Columnar
import Dataflow

/// `MapToFields`: new rows out of expressions.
enum MapToFieldsTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let config = context.config
        let findings = context.findings
        let compiler = CodeCompiler(context)
        let appends = config.boolean("append") ?? false
        let dropped = config.texts("drop") ?? []
        if !dropped.isEmpty, !appends {
            findings.error(
                "fields can be dropped only where others are appended",
                at: config.place(ofKey: "drop") ?? context.spec.place,
                suggestion: "write 'append: true', or leave the fields out of 'fields'")
        }
        if appends { context.warnIfSchemaIsLost("'append' has none to append to") }
        for (name, place) in dropped { _ = context.index(ofField: name, at: place) }

        var fields: [Field] = []
        var expressions: [any ColumnExpression] = []
        if appends, let schema = context.input?.schema {
            for field in schema.fields where !dropped.contains(where: { $0.text == field.name }) {
                fields.append(field)
                if let expression = CompiledExpression.field(field.name, in: schema) { expressions.append(expression) }
            }
        }
        guard let entries = entries(config) else { return nil }
        var isRight = true
        for (name, place, value) in entries {
            if appends, fields.contains(where: { $0.name == name }) {
                findings.error(
                    "the row has a field '\(name)' already", at: place, suggestion: "drop it, or choose another name")
                isRight = false
            }
            guard let code = CodeValue.read(value, of: "'\(name)'", findings),
                let expression = compiler?.value(code, of: "'\(name)'")
            else {
                isRight = false
                continue
            }
            fields.append(Field(name, expression.type, isNullable: expression.isNullable))
            expressions.append(expression)
        }
        guard isRight, var rows = context.input else { return nil }
        (rows.schema, rows.schemaLostBy, rows.possiblyAbsent) = (Schema(fields), nil, [])
        return CompiledTransform(operation: .map(MapFields(expressions: expressions)), rows: rows)
    }

    private static func entries(_ config: MapReader) -> [(key: String, place: Place, value: Value)]? {
        guard let value = config.required("fields") else { return nil }
        if let entries = value.entries { return entries }
        config.findings.error("'fields' is a map of names and expressions, not \(value.kind)", at: value.place)
        return nil
    }
}
