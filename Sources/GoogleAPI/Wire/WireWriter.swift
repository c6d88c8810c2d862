/// Writes protocol buffers' wire format into memory that is large enough.
struct WireWriter {
    private let room: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            room[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            count += 1
            rest >>= 7
        }
        room[count] = UInt8(rest)
        count += 1
    }

    /// A field's number and that bytes follow, and how many.
    mutating func head(_ field: UInt64, count: Int) {
        varint(field << 3 | 2)
        varint(UInt64(count))
    }

    /// A number; not written when it is 0.
    mutating func number(_ field: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        varint(field << 3)
        varint(value)
    }

    mutating func text(_ field: UInt64, _ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            head(field, count: utf8.count)
            raw(UnsafeRawBufferPointer(utf8))
        }
    }

    mutating func bytes(_ field: UInt64, _ bytes: [UInt8]) {
        head(field, count: bytes.count)
        bytes.withUnsafeBytes { raw($0) }
    }

    private mutating func raw(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        UnsafeMutableRawBufferPointer(rebasing: room[count..<count + bytes.count]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// How many bytes a number takes.
    static func size(_ value: UInt64) -> Int { max(1, (70 - (value | 1).leadingZeroBitCount) / 7) }

    /// How many bytes a field with a number below 16 takes that has so many bytes.
    static func size(bytes count: Int) -> Int { 1 + size(UInt64(count)) + count }

    /// How many bytes a number in a field below 16 takes: none when it is 0.
    static func size(number value: UInt64) -> Int { value == 0 ? 0 : 1 + size(value) }
}
