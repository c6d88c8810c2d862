/// The type of a column: Beam's portable types as far as JSON and BigQuery use them.
public indirect enum DataType: Sendable, Hashable {
    /// Nothing is known: every value is null (an all-null `Create`, an empty list's element).
    case null
    case boolean
    case int64
    case float64
    /// UTF-8 text.
    case string
    case bytes
    /// Microseconds since the Unix epoch.
    case timestamp
    case list(DataType)
    case structure([Field])
    /// Values of one type by text keys.
    case map(DataType)
}

/// A named column of a schema or of a struct.
public struct Field: Sendable, Hashable {
    /// As it stands in JSON and in expressions.
    public var name: String
    /// What its values are.
    public var type: DataType
    /// Whether null may stand in it.
    public var isNullable: Bool

    /// A field; nullable unless told otherwise.
    public init(_ name: String, _ type: DataType, isNullable: Bool = true) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}

/// The fields of a row, in order.
public struct Schema: Sendable, Hashable {
    /// In the order of a batch's columns.
    public var fields: [Field]

    /// A schema of `fields`.
    public init(_ fields: [Field] = []) { self.fields = fields }

    /// The position of the field called `name`.
    public func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }

    /// The field called `name`.
    public subscript(name: String) -> Field? { fields.first { $0.name == name } }

    /// The fields' names, in order.
    public var names: [String] { fields.map(\.name) }
}

extension DataType: CustomStringConvertible {
    /// As it is named to users: `INTEGER`-like words of Beam's schema types, `list<…>` and `row<…>` for nested ones.
    public var description: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .int64: "integer"
        case .float64: "number"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .list(let element): "list<\(element)>"
        case .map(let value): "map<string, \(value)>"
        case .structure(let fields): "row<" + fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ") + ">"
        }
    }
}
