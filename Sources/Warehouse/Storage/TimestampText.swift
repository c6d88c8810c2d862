import Time

/// BigQuery's text forms of a timestamp.
enum TimestampText {
    /// The range of a TIMESTAMP: the years 1 to 9999.
    static let range = Timestamp(micros: -62_135_596_800_000_000)...Timestamp(micros: 253_402_300_799_999_999)

    /// Reads RFC 3339, and with blanks for `T`, one-digit months to seconds, no zone (UTC), `UTC`, or no time of day.
    /// Nil when it is none of these.
    static func parse(_ text: some StringProtocol) -> Timestamp? {
        if let time = Timestamp(rfc3339: text) { return range.contains(time) ? time : nil }
        guard let canonical = canonical(Array(text.utf8)), let time = Timestamp(rfc3339: canonical) else { return nil }
        return range.contains(time) ? time : nil
    }

    /// The same as RFC 3339, as far as it can be told without a calendar.
    private static func canonical(_ text: [UInt8]) -> String? {
        var rest = text[...]
        while rest.last == UInt8(ascii: " ") { rest.removeLast() }
        if rest.suffix(3).elementsEqual("UTC".utf8) {
            rest.removeLast(3)
            while rest.last == UInt8(ascii: " ") { rest.removeLast() }
            rest.append(UInt8(ascii: "Z"))
        }
        func digits(_ least: Int, _ most: Int) -> String? {
            let digits = rest.prefix(most).prefix { (48...57).contains($0) }
            guard digits.count >= least else { return nil }
            rest.removeFirst(digits.count)
            return String(repeating: "0", count: most - digits.count) + String(decoding: digits, as: UTF8.self)
        }
        func skip(_ byte: Character) -> Bool {
            guard let first = rest.first, first == byte.asciiValue else { return false }
            rest.removeFirst()
            return true
        }
        guard let year = digits(4, 4), skip("-"), let month = digits(1, 2), skip("-"), let day = digits(1, 2) else {
            return nil
        }
        var result = "\(year)-\(month)-\(day)T"
        if rest.isEmpty || rest.elementsEqual("Z".utf8) { return result + "00:00:00Z" }
        guard skip("T") || skip("t") || skip(" "), let hour = digits(1, 2), skip(":"), let minute = digits(1, 2),
            skip(":"),
            let second = digits(1, 2)
        else { return nil }
        result += "\(hour):\(minute):\(second)"
        if skip(".") {
            let fraction = rest.prefix { (48...57).contains($0) }
            rest.removeFirst(fraction.count)
            result += "." + String(decoding: fraction, as: UTF8.self)
        }
        _ = rest.first == UInt8(ascii: " ") ? skip(" ") : false
        if rest.isEmpty || rest.elementsEqual("Z".utf8) || rest.elementsEqual("z".utf8) { return result + "Z" }
        guard rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") else { return nil }
        let sign = rest.removeFirst() == UInt8(ascii: "-") ? "-" : "+"
        guard let hours = digits(1, 2) else { return nil }
        if rest.isEmpty { return "\(result)\(sign)\(hours):00" }
        guard skip(":"), let minutes = digits(2, 2), rest.isEmpty else { return nil }
        return "\(result)\(sign)\(hours):\(minutes)"
    }
}
