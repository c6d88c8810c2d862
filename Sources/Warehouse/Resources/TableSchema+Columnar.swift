public import Columnar
import Pipes

extension TableSchema {
    /// The columns as a pipeline sees them.
    public var columnar: Schema { Schema(fields.map(\.columnar)) }

    /// The table that rows of `schema` would make: what `WriteToBigQuery` creates.
    init(creating schema: Schema, table: TableName) throws {
        fields = try schema.fields.map { try TableField(creating: $0, table: table) }
    }
}

extension TableField {
    var columnar: Field {
        let element: DataType =
            switch type {
            case .string: .string
            case .bytes: .bytes
            case .integer: .int64
            case .float: .float64
            case .boolean: .boolean
            case .timestamp: .timestamp
            case .record: .structure(fields.map(\.columnar))
            }
        return Field(name, mode == .repeated ? .list(element) : element, isNullable: mode == .nullable)
    }

    init(creating field: Field, table: TableName) throws {
        var type = field.type
        var mode: ColumnMode = field.isNullable ? .nullable : .required
        if case .list(let element) = type {
            type = element
            mode = .repeated
        }
        switch type {
        case .string: self.init(name: field.name, type: .string, mode: mode)
        case .bytes: self.init(name: field.name, type: .bytes, mode: mode)
        case .int64: self.init(name: field.name, type: .integer, mode: mode)
        case .float64: self.init(name: field.name, type: .float, mode: mode)
        case .boolean: self.init(name: field.name, type: .boolean, mode: mode)
        case .timestamp: self.init(name: field.name, type: .timestamp, mode: mode)
        case .structure(let inner):
            self.init(
                name: field.name, type: .record, mode: mode,
                fields: try inner.map { try TableField(creating: $0, table: table) })
        case .null:
            throw WarehouseError(
                .schemaMismatch,
                "table \(table): the type of column '\(field.name)' is not known, its values are all null",
                remedy: "declare the table with its columns in the workspace")
        // As JSON text.
        case .map: self.init(name: field.name, type: .string, mode: mode)
        case .list:
            throw WarehouseError(
                .schemaMismatch,
                "table \(table): column '\(field.name)' is \(field.type), and a list in a list can't be stored",
                remedy: "put the inner list into a row")
        }
    }

    /// `REPEATED STRING`, `INTEGER`: for messages.
    var typeText: String { mode == .repeated ? "REPEATED \(type.rawValue)" : type.rawValue }

    /// The type in `CREATE TABLE`. `sqlite3_column_decltype` gives it back for a result's column, so that the reader
    /// knows a timestamp from a number. The words are chosen for the affinity that SQLite derives from them: a plain
    /// `STRING` would be numeric and turn the text '007' into 7.
    var declaredType: String {
        if mode == .repeated { return "REPEATED TEXT" }
        return switch type {
        case .string: "TEXT"
        case .bytes: "BLOB"
        case .integer: "INTEGER"
        case .float: "FLOAT"
        case .boolean: "BOOLEAN"
        case .timestamp: "TIMESTAMP"
        case .record: "RECORD TEXT"
        }
    }
}
