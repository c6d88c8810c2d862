/// Writes the little formats in which state and positions are stored: varints, lengths before bytes.
struct ByteWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    mutating func write(byte: UInt8) { bytes.append(byte) }

    /// Seven bits a byte, least significant first.
    mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Zigzag: small numbers of both signs are short.
    mutating func write(_ value: Int64) { write(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func write(_ value: Double) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ value: some Collection<UInt8>) {
        write(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func write(_ value: String) { write(Array(value.utf8)) }
}

/// Reads what `ByteWriter` wrote. Every read throws `StoredStateError` where the bytes end too early.
struct ByteReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(StoredStateError) -> UInt8 {
        guard position < bytes.count else { throw StoredStateError.truncated }
        position += 1
        return bytes[position - 1]
    }

    mutating func unsigned() throws(StoredStateError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 64 else { throw StoredStateError.malformed }
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    mutating func signed() throws(StoredStateError) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func double() throws(StoredStateError) -> Double {
        var pattern: UInt64 = 0
        for index in 0..<8 { pattern |= UInt64(try byte()) << UInt64(8 * index) }
        return Double(bitPattern: pattern)
    }

    mutating func data() throws(StoredStateError) -> [UInt8] {
        let count = try self.count()
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func string() throws(StoredStateError) -> String { String(decoding: try data(), as: UTF8.self) }

    /// A number of things that follow, each of a byte at least.
    mutating func count() throws(StoredStateError) -> Int {
        let count = try unsigned()
        guard count <= UInt64(bytes.count - position) else { throw StoredStateError.truncated }
        return Int(count)
    }
}

/// Stored state that can't be read: another version wrote it, or it is damaged.
enum StoredStateError: Error, CustomStringConvertible {
    case truncated
    case malformed

    var description: String {
        switch self {
        case .truncated: "the stored state ends too early"
        case .malformed: "the stored state is not in a format that this version reads"
        }
    }
}
