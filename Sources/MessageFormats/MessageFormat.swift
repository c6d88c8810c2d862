public import Columnar

/// How the payloads of messages are written, by a definition: Avro's binary encoding without a header, or protobuf's
/// wire format.
public enum MessageFormat: Sendable, Hashable {
    case avro(AvroSchema)
    case proto(ProtoDefinition)
}

/// A definition may name a type in many places; a row of it has no more columns than that.
let maximumColumns = 10_000

/// Values are read and written by recursion.
let maximumDepth = 100

extension MessageFormat {
    /// The fields of a row that holds a message.
    ///
    /// Avro (Apache Avro 1.11, "Schema Declaration"): `int` and `long` are integers, `float` and `double` numbers,
    /// `fixed` bytes, enums text, arrays lists, records rows, `timestamp-millis` and `timestamp-micros` timestamps; a
    /// union of null and one type is nullable.
    ///
    /// Protobuf (language guide): whole numbers are integers, enums their symbols, messages rows, repeated fields
    /// lists. Messages, members of a `oneof` and `optional` fields are nullable; other fields that are absent hold
    /// their default.
    ///
    /// Throws what has no place in a row: unions of several types, types that hold themselves.
    public func rowSchema() throws(SchemaProblem) -> Schema {
        switch self {
        case .avro(let schema): try AvroPlan.root(of: schema).schema
        case .proto(let definition): Schema(try ProtoPlan(definition).rowFields)
        }
    }
}
