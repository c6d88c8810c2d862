import Columnar
import Dataflow

/// `ReadFromBigQuery`: the rows of a table of the warehouse, or of a query.
enum ReadFromBigQueryTransform {
    private static let types: [String: DataType] = [
        "STRING": .string, "BYTES": .bytes, "INTEGER": .int64, "INT64": .int64, "FLOAT": .float64,
        "FLOAT64": .float64, "BOOLEAN": .boolean, "BOOL": .boolean, "TIMESTAMP": .timestamp,
    ]

    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let config = context.config
        let findings = context.findings
        switch (config.text("table"), config.text("query")) {
        case (let table?, nil):
            if let place = config.place(ofKey: "schema") {
                findings.error("a table has its own schema", at: place, suggestion: "remove 'schema'")
            }
            guard let reference = TableReference(table.text, at: table.place, findings),
                let schema = schema(of: reference, table.place, context)
            else { return nil }
            let condition = config.text("row_restriction")?.text
            return CompiledTransform(
                operation: .readRows(ReadRows(.table(reference.text, condition: condition))),
                rows: Rows(schema: schema))
        case (nil, let query?):
            for key in ["row_restriction", "fields"] where config.has(key) {
                findings.error(
                    "'\(key)' belongs to a table", at: config.place(ofKey: key) ?? query.place,
                    suggestion: "put it into the query")
            }
            guard let value = config.required("schema"), let schema = querySchema(value, findings) else { return nil }
            return CompiledTransform(
                operation: .readRows(ReadRows(.query(query.text))), rows: Rows(schema: schema))
        case (_?, let query?):
            findings.error("ReadFromBigQuery reads a table or a query, not both", at: query.place)
        case (nil, nil):
            if !config.has("table"), !config.has("query") {
                findings.error("ReadFromBigQuery needs a 'table' or a 'query'", at: context.spec.place)
            }
        }
        return nil
    }

    /// The columns of the table, in its order: all, or those of `fields`.
    private static func schema(of table: TableReference, _ place: Place, _ context: TransformContext) -> Schema? {
        guard let schema = table.schema(in: context.environment, at: place, context.findings) else { return nil }
        guard let fields = context.config.texts("fields"), !fields.isEmpty else { return schema }
        var isRight = true
        for (name, place) in fields where schema[name] == nil {
            context.findings.unknown(
                "the table '\(table.name)' has no column '\(name)'", name, among: schema.names, called: "columns",
                at: place)
            isRight = false
        }
        return isRight ? Schema(schema.fields.filter { field in fields.contains { $0.text == field.name } }) : nil
    }

    /// `{fields: [{name: …, type: STRING, mode: NULLABLE}]}`, as BigQuery has it.
    private static func querySchema(_ value: Value, _ findings: Findings) -> Schema? {
        let reader = MapReader(value, of: "the schema", at: value.place, findings)
        guard let list = reader.required("fields") else { return nil }
        guard let items = list.list else {
            findings.error("'fields' is a list of columns, not \(list.kind)", at: list.place)
            return nil
        }
        let fields = items.compactMap { item -> Field? in
            let column = MapReader(item, of: "a column", at: item.place, findings)
            column.allow(["name", "type", "mode", "description"])
            guard let name = column.requiredText("name"), let type = column.requiredText("type") else { return nil }
            guard let known = types[type.text.uppercased()] else {
                findings.unknown(
                    "'\(type.text)' is not a type of a query's column", type.text, among: types.keys.sorted(),
                    called: "types", at: type.place)
                return nil
            }
            let mode = column.choice("mode", of: ["NULLABLE", "REQUIRED"]) ?? "NULLABLE"
            return Field(name.text, known, isNullable: mode != "REQUIRED")
        }
        return fields.count == items.count ? Schema(fields) : nil
    }
}
