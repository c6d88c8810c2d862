import Time

/// Figures as people read them, each with its unit, in widths that do not dance; what was never measured, or is not a
/// number, is `—`.
enum Figures {
    static let unmeasured = "—"

    /// `999`, `9999`, `12.3k`, `1.23M`: at most six columns.
    static func count(_ value: Int64?) -> String {
        guard let value else { return unmeasured }
        return value.magnitude < 10_000 ? String(value) : scaled(Double(value))
    }

    static func count(_ value: Int?) -> String { count(value.map(Int64.init)) }

    /// All digits in groups up to a thousand million, `306` or `1,234,567`; humane beyond.
    static func exact(_ value: Int64) -> String {
        guard value.magnitude < 1_000_000_000 else { return scaled(Double(value)) }
        var text = ""
        for (place, digit) in String(value.magnitude).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }

    /// `0/s`, `0.05/s`, `12.3/s`, `1234/s`, `56.7k/s`: at most eight columns.
    static func rate(_ perSecond: Double?) -> String {
        guard let value = perSecond, value.isFinite else { return unmeasured }
        let size = abs(value)
        if size < 0.005 { return "0/s" }
        let text =
            size < 9.995
            ? fixed(value, 2) : size < 99.95 ? fixed(value, 1) : size < 9999.5 ? fixed(value, 0) : scaled(value)
        return text + "/s"
    }

    /// `812 B`, `3.4 KiB`, `123 MiB`: at most eight columns.
    static func bytes(_ value: Int64?) -> String {
        guard let value else { return unmeasured }
        var size = Double(value)
        if abs(size) < 1000 { return "\(value) B" }
        for unit in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
            size /= 1024
            if abs(size) < 99.95 { return "\(fixed(size, 1)) \(unit)" }
            if abs(size) < 999.5 { return "\(fixed(size, 0)) \(unit)" }
        }
        return fixed(size, 0) + " EiB"
    }

    static func bytes(_ value: Int?) -> String { bytes(value.map(Int64.init)) }

    /// `812 B/s`, `3.4 KiB/s`: at most ten columns.
    static func byteRate(_ perSecond: Double?) -> String {
        guard let perSecond, abs(perSecond) < 9e18 else { return unmeasured }
        return bytes(Int64(perSecond.rounded())) + "/s"
    }

    /// `850 µs`, `4.2 ms`, `120 ms`, `4.2 s`, `42 s`, `2m 05s`, `3h 07m`, `5d 03h`, `123d`, `12y`: at most eight columns.
    static func duration(_ seconds: Double?) -> String {
        guard let seconds, !seconds.isNaN else { return unmeasured }
        if seconds < 0 { return "-" + duration(-seconds) }
        if seconds < 0.000_000_5 { return "0 ms" }
        if seconds < 0.000_999_5 { return fixed(seconds * 1_000_000, 0) + " µs" }
        if seconds < 0.009_95 { return fixed(seconds * 1000, 1) + " ms" }
        if seconds < 0.999_5 { return fixed(seconds * 1000, 0) + " ms" }
        if seconds < 9.95 { return fixed(seconds, 1) + " s" }
        if seconds < 59.5 { return fixed(seconds, 0) + " s" }
        guard seconds < 3e12 else { return ">9999y" }
        let whole = Int64(seconds.rounded())
        if whole < 3600 { return "\(whole / 60)m \(padded(whole % 60))s" }
        let minutes = whole / 60
        if minutes < 1440 { return "\(minutes / 60)h \(padded(minutes % 60))m" }
        let hours = minutes / 60
        if hours < 2400 { return "\(hours / 24)d \(padded(hours % 24))h" }
        let days = hours / 24
        return days < 3650 ? "\(days)d" : days < 3_650_000 ? "\(days / 365)y" : ">9999y"
    }

    /// Two durations, their unit once where it is the same: `84/213 ms`, `850 µs/2.1 ms`.
    static func pair(_ first: Double?, _ second: Double?) -> String {
        let (one, other) = (duration(first), duration(second))
        guard let space = one.lastIndex(of: " "), one.prefix(while: { $0 != " " }).endIndex == space,
            other.hasSuffix(one[space...]), other.filter({ $0 == " " }).count == 1
        else { return one == other ? one : "\(one)/\(other)" }
        return "\(one[..<space])/\(other)"
    }

    /// Whole seconds as they count up or down: `7 s`, `2m 05s`; never below nothing.
    static func age(_ duration: Duration?) -> String {
        guard let duration else { return unmeasured }
        let seconds = max(0, duration.inSeconds)
        return seconds < 59.5 ? "\(Int(seconds.rounded(.down))) s" : self.duration(seconds.rounded(.down))
    }

    /// `0.4 %`, `42 %`, `150 %`.
    static func percent(_ share: Double?) -> String {
        guard let share, abs(share) < 1e12 else { return unmeasured }
        let percent = share * 100
        return abs(percent) < 9.95 ? fixed(percent, 1) + " %" : fixed(percent, 0) + " %"
    }

    /// The time of day in UTC, `13:04:05`.
    static func clock(_ time: Timestamp) -> String {
        let second = time.micros.dividedFloored(by: 86_400_000_000).remainder / 1_000_000
        return "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
    }

    /// The time of day when it is today, else the day, `26-02-28`; `—` before the first estimate, `end` after the last.
    static func watermark(_ time: Timestamp?, now: Timestamp) -> String {
        guard let time, time.micros > Timestamp.distantPast.micros / 2 else { return unmeasured }
        if time.micros >= Timestamp.distantFuture.micros / 2 { return "end" }
        let day = time.micros.dividedFloored(by: 86_400_000_000).quotient
        if day == now.micros.dividedFloored(by: 86_400_000_000).quotient { return clock(time) }
        let date = CivilDate(daysSinceEpoch: day)
        return "\(padded(date.year % 100))-\(padded(date.month))-\(padded(date.day))"
    }

    /// `1 task`, `3 tasks`, `12.3k messages`.
    static func counted(_ value: some BinaryInteger, _ noun: String) -> String {
        "\(count(Int64(clamping: value))) \(noun)\(value == 1 ? "" : "s")"
    }

    static func padded(_ value: Int64) -> String { value >= 0 && value < 10 ? "0\(value)" : String(value) }

    /// A number with so many digits after the point, rounded; `—` when it is too large to be one.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = digits == 0 ? 1.0 : digits == 1 ? 10.0 : 100.0
        let scaled = (value * scale).rounded()
        guard abs(scaled) < 9e15 else { return unmeasured }
        let whole = Int64(scaled).magnitude
        let sign = scaled < 0 ? "-" : ""
        if digits == 0 { return sign + String(whole) }
        let divisor = UInt64(scale)
        let fraction = String(whole % divisor)
        return sign + String(whole / divisor) + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    private static func scaled(_ value: Double) -> String {
        var size = value
        for unit in ["k", "M", "G", "T", "P", "E"] {
            size /= 1000
            let magnitude = abs(size)
            if magnitude < 9.995 { return fixed(size, 2) + unit }
            if magnitude < 99.95 { return fixed(size, 1) + unit }
            if magnitude < 999.5 { return fixed(size, 0) + unit }
        }
        return ">999E"
    }
}
