/// Avro's binary encoding, read from the front.
struct AvroReader {
    let bytes: [UInt8]
    private(set) var position = 0
    private var elements = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    /// The next byte.
    mutating func byte() throws(SchemaProblem) -> UInt8 {
        guard position < bytes.count else { throw SchemaProblem("the message ends too early") }
        position += 1
        return bytes[position - 1]
    }

    /// A zigzag number in base 128.
    mutating func long() throws(SchemaProblem) -> Int64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let next = try byte()
            value |= UInt64(next & 127) << shift
            if next < 128 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
        }
        throw SchemaProblem("a number is longer than ten bytes")
    }

    /// A length that fits into what is left.
    mutating func length() throws(SchemaProblem) -> Int {
        let length = try long()
        guard length >= 0, length <= Int64(remaining) else {
            throw SchemaProblem("a length of \(length) bytes does not fit")
        }
        return Int(length)
    }

    /// How many elements the next block of an array or a map has; nil when it has ended. Elements may take no bytes, and
    /// a short message could ask for any number of them: a message has no more elements than bytes.
    mutating func blockCount() throws(SchemaProblem) -> Int? {
        var count = try long()
        if count == 0 { return nil }
        if count < 0 {
            count = count == .min ? .max : -count
            _ = try length()
        }
        guard count <= bytes.count - elements else { throw SchemaProblem("a block of \(count) elements does not fit") }
        elements += Int(count)
        return Int(count)
    }

    /// The next bytes.
    mutating func take(_ count: Int) throws(SchemaProblem) -> ArraySlice<UInt8> {
        try skip(count)
        return bytes[position - count..<position]
    }

    /// Bits of so many bytes, the lowest first.
    mutating func littleEndian(_ count: Int) throws(SchemaProblem) -> UInt64 {
        try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func skip(_ count: Int) throws(SchemaProblem) {
        guard count <= remaining else { throw SchemaProblem("the message ends too early") }
        position += count
    }

    /// Text, as its bytes.
    @discardableResult
    mutating func text() throws(SchemaProblem) -> ArraySlice<UInt8> {
        let start = position
        let count = try length()
        let from = position
        try skip(count)
        guard String(validating: bytes[from..<position], as: UTF8.self) != nil else {
            throw SchemaProblem("the text at byte \(start) is not UTF-8")
        }
        return bytes[from..<position]
    }
}
