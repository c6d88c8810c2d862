public import Time

/// A value of a query's result.
public enum QueryValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case float(Double)
    case text(String)
    case bytes([UInt8])
    case boolean(Bool)
    case timestamp(Timestamp)
    /// A RECORD or REPEATED value, as JSON text.
    case json(String)
}

/// A column of a query's result.
public struct QueryColumn: Sendable, Hashable {
    /// As the query names it.
    public var name: String
    /// Known where the column comes from a table's column, straight or through a function that keeps or makes a type
    /// (`max`, `TIMESTAMP_SECONDS`); nil for other expressions, whose values tell.
    public var type: ColumnType?
    /// Whether it is REPEATED.
    public var isRepeated: Bool

    /// Makes a column.
    public init(name: String, type: ColumnType? = nil, isRepeated: Bool = false) {
        self.name = name
        self.type = type
        self.isRepeated = isRepeated
    }

    /// By the type in `CREATE TABLE`: the other way of `TableField.declaredType`.
    init(name: String, declared: String?) {
        self.name = name
        isRepeated = false
        switch declared?.uppercased() {
        case "TEXT": type = .string
        case "BLOB": type = .bytes
        case "INTEGER": type = .integer
        case "FLOAT": type = .float
        case "BOOLEAN": type = .boolean
        case "TIMESTAMP": type = .timestamp
        case "RECORD TEXT": type = .record
        case "REPEATED TEXT":
            type = nil
            isRepeated = true
        default: type = nil
        }
    }

    /// Whether its values stand to the right in a table.
    var isNumeric: Bool { !isRepeated && (type == .integer || type == .float) }
}

/// A result in memory.
public struct QueryTable: Sendable, Hashable {
    /// From left to right.
    public var columns: [QueryColumn]
    /// A value for each column.
    public var rows: [[QueryValue]]
}
