import Columnar
import Time

/// Times in SQL: `2026-01-31 12:00:00`, in UTC.
enum SQLTime {
    /// What EXTRACT can take out of a timestamp.
    static let units = [
        "YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "DOW", "DOY", "EPOCH",
    ]

    /// Reads a date, or a date and a time; nil when the text is neither.
    static func parse(_ text: String) -> Timestamp? {
        let joined = text.split(whereSeparator: \.isWhitespace).joined(separator: "T")
        return Timestamp(rfc3339: joined) ?? Timestamp(rfc3339: joined + "Z")
            ?? Timestamp(rfc3339: joined + "T00:00:00Z")
    }

    /// `2026-01-31 12:00:00`, with a fraction where there is one.
    static func text(_ time: Timestamp) -> String {
        var text = time.rfc3339
        if text.hasSuffix("Z") { text.removeLast() }
        return text.split(separator: "T", maxSplits: 1).joined(separator: " ")
    }

    /// A part of a timestamp; nil for what is no unit. Sunday is day 1 of the week, as in Calcite.
    static func extract(_ unit: String, _ micros: Int64) -> Int64? {
        let (seconds, fraction) = micros.dividedFloored(by: 1_000_000)
        let (days, second) = seconds.dividedFloored(by: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        switch unit {
        case "YEAR": return date.year
        case "QUARTER": return (date.month + 2) / 3
        case "MONTH": return date.month
        case "DAY": return date.day
        case "HOUR": return second / 3600
        case "MINUTE": return second / 60 % 60
        case "SECOND": return second % 60
        case "MILLISECOND": return second % 60 * 1000 + fraction / 1000
        case "DOW": return date.weekday + 1
        case "DOY": return days - CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch + 1
        case "EPOCH": return seconds
        default: return nil
        }
    }
}
