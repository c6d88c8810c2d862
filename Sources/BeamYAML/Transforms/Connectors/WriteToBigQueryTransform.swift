import Columnar
import Dataflow

/// `WriteToBigQuery`: rows go to a table of the warehouse.
enum WriteToBigQueryTransform {
    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let config = context.config
        context.warnIfSchemaIsLost("WriteToBigQuery cannot write")
        let create =
            config.choice("create_disposition", of: ["CREATE_IF_NEEDED", "CREATE_NEVER"]) ?? "CREATE_IF_NEEDED"
        let dispositions = ["WRITE_APPEND", "WRITE_EMPTY", "WRITE_TRUNCATE"]
        let write = config.choice("write_disposition", of: dispositions) ?? "WRITE_APPEND"
        _ = config.integer("num_streams")
        guard let (text, place) = config.requiredText("table"),
            let table = TableReference(text, at: place, context.findings), let rows = context.input
        else { return nil }
        if let schema = context.environment.tables[table.name] {
            guard check(rows.schema, against: schema, table.name, place, context.findings) else { return nil }
        } else if create == "CREATE_NEVER" {
            let known = context.environment.tables.keys.sorted()
            context.findings.unknown(
                "there is no table '\(table.name)'", table.name, among: known, called: "tables", at: place)
            return nil
        }
        let operation = WriteRows(
            table: table.text, createsTable: create == "CREATE_IF_NEEDED",
            writeDisposition: WriteRows.WriteDisposition(rawValue: write) ?? .append)
        return CompiledTransform(operation: .writeRows(operation), rows: rows)
    }

    private static func check(
        _ rows: Schema, against table: Schema, _ name: String, _ place: Place, _ findings: Findings
    ) -> Bool {
        var isRight = true
        for field in rows.fields {
            guard let column = table[field.name] else {
                findings.unknown(
                    "the table '\(name)' has no column '\(field.name)'", field.name, among: table.names,
                    called: "columns",
                    at: place)
                isRight = false
                continue
            }
            let fits =
                field.type.matches(column.type) || field.type == .null
                || (field.type == .int64 && column.type == .float64)
            if !fits {
                findings.error(
                    "the column '\(field.name)' of '\(name)' is \(column.type), but the rows have \(field.type)",
                    at: place)
                isRight = false
            }
        }
        for column in table.fields where !column.isNullable && rows[column.name] == nil {
            findings.error("the rows have no '\(column.name)', which '\(name)' requires", at: place)
            isRight = false
        }
        return isRight
    }
}
