import Time

/// Bytes that an encoder appends to: plain memory that grows, copied into an array at the end.
struct OutputBytes: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 256) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// The bytes so far; nothing is left.
    mutating func take() -> [UInt8] {
        let result = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            target.copyBytes(UnsafeBufferPointer(start: start, count: count), from: 0, to: 0, count: count)
            initialized = count
        }
        count = 0
        return result
    }

    /// Space for `length` bytes more, to be made part of the output by `advance`.
    @inline(__always)
    mutating func room(_ length: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity &- count < length { grow(length) }
        return start + count
    }

    @inline(__always)
    mutating func advance(_ length: Int) { count &+= length }

    @inline(never)
    private mutating func grow(_ length: Int) {
        capacity = max(capacity * 2, count + length)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        room(1).pointee = byte
        advance(1)
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        room(bytes.count).update(from: source, count: bytes.count)
        advance(bytes.count)
    }

    mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }

    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// `value` in its memory's order, least significant byte first.
    @inline(__always)
    mutating func append<Word: FixedWidthInteger>(littleEndian value: Word) {
        UnsafeMutableRawPointer(room(MemoryLayout<Word>.size)).storeBytes(of: value.littleEndian, as: Word.self)
        advance(MemoryLayout<Word>.size)
    }

    /// `value` with its most significant byte first.
    @inline(__always)
    mutating func append<Word: FixedWidthInteger>(bigEndian value: Word) {
        UnsafeMutableRawPointer(room(MemoryLayout<Word>.size)).storeBytes(of: value.bigEndian, as: Word.self)
        advance(MemoryLayout<Word>.size)
    }

    /// `value` in decimal digits.
    mutating func append(decimal value: Int64) {
        let target = room(20)
        var magnitude = value.magnitude
        var length = value < 0 ? 1 : 0
        if value < 0 { target[0] = 0x2D }
        var digits = 1
        var limit: UInt64 = 10
        while digits < 20, magnitude >= limit {
            digits += 1
            limit = digits < 20 ? limit &* 10 : .max
        }
        length += digits
        var position = length
        while magnitude >= 100 {
            let (rest, pair) = magnitude.quotientAndRemainder(dividingBy: 100)
            position -= 2
            target[position] = UInt8(truncatingIfNeeded: pair / 10) &+ 0x30
            target[position + 1] = UInt8(truncatingIfNeeded: pair % 10) &+ 0x30
            magnitude = rest
        }
        if magnitude >= 10 {
            target[position - 2] = UInt8(truncatingIfNeeded: magnitude / 10) &+ 0x30
            target[position - 1] = UInt8(truncatingIfNeeded: magnitude % 10) &+ 0x30
        } else {
            target[position - 1] = UInt8(truncatingIfNeeded: magnitude) &+ 0x30
        }
        advance(length)
    }

    /// The shortest decimal text that reads back as `value`: `0.1`, `1e-07`, `inf`.
    mutating func append(shortest value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, whole != 0 {
            append(decimal: whole)
            append(".0")
        } else {
            append(text: value.description)
        }
    }

    /// An RFC 3339 time in UTC, with as many of 3 or 6 fraction digits as the value needs.
    mutating func append(timestamp micros: Int64) {
        guard let length = TimestampText.write(micros, into: room(TimestampText.maximumCount)) else {
            append(text: Timestamp(micros: micros).rfc3339)
            return
        }
        advance(length)
    }
}
