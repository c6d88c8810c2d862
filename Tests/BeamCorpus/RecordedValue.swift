import Columnar
import Foundation
import Time

/// A value as recordings have it: JSON with types.
indirect enum RecordedValue: Sendable, Hashable, Decodable, CustomStringConvertible {
    case null
    case boolean(Bool)
    case integer(Int64)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    /// Microseconds since the epoch.
    case timestamp(Int64)
    case list([RecordedValue])
    case row([String: RecordedValue])

    /// From JSON as `record.py` writes it.
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .boolean(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let members = try? container.decode([RecordedValue].self) {
            self = .list(members)
        } else {
            let members = try container.decode([String: RecordedValue].self)
            self =
                switch members.first {
                case ("$float", .string(let text))?: .float(Double(text) ?? .nan)
                case ("$bytes", .string(let text))?: .bytes(Data(base64Encoded: text).map(Array.init) ?? [])
                case ("$timestamp", .integer(let micros))?: .timestamp(micros)
                default: .row(members)
                }
        }
    }

    /// From a column of the engine.
    init(_ scalar: Scalar, _ type: DataType) {
        switch (scalar, type) {
        case (.null, _): self = .null
        case (.boolean(let flag), _): self = .boolean(flag)
        case (.int64(let number), _): self = .integer(number)
        case (.float64(let number), _): self = .float(number)
        case (.string(let text), _): self = .string(text)
        case (.bytes(let bytes), _): self = .bytes(bytes)
        case (.timestamp(let time), _): self = .timestamp(time.micros)
        case (.list(let members), .list(let element)): self = .list(members.map { RecordedValue($0, element) })
        case (.structure(let members), .structure(let fields)):
            self = .row(Self.members(fields, members))
        default: self = .string("\(scalar) in a column of \(type)")
        }
    }

    static func members(_ fields: [Field], _ values: [Scalar]) -> [String: RecordedValue] {
        Dictionary(zip(fields, values).map { ($0.name, RecordedValue($1, $0.type)) }) { $1 }
    }

    /// Whether both are the same; floats up to the last few bits.
    func matches(_ other: RecordedValue) -> Bool {
        switch (self, other) {
        case (.float(let a), .float(let b)):
            a == b || (a.isNaN && b.isNaN) || abs(a - b) <= 1e-12 * max(abs(a), abs(b))
        case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.matches($1) }
        case (.row(let a), .row(let b)):
            a.count == b.count && a.allSatisfy { key, value in b[key]?.matches(value) ?? false }
        default: self == other
        }
    }

    var description: String {
        switch self {
        case .null: "null"
        case .boolean(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .string(let text): "\"\(text)\""
        case .bytes(let bytes): "b\"\(bytes.map { String($0, radix: 16) }.joined(separator: " "))\""
        case .timestamp(let micros): "t\(micros)"
        case .list(let members): "[\(members.map(\.description).joined(separator: ", "))]"
        case .row(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
        }
    }
}
