import Time

/// RFC 3339 times straight from and to bytes; `Time` has the same for strings.
enum TimestampText {
    /// Microseconds since the epoch; nil where the text is not an RFC 3339 time. Digits of the fraction beyond the sixth
    /// are dropped.
    static func micros(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count >= 20, let base = text.baseAddress else { return nil }
        var isValid = true
        func two(_ offset: Int) -> Int64 {
            let (tens, ones) = (base[offset] &- 0x30, base[offset + 1] &- 0x30)
            if tens > 9 || ones > 9 { isValid = false }
            return Int64(tens &* 10 &+ ones)
        }
        let year = two(0) * 100 + two(2)
        let (month, day, hour, minute, second) = (two(5), two(8), two(11), two(14), two(17))
        guard isValid, base[4] == 0x2D, base[7] == 0x2D, base[13] == 0x3A, base[16] == 0x3A,
            base[10] | 0x20 == 0x74 || base[10] == 0x20, month >= 1, month <= 12, day >= 1,
            day <= CivilDate.days(inMonth: month, year: year), hour < 24, minute < 60, second <= 60
        else { return nil }
        var position = 19
        var fraction: Int64 = 0
        if base[position] == 0x2E {
            position += 1
            let start = position
            var scale: Int64 = 100_000
            while position < text.count, isDigit(base[position]) {
                fraction += Int64(base[position] & 0x0F) * scale
                scale /= 10
                position += 1
            }
            guard position > start, position < text.count else { return nil }
        }
        var offset: Int64 = 0
        if base[position] | 0x20 == 0x7A {
            position += 1
        } else {
            let sign: Int64
            switch base[position] {
            case 0x2B: sign = 1
            case 0x2D: sign = -1
            default: return nil
            }
            guard text.count == position + 6, base[position + 3] == 0x3A else { return nil }
            let (hours, minutes) = (two(position + 1), two(position + 4))
            guard isValid, hours < 24, minutes < 60 else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
            position += 6
        }
        guard position == text.count else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        return (days * 86_400 + hour * 3600 + minute * 60 + second - offset) * 1_000_000 + fraction
    }
}
