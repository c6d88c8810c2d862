import Time

/// Reads the header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date of HTTP.
enum RetryAfter {
    /// How long to wait from `now`; nil when the text is neither. Dates in the past are no wait.
    static func parse(_ text: String, at now: Timestamp) -> Duration? {
        let trimmed = text.drop { $0 == " " }
        if let seconds = Int64(trimmed.prefix { $0 != " " }) {
            return seconds < 0 ? nil : .seconds(min(seconds, 1_000_000_000))
        }
        return date(String(trimmed)).map { max(.zero, $0 - now) }
    }

    /// The one form that is still allowed to be written: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Timestamp? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let twoDigits = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp(rfc3339: "\(parts[3])-\(twoDigits)-\(parts[1])T\(parts[4])Z")
    }
}
