internal import Time

/// A moment in New York as a timetable writes it: a service day and the seconds into it.
///
/// A GTFS service day begins twelve hours before noon (so that times stay in order on the two days on which the clocks
/// are changed); a time may therefore pass 24:00:00.
struct ServiceDay: Hashable {
    var date: CivilDate
    /// Since the service day began; 0 up to 25 hours.
    var seconds: Int64

    /// The service day of a moment, given in seconds since the Unix epoch.
    init(at moment: Int64) {
        var day = (moment - 4 * 3600).dividedFloored(by: 86_400).quotient
        if Self.start(ofDay: day) > moment { day -= 1 }
        date = CivilDate(daysSinceEpoch: day)
        seconds = moment - Self.start(ofDay: day)
    }

    /// `YYYYMMDD`.
    var startDate: String { padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2) }

    /// `HH:MM:SS`.
    var startTime: String { "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))" }

    /// Hundredths of a minute into the day, six digits: how New York's trip ids begin.
    var origin: String { padded(seconds * 100 / 60, 6) }

    private static func start(ofDay day: Int64) -> Int64 {
        day * 86_400 + (hasDaylightSavingAtNoon(CivilDate(daysSinceEpoch: day)) ? 4 : 5) * 3600
    }

    /// The rule in force since 2007 (15 U.S.C. § 260a): from March's second Sunday to November's first.
    private static func hasDaylightSavingAtNoon(_ date: CivilDate) -> Bool {
        let march = firstSunday(of: 3, year: date.year) + 7
        let november = firstSunday(of: 11, year: date.year)
        return (march..<november).contains(date.daysSinceEpoch)
    }

    private static func firstSunday(of month: Int64, year: Int64) -> Int64 {
        let first = CivilDate(year: year, month: month, day: 1)
        return first.daysSinceEpoch + (7 - first.weekday) % 7
    }
}

/// The number with leading zeros.
func padded(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
