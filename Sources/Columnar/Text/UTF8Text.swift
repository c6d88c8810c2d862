/// Steps over one well-formed UTF-8 sequence of two to four bytes that starts at `start` (Unicode 15, table 3-7); nil
/// where it is not well formed.
@inline(__always)
func skipMultibyte(_ start: BytePointer, _ end: BytePointer) -> BytePointer? {
    let first = start.pointee
    @inline(__always) func continues(_ offset: Int) -> Bool { start[offset] & 0xC0 == 0x80 }
    if first < 0xE0 {
        guard first >= 0xC2, end - start >= 2, continues(1) else { return nil }
        return start + 2
    }
    if first < 0xF0 {
        guard end - start >= 3, continues(1), continues(2) else { return nil }
        // No overlong forms, no surrogates.
        if first == 0xE0, start[1] < 0xA0 { return nil }
        if first == 0xED, start[1] > 0x9F { return nil }
        return start + 3
    }
    guard first <= 0xF4, end - start >= 4, continues(1), continues(2), continues(3) else { return nil }
    if first == 0xF0, start[1] < 0x90 { return nil }
    if first == 0xF4, start[1] > 0x8F { return nil }
    return start + 4
}

/// The first byte from `start` on that is a quote, a backslash, a control character or not ASCII; `end` without one.
@inline(__always)
func scanPlainText(_ start: BytePointer, _ end: BytePointer) -> BytePointer {
    var position = start
    while end - position >= 8 {
        let chunk = UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
        // A subtraction leaves a byte's top bit set where the byte was below what is subtracted. Borrows run upwards
        // only, so the lowest mark is right; bytes beyond ASCII have the bit already.
        let marks =
            ((chunk ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101)
            | ((chunk ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101) | (chunk &- 0x2020_2020_2020_2020) | chunk
        let high = marks & 0x8080_8080_8080_8080
        if high != 0 { return position + high.trailingZeroBitCount &>> 3 }
        position += 8
    }
    while position < end {
        let byte = position.pointee
        if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { break }
        position += 1
    }
    return position
}

/// The first byte from `start` on that JSON text must escape: a quote, a backslash or a control character; `end`
/// without one.
@inline(__always)
func scanUnescapedText(_ start: BytePointer, _ end: BytePointer) -> BytePointer {
    var position = start
    while end - position >= 8 {
        // As in `scanPlainText`, but bytes beyond ASCII make no mark.
        let chunk = UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
        let marks =
            ((chunk ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101)
            | ((chunk ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101) | (chunk &- 0x2020_2020_2020_2020)
        let high = marks & ~chunk & 0x8080_8080_8080_8080
        if high != 0 { return position + high.trailingZeroBitCount &>> 3 }
        position += 8
    }
    while position < end {
        let byte = position.pointee
        if byte == 0x22 || byte == 0x5C || byte < 0x20 { break }
        position += 1
    }
    return position
}

/// Whether the text is well-formed UTF-8.
func isValidUTF8(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard var position = text.baseAddress else { return true }
    let end = position + text.count
    while position < end {
        if end - position >= 16 {
            let chunk = UnsafeRawPointer(position).loadUnaligned(as: SIMD2<UInt64>.self)
            if (chunk[0] | chunk[1]) & 0x8080_8080_8080_8080 == 0 {
                position += 16
                continue
            }
        }
        if position.pointee < 0x80 {
            position += 1
        } else {
            guard let next = skipMultibyte(position, end) else { return false }
            position = next
        }
    }
    return true
}
