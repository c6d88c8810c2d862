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

    private static let unitSeconds: [String: Double] = [
        "": 1, "s": 1, "ms": 0.001, "us": 0.000_001, "µs": 0.000_001, "m": 60, "min": 60, "h": 3600, "d": 86_400,
    ]
}
