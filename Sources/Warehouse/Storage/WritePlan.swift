import Columnar
import Pipes
import Spelling

/// How the columns of a batch become the columns of a table: decided once a schema, used for every batch of it.
struct WritePlan: Sendable, Hashable {
    /// What happens to a value on its way.
    enum Conversion: Sendable, Hashable {
        case asIs
        case integerToFloat
        /// Text in one of BigQuery's forms of a timestamp.
        case textToTimestamp
        /// Lists and rows, as JSON.
        case json
        /// The pipeline has only nulls.
        case null
    }

    struct Item: Sendable, Hashable {
        /// Position in the batch.
        var source: Int
        var field: TableField
        var conversion: Conversion
    }

    var table: TableName
    var items: [Item]

    /// Throws when rows of `schema` don't fit the table: the message names the column, both types and what to do.
    init(table: TableName, columns: TableSchema, schema: Schema) throws {
        self.table = table
        items = []
        var written: Set<Int> = []
        for (source, field) in schema.fields.enumerated() {
            guard let index = columns.index(of: field.name) else {
                throw WarehouseError(
                    .schemaMismatch,
                    "table \(table) has no column '\(field.name)'\(Spelling.hint(for: field.name, in: columns.fields.map(\.name)))",
                    remedy: "its columns are \(columns.fields.map(\.name).joined(separator: ", "))")
            }
            let column = columns.fields[index]
            guard written.insert(index).inserted else {
                throw WarehouseError(
                    .schemaMismatch, "table \(table): two fields of the rows go to column '\(column.name)'",
                    remedy: "names differ by more than case")
            }
            items.append(
                Item(source: source, field: column, conversion: try Self.conversion(from: field, to: column, table)))
        }
        for (index, column) in columns.fields.enumerated() where column.mode == .required && !written.contains(index) {
            throw WarehouseError(
                .schemaMismatch, "table \(table): column '\(column.name)' is REQUIRED and the rows do not have it",
                remedy: "add the field to the rows, or make the column NULLABLE")
        }
    }

    private static func conversion(from field: Field, to column: TableField, _ table: TableName) throws -> Conversion {
        func mismatch(_ remedy: String) -> WarehouseError {
            WarehouseError(
                .schemaMismatch,
                "table \(table): column '\(column.name)' is \(column.typeText), the rows have \(field.type)",
                remedy: remedy)
        }
        if column.mode == .repeated {
            switch field.type {
            case .list(let element):
                guard fits(element, column.type) else { throw mismatch(remedy(for: element, column.type)) }
                return .json
            default: throw mismatch("write a list, or make the column NULLABLE")
            }
        }
        switch (field.type, column.type) {
        case (.null, _):
            if column.mode == .required {
                throw mismatch("the column is REQUIRED: give the field a value, or make the column NULLABLE")
            }
            return .null
        case (.int64, .float): return .integerToFloat
        case (.string, .timestamp): return .textToTimestamp
        case (.structure, .record), (.map, .string): return .json
        default:
            guard fits(field.type, column.type) else { throw mismatch(remedy(for: field.type, column.type)) }
            return .asIs
        }
    }

    /// Whether a value can be stored without a change of meaning.
    private static func fits(_ type: DataType, _ column: ColumnType) -> Bool {
        switch (type, column) {
        case (.string, .string), (.bytes, .bytes), (.int64, .integer), (.float64, .float), (.int64, .float),
            (.boolean, .boolean), (.timestamp, .timestamp), (.structure, .record), (.null, _):
            true
        default: false
        }
    }

    private static func remedy(for type: DataType, _ column: ColumnType) -> String {
        switch (type, column) {
        case (.list, _): "make the column REPEATED, or explode the list"
        case (.int64, .timestamp), (.float64, .timestamp):
            "a number can be seconds, milliseconds or microseconds: convert it to a timestamp in the pipeline"
        case (_, .string): "convert it to text in the pipeline, or declare the column with the rows' type"
        case (.float64, .integer): "round it in the pipeline, or make the column FLOAT"
        default: "convert it in the pipeline, or declare the column with the rows' type"
        }
    }

    /// `INSERT` of one row.
    var insertSQL: String {
        let names = items.map(\.field.name.quotedSQL).joined(separator: ", ")
        let values = Array(repeating: "?", count: items.count).joined(separator: ", ")
        return "INSERT INTO \(table.physical) (\(names)) VALUES (\(values))"
    }
}

extension TableName {
    /// The table's name in the database file, quoted: one name with a dot in it.
    var physical: String { description.quotedSQL }
}

extension String {
    /// As an SQL identifier.
    var quotedSQL: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// As an SQL text literal.
    var literalSQL: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
