import Time

/// RFC 3339 times straight from and to bytes; `Time` has the same for strings.
enum TimestampText {
    /// Microseconds since the epoch; nil where the text is not an RFC 3339 time. Digits of the fraction beyond the
    /// sixth are dropped.
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

    /// How long a written time can be.
    static let maximumCount = 27

    /// Writes `2026-02-28T00:40:25.123Z`; nil, with nothing written, for a year outside 0 to 9999.
    static func write(_ micros: Int64, into target: UnsafeMutablePointer<UInt8>) -> Int? {
        let (days, rest) = micros.dividedFloored(by: 86_400_000_000)
        let date = CivilDate(daysSinceEpoch: days)
        guard date.year >= 0, date.year <= 9999 else { return nil }
        func two(_ offset: Int, _ value: Int64) {
            target[offset] = UInt8(truncatingIfNeeded: value / 10) &+ 0x30
            target[offset + 1] = UInt8(truncatingIfNeeded: value % 10) &+ 0x30
        }
        let (second, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000)
        two(0, date.year / 100)
        two(2, date.year % 100)
        target[4] = 0x2D
        two(5, date.month)
        target[7] = 0x2D
        two(8, date.day)
        target[10] = 0x54
        two(11, second / 3600)
        target[13] = 0x3A
        two(14, second / 60 % 60)
        target[16] = 0x3A
        two(17, second % 60)
        var count = 19
        if fraction != 0 {
            target[19] = 0x2E
            count = fraction % 1000 == 0 ? 23 : 26
            var digits = fraction % 1000 == 0 ? fraction / 1000 : fraction
            for offset in stride(from: count - 1, to: 19, by: -1) {
                target[offset] = UInt8(truncatingIfNeeded: digits % 10) &+ 0x30
                digits /= 10
            }
        }
        target[count] = 0x5A
        return count + 1
    }
}
