/// Values as people write them into CSV files: more forms than JSON has.
enum CSVText {
    static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var (first, last) = (0, text.count)
        while first < last, isSpace(text[first]) { first += 1 }
        while last > first, isSpace(text[last - 1]) { last -= 1 }
        return first == 0 && last == text.count ? text : UnsafeBufferPointer(rebasing: text[first..<last])
    }

    /// Digits with an optional sign; leading zeros are allowed.
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let start = text.baseAddress, !text.isEmpty else { return nil }
        var value: Int64 = 0
        if scanPlainInteger(start, start + text.count, into: &value) == start + text.count { return value }
        return Int64(String(decoding: text, as: UTF8.self))
    }

    /// A decimal number in any usual form, `inf` or `nan`.
    static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let start = text.baseAddress, !text.isEmpty else { return nil }
        var number = ScannedNumber()
        if ScannedNumber.scan(start, start + text.count, into: &number) == start + text.count {
            return number.double(text)
        }
        // `.5`, `5.`, `+1`, `007`, `inf`: but not the hexadecimal forms that the standard library reads too.
        guard !text.contains(where: { $0 | 0x20 == 0x78 || $0 | 0x20 == 0x70 || $0 == 0x28 }) else { return nil }
        return Double(String(decoding: text, as: UTF8.self))
    }

    /// `true` or `false`, in any case of letters.
    static func boolean(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
        if text.count == 4, text.elementsEqual("true".utf8, by: { $0 | 0x20 == $1 }) { return true }
        if text.count == 5, text.elementsEqual("false".utf8, by: { $0 | 0x20 == $1 }) { return false }
        return nil
    }

    /// An RFC 3339 time; without a zone, or with a date alone, in UTC.
    static func timestamp(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        if let micros = TimestampText.micros(text) { return micros }
        let completed = Array(text) + (text.count == 10 ? Array("T00:00:00Z".utf8) : [0x5A])
        return completed.withUnsafeBufferPointer { TimestampText.micros($0) }
    }
}
