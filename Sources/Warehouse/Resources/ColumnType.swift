import Spelling

/// A column's type, by BigQuery's names.
public enum ColumnType: String, Sendable, Hashable, CaseIterable {
    /// UTF-8 text.
    case string = "STRING"
    case bytes = "BYTES"
    /// 64 bits, signed.
    case integer = "INTEGER"
    /// 64 bits. Not-a-number is stored as NULL, because SQLite has none.
    case float = "FLOAT"
    case boolean = "BOOLEAN"
    /// Microseconds since the Unix epoch, from year 1 to 9999; stored as an integer.
    case timestamp = "TIMESTAMP"
    /// A row in the row; stored as JSON text.
    case record = "RECORD"

    private static let aliases: [String: ColumnType] = [
        "INT64": .integer, "FLOAT64": .float, "BOOL": .boolean, "STRUCT": .record,
    ]

    /// Reads a type by its REST name (`INTEGER`) or its SQL name (`INT64`), in any case.
    public init?(name: String) {
        let name = name.uppercased()
        guard let type = ColumnType(rawValue: name) ?? Self.aliases[name] else { return nil }
        self = type
    }

    /// Every name that `init(name:)` takes.
    public static var names: [String] { (allCases.map(\.rawValue) + aliases.keys).sorted() }
}

extension ColumnType: Codable {
    /// Reads any of the type's names.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let type = ColumnType(name: name) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription:
                    "'\(name)' is not a column's type\(Spelling.hint(for: name, in: Self.names)); there are "
                    + Self.names.joined(separator: ", "))
        }
        self = type
    }

    /// Writes the REST name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// Whether a column may be null, or holds a list; by BigQuery's names.
public enum ColumnMode: String, Sendable, Hashable, CaseIterable {
    case nullable = "NULLABLE"
    case required = "REQUIRED"
    /// A list, possibly empty, never null; stored as JSON text.
    case repeated = "REPEATED"
}

extension ColumnMode: Codable {
    /// Reads a mode, in any case.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let mode = ColumnMode(rawValue: name.uppercased()) else {
            let names = Self.allCases.map(\.rawValue)
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(name)' is not a column's mode\(Spelling.hint(for: name, in: names)); there are "
                    + names.joined(separator: ", "))
        }
        self = mode
    }
}
