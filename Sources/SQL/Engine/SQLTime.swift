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
        let seconds = floorDivide(micros, 1_000_000)
        let days = floorDivide(seconds, 86_400)
        let second = seconds - days * 86_400
        let (year, month, day) = civil(days)
        switch unit {
        case "YEAR": return year
        case "QUARTER": return (month + 2) / 3
        case "MONTH": return month
        case "DAY": return day
        case "HOUR": return second / 3600
        case "MINUTE": return second / 60 % 60
        case "SECOND": return second % 60
        case "MILLISECOND": return second % 60 * 1000 + (micros - seconds * 1_000_000) / 1000
        case "DOW": return (days + 4) - floorDivide(days + 4, 7) * 7 + 1
        case "DOY": return days - self.days(year, 1, 1) + 1
        case "EPOCH": return seconds
        default: return nil
        }
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }

    /// Year, month and day of a day since 1970, by counting years from March in eras of 400.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The day since 1970 of a date.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
