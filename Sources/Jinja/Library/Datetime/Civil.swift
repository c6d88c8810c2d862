import Time

/// A date and a time of day in the Gregorian calendar, without a time zone.
struct Civil {
    var year = 1970
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0

    init() {}

    /// Microseconds since 1970.
    init(microseconds: Int) {
        let (days, rest) = microseconds.dividedFloored(by: 86_400_000_000)
        let date = CivilDate(daysSinceEpoch: Int64(days))
        (year, month, day) = (Int(date.year), Int(date.month), Int(date.day))
        hour = rest / 3_600_000_000
        minute = rest / 60_000_000 % 60
        second = rest / 1_000_000 % 60
        microsecond = rest % 1_000_000
    }

    /// Days since 1970.
    private var days: Int {
        Int(CivilDate(year: Int64(year), month: Int64(month), day: Int64(day)).daysSinceEpoch)
    }

    var microseconds: Int { (days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + microsecond }

    /// From Sunday, 0.
    var weekday: Int { ((days + 4) % 7 + 7) % 7 }

    /// From 1.
    var dayOfYear: Int {
        var first = self
        (first.month, first.day) = (1, 1)
        return days - first.days + 1
    }

    var isValid: Bool {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, (0...23).contains(hour),
            (0...59).contains(minute), (0...59).contains(second), (0...999_999).contains(microsecond)
        else { return false }
        return day <= CivilDate.days(inMonth: Int64(month), year: Int64(year))
    }

    /// ISO 8601, without the time of day when there is no separator.
    func iso(separator: String?) -> String {
        let date = TimePattern("%Y-%m-%d").format(self)
        guard let separator else { return date }
        return date + separator + TimePattern(microsecond == 0 ? "%H:%M:%S" : "%H:%M:%S.%f").format(self)
    }

    static func iso(_ text: String, isDate: Bool) throws -> Civil {
        let patterns =
            isDate ? ["%Y-%m-%d"] : ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M"]
        let text = isDate ? text : text.replacingFirstSpace()
        for pattern in patterns {
            if let civil = try? TimePattern(pattern).parse(text) { return civil }
        }
        throw Failure(.runtime, "'\(text)' is not a date in ISO 8601")
    }
}

extension String {
    fileprivate func replacingFirstSpace() -> String {
        guard let space = firstIndex(of: " ") else { return self }
        return self[..<space] + "T" + self[index(after: space)...]
    }
}

extension Int {
    /// Quotient and remainder rounded towards negative infinity.
    func dividedFloored(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = Int64(self).dividedFloored(by: Int64(divisor))
        return (Int(quotient), Int(remainder))
    }
}
