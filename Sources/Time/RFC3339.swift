/// RFC 3339 text, read and written without a locale, a time zone database or Foundation.
extension Timestamp {
    /// `2026-02-28T00:40:25Z`, with as many of 3 or 6 fraction digits as the value needs.
    public var rfc3339: String {
        let (days, rest) = micros.dividedFloored(by: 86_400_000_000)
        let date = CivilDate(daysSinceEpoch: days)
        let second = rest / 1_000_000
        let fraction = rest % 1_000_000
        var text = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        text += "T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        if fraction != 0 {
            text += fraction % 1000 == 0 ? ".\(padded(fraction / 1000, 3))" : ".\(padded(fraction, 6))"
        }
        return text + "Z"
    }

    /// Reads an RFC 3339 time with `Z` or a numeric offset; digits of the fraction beyond the sixth are dropped.
    public init?(rfc3339 text: some StringProtocol) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
            let day = reader.digits(2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.digits(2), reader.skip(":"), let minute = reader.digits(2), reader.skip(":"),
            let second = reader.digits(2), (1...12).contains(month), hour < 24, minute < 60, second <= 60,
            day >= 1, day <= CivilDate.days(inMonth: month, year: year)
        else { return nil }
        var fraction: Int64 = 0
        if reader.skip(".") {
            guard let micros = reader.fraction() else { return nil }
            fraction = micros
        }
        var offset: Int64 = 0
        if !(reader.skip("Z") || reader.skip("z")) {
            let negative = reader.skip("-")
            guard negative || reader.skip("+"), let hours = reader.digits(2), reader.skip(":"),
                let minutes = reader.digits(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (negative ? -1 : 1)
        }
        guard reader.isAtEnd else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        self.init(micros: (days * 86_400 + hour * 3600 + minute * 60 + second - offset) * 1_000_000 + fraction)
    }
}

private func padded(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}

private struct DigitReader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func digits(_ count: Int) -> Int64? {
        guard position + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + count] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        position += count
        return value
    }

    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var scale: Int64 = 1_000_000
        let start = position
        while position < bytes.count, (48...57).contains(bytes[position]) {
            if scale > 1 {
                scale /= 10
                value += Int64(bytes[position] - 48) * scale
            }
            position += 1
        }
        return position > start ? value : nil
    }

    mutating func skip(_ character: Character) -> Bool {
        guard position < bytes.count, character.asciiValue == bytes[position] else { return false }
        position += 1
        return true
    }
}
