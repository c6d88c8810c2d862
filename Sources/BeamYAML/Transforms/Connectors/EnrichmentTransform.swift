import Columnar
import Dataflow

/// `Enrichment` with Beam's BigQuery handler: columns of a table of the warehouse, found by key.
enum EnrichmentTransform {
    private static let parameters = [
        "project", "table_name", "row_restriction_template", "fields", "column_names", "min_batch_size",
        "max_batch_size",
        "max_batch_duration_secs", "throw_exception_on_empty_results",
    ]
    /// Parameters of Beam's handler that are Python functions, which YAML cannot hold.
    private static let functions = ["condition_value_fn", "query_fn"]

    static func compile(_ context: TransformContext) -> CompiledTransform? {
        let findings = context.findings
        if !context.options.experimentalFeatures.contains("Enrichment") {
            findings.error(
                "Enrichment is experimental in Apache Beam and has to be enabled", at: context.spec.place,
                suggestion: "write 'options: {yaml_experimental_features: [Enrichment]}' at the top level")
        }
        guard let handler = context.config.requiredText("enrichment_handler"), isBigQuery(handler, findings),
            let value = context.config.required("handler_config")
        else { return nil }
        let config = MapReader(value, of: "the BigQuery handler", at: value.place, findings)
        for name in functions {
            if let place = config.place(ofKey: name) {
                findings.error(
                    "'\(name)' is a Python function, which is not supported", at: place,
                    suggestion: "use 'row_restriction_template' and 'fields'")
            }
        }
        config.allow(parameters + functions)
        _ = config.requiredText("project")
        let rejects = config.boolean("throw_exception_on_empty_results") ?? true
        guard let table = config.requiredText("table_name"),
            let reference = TableReference(table.text, at: table.place, findings),
            let schema = reference.schema(in: context.environment, at: table.place, findings)
        else { return nil }
        let columns = columns(config, schema, reference, context)
        guard let keys = keys(config, schema, reference, context), let rows = context.input else { return nil }
        return lookup(reference, schema, keys, columns, rejects: rejects, config, rows, context)
    }

    private static func isBigQuery(_ handler: (text: String, place: Place), _ findings: Findings) -> Bool {
        switch handler.text {
        case "BigQuery": return true
        case "BigTable", "FeastFeatureStore", "VertexAIFeatureStore":
            findings.error(
                "the handler '\(handler.text)' is not supported", at: handler.place,
                suggestion: "the one handler is BigQuery")
        default:
            findings.unknown(
                "'\(handler.text)' is not a handler", handler.text, among: ["BigQuery"], called: "handlers",
                at: handler.place)
        }
        return false
    }

    // MARK: Keys

    private struct Key {
        var field: String
        var index: Int
        var column: String
    }

    private static func keys(
        _ config: MapReader, _ table: Schema, _ reference: TableReference, _ context: TransformContext
    ) -> [Key]? {
        let findings = context.findings
        guard let (template, place) = config.requiredText("row_restriction_template"), config.required("fields") != nil,
            let fields = config.texts("fields")
        else { return nil }
        guard let conditions = RowRestriction.parse(template) else {
            findings.error(
                "this condition is not supported: \(template)", at: place,
                suggestion: "write \"column = '{}'\", and several joined by 'and'")
            return nil
        }
        guard conditions.count == fields.count else {
            findings.error(
                "the condition has \(conditions.count) places for values, but there are \(fields.count) 'fields'",
                at: place)
            return nil
        }
        var keys: [Key] = []
        for (condition, field) in zip(conditions, fields) {
            guard let column = table[condition.column] else {
                findings.unknown(
                    "the table '\(reference.name)' has no column '\(condition.column)'", condition.column,
                    among: table.names,
                    called: "columns", at: place)
                continue
            }
            if condition.isQuoted != (column.type == .string) {
                findings.error(
                    "the column '\(column.name)' is \(column.type)", at: place,
                    suggestion: condition.isQuoted ? "write {} without quotes" : "write '{}' in quotes")
                continue
            }
            guard let index = context.index(ofField: field.text, at: field.place), let rows = context.input else {
                continue
            }
            let type = rows.schema.fields[index].type
            guard type == column.type || type == .null else {
                findings.error(
                    "'\(field.text)' is \(type), but the column '\(column.name)' is \(column.type)", at: field.place,
                    suggestion: "convert it with MapToFields")
                continue
            }
            keys.append(Key(field: field.text, index: index, column: column.name))
        }
        return keys.count == fields.count ? keys : nil
    }

    // MARK: Columns

    private struct Wanted {
        var name: String
        var alias: String
        var place: Place
    }

    /// `name` or `name AS alias`; all columns when none are named.
    private static func columns(
        _ config: MapReader, _ table: Schema, _ reference: TableReference, _ context: TransformContext
    ) -> [Wanted] {
        guard let names = config.texts("column_names") else {
            return table.names.map { Wanted(name: $0, alias: $0, place: config.place) }
        }
        var columns: [Wanted] = []
        for (text, place) in names {
            let words = text.split(separator: " ").map { String($0).replacing("`", with: "") }
            guard words.count == 1 || (words.count == 3 && words[1].uppercased() == "AS") else {
                context.findings.error(
                    "'\(text)' is not a column", at: place, suggestion: "write 'column' or 'column AS name'")
                continue
            }
            guard table[words[0]] != nil else {
                context.findings.unknown(
                    "the table '\(reference.name)' has no column '\(words[0])'", words[0], among: table.names,
                    called: "columns",
                    at: place)
                continue
            }
            columns.append(Wanted(name: words[0], alias: words[words.count - 1], place: place))
        }
        return columns
    }

    private static func lookup(
        _ reference: TableReference, _ table: Schema, _ keys: [Key], _ columns: [Wanted], rejects: Bool,
        _ config: MapReader,
        _ input: Rows, _ context: TransformContext
    ) -> CompiledTransform? {
        var rows = input
        var read: [String] = []
        for key in keys where !columns.contains(where: { $0.alias == key.field }) {
            context.findings.warning(
                "Apache Beam matches what it finds to its row by '\(key.field)', which is not among the columns",
                at: config.place(ofKey: "column_names") ?? config.place,
                suggestion:
                    "add '\(key.column == key.field ? key.column : "\(key.column) AS \(key.field)")' to 'column_names'")
        }
        for column in columns {
            // Where both have a field, Beam keeps the row's own.
            if input.schema.index(of: column.alias) != nil {
                if !keys.contains(where: { $0.field == column.alias }) {
                    context.findings.warning(
                        "the row has '\(column.alias)' already and keeps it", at: column.place,
                        suggestion: "write '\(column.name) AS other'")
                }
                continue
            }
            guard let source = table[column.name], !rows.schema.names.contains(column.alias) else { continue }
            read.append(column.name)
            rows.schema.fields.append(Field(column.alias, source.type, isNullable: source.isNullable || !rejects))
            if !rejects { rows.possiblyAbsent.insert(column.alias) }
        }
        rows.schemaLostBy = context.spec.label
        let operation = Lookup(
            table: reference.text, keyFields: keys.map(\.index), keyColumns: keys.map(\.column), columns: read,
            rejectsUnmatched: rejects)
        return CompiledTransform(operation: .lookup(operation), rows: rows)
    }
}
