/// A point in time: whole microseconds since 1970-01-01T00:00:00Z, as Beam and BigQuery count it.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
    /// Microseconds since the Unix epoch; negative before it.
    public var micros: Int64

    /// Microseconds since the Unix epoch.
    public init(micros: Int64) { self.micros = micros }
    /// Seconds since the Unix epoch; wraps beyond 292,000 years.
    public init(seconds: Int64) { self.micros = seconds &* 1_000_000 }
    /// Milliseconds since the Unix epoch; wraps beyond 292,000 years.
    public init(millis: Int64) { self.micros = millis &* 1_000 }

    /// Before every event: a watermark that promises nothing yet.
    public static let distantPast = Timestamp(micros: Int64.min / 2)
    /// After every event: the watermark of an input that has ended.
    public static let distantFuture = Timestamp(micros: Int64.max / 2)

    /// Seconds since the Unix epoch, with fraction.
    public var seconds: Double { Double(micros) / 1_000_000 }

    /// Whether `a` is earlier.
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.micros < b.micros }

    /// Wraps instead of trapping: beyond `distantFuture` there is room for another 146,000 years.
    public static func + (a: Timestamp, b: Duration) -> Timestamp { Timestamp(micros: a.micros &+ b.micros) }
    /// Wraps instead of trapping: before `distantPast` there is room for another 146,000 years.
    public static func - (a: Timestamp, b: Duration) -> Timestamp { Timestamp(micros: a.micros &- b.micros) }
    /// From `b` to `a`: negative when `a` is earlier.
    public static func - (a: Timestamp, b: Timestamp) -> Duration { .microseconds(a.micros &- b.micros) }

    /// Encodes as an RFC 3339 string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }

    /// Decodes an RFC 3339 string; throws `DecodingError` when the text is none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not an RFC 3339 time")
        }
        self = value
    }
}

extension Duration {
    /// Whole microseconds, rounded towards zero; saturates at about 292,000 years.
    public var micros: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return seconds > 0 ? Int64.max / 2 : Int64.min / 2 }
        return product &+ attoseconds / 1_000_000_000_000
    }

    /// Seconds with fraction.
    public var inSeconds: Double { Double(micros) / 1_000_000 }
}
