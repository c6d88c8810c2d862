import Foundation

/// An Avro schema, read from its JSON (Apache Avro 1.11 specification).
public struct AvroSchema: Sendable, Hashable {
    /// A type.
    public indirect enum Kind: Sendable, Hashable {
        case null, boolean, int, long, float, double, bytes, string
        /// A long with the logical type `timestamp-millis` or `timestamp-micros`: so many microseconds a unit.
        case timestamp(unit: Int64)
        case fixed(name: String, size: Int)
        case enumeration(name: String, symbols: [String])
        case array(Kind)
        case map(Kind)
        case union([Kind])
        case record(name: String)
    }

    /// A field of a record.
    public struct RecordField: Sendable, Hashable {
        /// As it stands in the definition.
        public var name: String
        /// What its values are.
        public var kind: Kind
        /// Whether a reader has a value for it where the writer had none.
        public var hasDefault: Bool

        /// A field.
        public init(name: String, kind: Kind, hasDefault: Bool = false) {
            self.name = name
            self.kind = kind
            self.hasDefault = hasDefault
        }
    }

    /// A record.
    public let root: Kind
    /// The fields of records by full name: a record may hold itself.
    public let records: [String: [RecordField]]

    /// Reads a definition; throws what is wrong with it.
    public init(_ definition: String) throws(SchemaProblem) {
        let json: Any
        do {
            json = try JSONSerialization.jsonObject(with: Data(definition.utf8), options: .fragmentsAllowed)
        } catch {
            throw SchemaProblem("the Avro definition is not JSON: \(SchemaProblem.reason(error))")
        }
        var reader = AvroSchemaReader()
        root = try reader.kind(json, namespace: "")
        records = reader.records
        guard case .record = root else {
            throw SchemaProblem("the Avro definition is not a record; Pub/Sub takes records")
        }
    }
}

extension AvroSchema.Kind {
    /// What a union calls the branch.
    public var name: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .int: "int"
        case .long, .timestamp: "long"
        case .float: "float"
        case .double: "double"
        case .bytes: "bytes"
        case .string: "string"
        case .array: "array"
        case .map: "map"
        case .union: "union"
        case .fixed(let name, _), .enumeration(let name, _), .record(let name): name
        }
    }
}
