extension Duration {
    /// Reads `90s`, `500ms`, `1.5m`, `2h`, `1d`; a bare number is seconds. Google's JSON form (`3.5s`) is a special case.
    public init?(text: some StringProtocol) {
        let trimmed = text.drop { $0 == " " }
        let number = trimmed.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        let unit = String(trimmed[number.endIndex...].filter { $0 != " " })
        guard let value = Double(number), value.isFinite, let scale = Self.unitSeconds[unit],
            abs(value * scale) < 9e12
        else { return nil }
        self = .microseconds(Int64((value * scale * 1_000_000).rounded()))
    }

    /// As Google's JSON writes durations: `180s`, `0.100s`, with 3 or 6 fraction digits where needed.
    public var secondsText: String {
        let total = micros
        let (seconds, fraction) = total.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var text = "\(total < 0 ? "-" : "")\(seconds)"
        if fraction != 0 {
            let digits = String(1_000_000 + fraction).dropFirst()
            text += "." + (fraction % 1000 == 0 ? digits.prefix(3) : digits)
        }
        return text + "s"
    }

    private static let unitSeconds: [String: Double] = [
        "": 1, "s": 1, "ms": 0.001, "us": 0.000_001, "µs": 0.000_001, "m": 60, "min": 60, "h": 3600, "d": 86_400,
    ]
}

extension KeyedDecodingContainer {
    /// Reads a duration that stands as text (`3.5s`) or as a number of seconds; nil when the key is absent.
    ///
    /// `Duration` has a `Codable` form of its own, a pair of numbers, which no person writes.
    public func decodeDurationIfPresent(forKey key: Key) throws -> Duration? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        if let seconds = try? decode(Double.self, forKey: key), abs(seconds) < 9e12 {
            return .microseconds(Int64((seconds * 1_000_000).rounded()))
        }
        let text = try decode(String.self, forKey: key)
        guard let duration = Duration(text: text) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self,
                debugDescription: "'\(text)' is not a duration; write seconds as '90s' or '0.5s'")
        }
        return duration
    }
}

extension KeyedEncodingContainer {
    /// Writes a duration as text (`3.5s`); nothing when it is nil.
    public mutating func encodeDurationIfPresent(_ duration: Duration?, forKey key: Key) throws {
        try encodeIfPresent(duration?.secondsText, forKey: key)
    }
}
