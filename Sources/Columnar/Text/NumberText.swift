/// A number as it stands in text: sign × `mantissa` × 10^`exponent`.
struct ScannedNumber {
    var isNegative = false
    /// The first 19 significant digits.
    var mantissa: UInt64 = 0
    var exponent = 0
    /// Whether significant digits beyond the nineteenth were dropped from `mantissa`.
    var isTruncated = false
    /// Whether there is neither a fraction nor an exponent.
    var isInteger = true
}

/// Where text stands in memory.
typealias BytePointer = UnsafePointer<UInt8>

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

extension ScannedNumber {
    /// Reads a number of JSON's grammar (RFC 8259, section 6); nil where `start` does not begin one. What follows the
    /// number is the caller's to judge.
    static func scan(_ start: BytePointer, _ end: BytePointer, into number: inout ScannedNumber) -> BytePointer? {
        var position = start
        number = ScannedNumber()
        if position < end, position.pointee == 0x2D {
            number.isNegative = true
            position += 1
        }
        guard position < end, isDigit(position.pointee) else { return nil }
        var significant = 0
        if position.pointee == 0x30 {
            position += 1
        } else {
            position = number.digits(position, end, &significant, scale: 0)
        }
        if position < end, position.pointee == 0x2E {
            position += 1
            guard position < end, isDigit(position.pointee) else { return nil }
            number.isInteger = false
            position = number.digits(position, end, &significant, scale: -1)
        }
        if position < end, position.pointee | 0x20 == 0x65 {
            position += 1
            var isNegative = false
            if position < end, position.pointee == 0x2B || position.pointee == 0x2D {
                isNegative = position.pointee == 0x2D
                position += 1
            }
            guard position < end, isDigit(position.pointee) else { return nil }
            number.isInteger = false
            var exponent = 0
            while position < end, isDigit(position.pointee) {
                // Beyond this every double is 0 or infinite; digits of the mantissa can't bring it back.
                if exponent < 1_000_000_000 { exponent = exponent * 10 + Int(position.pointee & 0x0F) }
                position += 1
            }
            number.exponent += isNegative ? -exponent : exponent
        }
        return position
    }

    /// Adds a run of digits; `scale` is -1 behind the decimal point.
    @inline(__always)
    private mutating func digits(
        _ start: BytePointer, _ end: BytePointer, _ significant: inout Int, scale: Int
    ) -> BytePointer {
        var position = start
        while position < end, isDigit(position.pointee) {
            let digit = UInt64(position.pointee & 0x0F)
            position += 1
            if significant < 19 {
                mantissa = mantissa &* 10 &+ digit
                if mantissa != 0 { significant &+= 1 }
                exponent &+= scale
            } else {
                if digit != 0 { isTruncated = true }
                exponent &+= 1 &+ scale
            }
        }
        return position
    }

    /// The value where it is a whole number that fits; nil otherwise.
    var int64: Int64? {
        var magnitude = mantissa
        if magnitude == 0 { return isTruncated ? nil : 0 }
        if isTruncated { return nil }
        var exponent = exponent
        while exponent < 0 {
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
            if remainder != 0 { return nil }
            magnitude = quotient
            exponent += 1
        }
        while exponent > 0 {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            magnitude = product
            exponent -= 1
        }
        if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }
}

/// Reads a plain run of digits with an optional minus sign: the usual integer, without the general scanner's care.
///
/// Nil where the text is no such run, has a leading zero, more than 18 digits, or goes on with a fraction or an
/// exponent.
@inline(__always)
func scanPlainInteger(_ start: BytePointer, _ end: BytePointer, into value: inout Int64) -> BytePointer? {
    var position = start
    guard position < end else { return nil }
    let isNegative = position.pointee == 0x2D
    if isNegative { position += 1 }
    let first = position
    var magnitude: UInt64 = 0
    while end - position >= 8 {
        let chunk = UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self))
        guard areEightDigits(chunk), position - first <= 8 else { break }
        magnitude = magnitude &* 100_000_000 &+ eightDigits(chunk)
        position += 8
    }
    while position < end, isDigit(position.pointee) {
        magnitude = magnitude &* 10 &+ UInt64(position.pointee & 0x0F)
        position += 1
    }
    let length = position - first
    guard length > 0, length <= 18, first.pointee != 0x30 || length == 1 else { return nil }
    if position < end, position.pointee == 0x2E || position.pointee | 0x20 == 0x65 { return nil }
    value = isNegative ? 0 &- Int64(truncatingIfNeeded: magnitude) : Int64(truncatingIfNeeded: magnitude)
    return position
}

/// Steps over a run of digits.
@inline(__always)
func skipDigits(_ start: BytePointer, _ end: BytePointer) -> BytePointer {
    var position = start
    while end - position >= 8 {
        // A digit xor '0' is at most 9; adding 118 carries the others into the top bit.
        let chunk =
            UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)) ^ 0x3030_3030_3030_3030
        let marks = ((chunk & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | chunk) & 0x8080_8080_8080_8080
        if marks != 0 { return position + marks.trailingZeroBitCount &>> 3 }
        position += 8
    }
    while position < end, isDigit(position.pointee) { position += 1 }
    return position
}

/// Whether all eight bytes are ASCII digits.
@inline(__always)
private func areEightDigits(_ chunk: UInt64) -> Bool {
    (chunk & 0xF0F0_F0F0_F0F0_F0F0) | (((chunk &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4)
        == 0x3333_3333_3333_3333
}

/// The number that eight ASCII digits spell, first digit in the lowest byte: pairs, then fours, then eight.
@inline(__always)
private func eightDigits(_ chunk: UInt64) -> UInt64 {
    let digits = chunk &- 0x3030_3030_3030_3030
    let pairs = digits &* 10 &+ digits >> 8
    let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (low &+ high) >> 32
}
