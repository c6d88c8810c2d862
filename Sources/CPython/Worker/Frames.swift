import Columnar
import Pipes

/// A type as the Python programs read it: `[2]`, `[7, [2]]`, `[8, [["name", [4], true]]]`.
struct TypeTag: Codable {
    var type: DataType

    init(_ type: DataType) { self.type = type }

    /// The fields of a row type.
    var members: [Member] { if case .structure(let fields) = type { fields.map(Member.init) } else { [] } }

    /// A field of a row: its name, its type, whether it may be null.
    struct Member: Codable {
        var field: Field

        init(_ field: Field) { self.field = field }

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            let name = try parts.decode(String.self)
            let type = try parts.decode(TypeTag.self).type
            field = Field(name, type, isNullable: try parts.decode(Bool.self))
        }

        func encode(to encoder: any Encoder) throws {
            var parts = encoder.unkeyedContainer()
            try parts.encode(field.name)
            try parts.encode(TypeTag(field.type))
            try parts.encode(field.isNullable)
        }
    }

    private static let plain: [DataType] = [.null, .boolean, .int64, .float64, .string, .bytes, .timestamp]

    init(from decoder: any Decoder) throws {
        var parts = try decoder.unkeyedContainer()
        let tag = try parts.decode(Int.self)
        switch tag {
        case 0..<7: type = Self.plain[tag]
        case 7: type = .list(try parts.decode(TypeTag.self).type)
        case 9: type = .map(try parts.decode(TypeTag.self).type)
        case 8: type = .structure(try parts.decode([Member].self).map(\.field))
        default: throw DecodingError.dataCorruptedError(in: parts, debugDescription: "type \(tag)")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var parts = encoder.unkeyedContainer()
        switch type {
        case .list(let element):
            try parts.encode(7)
            try parts.encode(TypeTag(element))
        case .map(let value):
            try parts.encode(9)
            try parts.encode(TypeTag(value))
        case .structure(let fields):
            try parts.encode(8)
            try parts.encode(fields.map(Member.init))
        default: try parts.encode(Self.plain.firstIndex(of: type) ?? 0)
        }
    }
}

/// What a worker is asked: to load functions under a number, or to call those of a number.
struct WorkerRequest: Encodable {
    struct Call: Encodable {
        var form: PythonFunction.Form
        var source: String
        var name: String?
        var origin: String
        var fields: [String]?
        var absent: [String]
        var type: TypeTag
        var nullable: Bool
        var predicate: Bool

        init(_ call: PythonCall) {
            form = call.function.form
            source = call.function.source
            name = call.function.name
            origin = call.function.origin
            fields = call.function.fields
            absent = call.function.absentFields
            type = TypeTag(call.result.type)
            nullable = call.result.isNullable
            predicate = call.result.isPredicate
        }
    }

    var op: String
    var id: Int
    var calls: [Call]?
}

/// What a worker answers; columns follow as bytes.
struct WorkerAnswer: Decodable {
    /// A row that failed: its position, why, and the traceback.
    struct Failure: Decodable {
        var row: Int
        var reason: String
        var trace: String

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            row = try parts.decode(Int.self)
            reason = try parts.decode(String.self)
            trace = try parts.decode(String.self)
        }
    }

    var lengths: [Int]?
    var failures: [Failure]?
    /// No row is at fault.
    var error: String?
    var stack: String?
}
