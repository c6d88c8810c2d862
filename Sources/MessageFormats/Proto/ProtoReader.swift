/// Protobuf's wire format, read from the front.
struct ProtoReader {
    private var rest: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func varint() throws(SchemaProblem) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { throw SchemaProblem("the message ends too early") }
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        throw SchemaProblem("a number is longer than ten bytes")
    }

    mutating func block() throws(SchemaProblem) -> ArraySlice<UInt8> {
        let length = try varint()
        guard length <= UInt64(rest.count) else { throw SchemaProblem("a length of \(length) bytes does not fit") }
        defer { rest = rest.dropFirst(Int(length)) }
        return rest.prefix(Int(length))
    }

    /// Bits of so many bytes, the lowest first.
    mutating func littleEndian(_ count: Int) throws(SchemaProblem) -> UInt64 {
        guard rest.count >= count else { throw SchemaProblem("the message ends too early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Goes past a value of a wire type.
    mutating func skip(_ wire: Int) throws(SchemaProblem) {
        switch wire {
        case 0: _ = try varint()
        case 1, 5:
            let count = wire == 1 ? 8 : 4
            guard rest.count >= count else { throw SchemaProblem("the message ends too early") }
            rest = rest.dropFirst(count)
        case 2: _ = try block()
        default: throw SchemaProblem("the wire type \(wire) is not in use")
        }
    }
}
