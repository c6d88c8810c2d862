/// Finds the fields and types of newline-delimited JSON objects.
///
/// A field is there when one object has it, in the order of the first appearance, and may be null. Whole numbers are
/// integers, and numbers where one of the values is not whole or beyond 64 bits; a field that is always null is text.
/// Lines that are no JSON objects are passed over: they will be rejected when they are read.
public struct JSONTypeInference: Sendable {
    /// Why there is no schema: the values of a field have no type in common.
    public struct Conflict: Error, Sendable, Hashable, CustomStringConvertible {
        /// Where the values stand: `a.b`, `a[]`.
        public var path: String
        /// The types that were found.
        public var types: [DataType]

        /// `'a.b' is integer in one object and string in another`
        public var description: String {
            "'\(path)' is \(types.map(\.description).joined(separator: " in one object and ")) in another"
        }
    }

    private var type = DataType.structure([])

    /// Knows of no objects yet.
    public init() {}

    /// Takes in objects, one a line. Throws at the first that does not fit those before.
    public mutating func add(_ lines: [UInt8]) throws(Conflict) {
        var start = lines.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while start < lines.count {
            let end = lines[start...].firstIndex(of: 0x0A) ?? lines.count
            var scanner = JSONTypeScanner(bytes: lines[start..<end])
            if let found = scanner.object() { type = try Self.united(type, found, "") }
            start = end + 1
        }
    }

    /// What was found.
    public var schema: Schema {
        guard case .structure(let fields) = Self.known(type) else { return Schema() }
        return Schema(fields)
    }

    /// The type of values of both. Throws where there is none.
    private static func united(_ a: DataType, _ b: DataType, _ path: String) throws(Conflict) -> DataType {
        switch (a, b) {
        case _ where a == b: return a
        case (.null, _): return b
        case (_, .null): return a
        case (.int64, .float64), (.float64, .int64): return .float64
        case (.list(let x), .list(let y)): return .list(try united(x, y, path + "[]"))
        case (.structure(var fields), .structure(let others)):
            for (index, other) in others.enumerated() {
                // Objects mostly have the same fields in the same order.
                let isThere = index < fields.count && fields[index].name == other.name
                if let place = isThere ? index : fields.firstIndex(where: { $0.name == other.name }) {
                    if fields[place].type == other.type { continue }
                    let inner = path.isEmpty ? other.name : "\(path).\(other.name)"
                    fields[place].type = try united(fields[place].type, other.type, inner)
                } else {
                    fields.append(other)
                }
            }
            return .structure(fields)
        default: throw Conflict(path: path, types: [a, b])
        }
    }

    private static func known(_ type: DataType) -> DataType {
        switch type {
        case .null: .string
        case .list(let element): .list(known(element))
        case .structure(let fields): .structure(fields.map { Field($0.name, known($0.type)) })
        default: type
        }
    }
}

/// Reads one JSON text for the types of its values alone; every function gives nil for text that is not JSON.
private struct JSONTypeScanner {
    let bytes: ArraySlice<UInt8>
    private var position: Int
    private var depth = 0

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// The whole text as an object.
    mutating func object() -> DataType? {
        guard let type = value(), case .structure = type else { return nil }
        skipSpace()
        return position == bytes.endIndex ? type : nil
    }

    private mutating func value() -> DataType? {
        skipSpace()
        depth += 1
        defer { depth -= 1 }
        guard position < bytes.endIndex, depth <= JSONBatchDecoder.depthLimit else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "{"): return members()
        case UInt8(ascii: "["): return elements()
        case UInt8(ascii: "\""): return string() == nil ? nil : .string
        case UInt8(ascii: "t"): return word("true", .boolean)
        case UInt8(ascii: "f"): return word("false", .boolean)
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func members() -> DataType? {
        position += 1
        var fields: [Field] = []
        if take(UInt8(ascii: "}")) { return .structure([]) }
        while true {
            skipSpace()
            guard let name = string(), take(UInt8(ascii: ":")), let type = value() else { return nil }
            let field = Field(Self.text(name), type)
            // Of a repeated key the last counts.
            if let index = fields.firstIndex(where: { $0.name == field.name }) {
                fields[index] = field
            } else {
                fields.append(field)
            }
            if take(UInt8(ascii: "}")) { return .structure(fields) }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
    }

    private mutating func elements() -> DataType? {
        position += 1
        if take(UInt8(ascii: "]")) { return .list(.null) }
        var inference: DataType?
        while true {
            guard let type = value() else { return nil }
            inference = inference.map { Self.widened($0, type) } ?? type
            if take(UInt8(ascii: "]")) { return inference.map { .list($0) } }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
    }

    /// Elements of one list; values without a common type are left to the first, and the reader rejects the row.
    private static func widened(_ a: DataType, _ b: DataType) -> DataType {
        switch (a, b) {
        case (.null, _), (.int64, .float64): return b
        case (.structure(var fields), .structure(let others)):
            for other in others {
                if let index = fields.firstIndex(where: { $0.name == other.name }) {
                    fields[index].type = widened(fields[index].type, other.type)
                } else {
                    fields.append(other)
                }
            }
            return .structure(fields)
        case (.list(let x), .list(let y)): return .list(widened(x, y))
        default: return a
        }
    }

    /// A string with its quotes, as it stands.
    private mutating func string() -> ArraySlice<UInt8>? {
        let start = position
        guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\"") else { return nil }
        position += 1
        while position < bytes.endIndex {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return bytes[start..<position]
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return nil
    }

    private mutating func number() -> DataType? {
        let start = position
        var isWhole = true
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") {
                isWhole = false
            } else if !(0x30...0x39).contains(byte), byte != UInt8(ascii: "-"), byte != UInt8(ascii: "+") {
                break
            }
            position += 1
        }
        let text = bytes[start..<position]
        if isWhole, text.count < 19, !text.isEmpty { return .int64 }
        let word = String(decoding: text, as: UTF8.self)
        if isWhole, Int64(word) != nil { return .int64 }
        return Double(word) == nil ? nil : .float64
    }

    private mutating func word(_ word: StaticString, _ type: DataType) -> DataType? {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.endIndex,
            word.withUTF8Buffer({ bytes[position..<end].elementsEqual($0) })
        else { return nil }
        position = end
        return type
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.endIndex, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.endIndex, bytes[position] == 0x20 || bytes[position] == 0x09 || bytes[position] == 0x0D {
            position += 1
        }
    }

    /// A key as text; one with escapes is left to the decoder.
    private static func text(_ quoted: ArraySlice<UInt8>) -> String {
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        let document = Array("{\"k\":".utf8) + quoted + [UInt8(ascii: "}")]
        let decoded = JSONBatchDecoder(schema: Schema([Field("k", .string)])).decode([document])
        guard case .string(let name)? = decoded.batch().rows.first?.first else { return "" }
        return name
    }
}
