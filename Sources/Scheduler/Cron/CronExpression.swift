import Time

/// A schedule in the unix cron format: minute, hour, day of month, month, day of week; or an `@` name.
///
/// The rules are Vixie cron's (crontab(5)), which Cloud Scheduler follows: lists, ranges, steps after a range or `*`, names of
/// months and days in any case, 0 and 7 for Sunday. A day matches when day of month *or* day of week does, unless one of the
/// two fields starts with `*`: then both must.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    public let text: String
    let minutes: CronSet
    let hours: CronSet
    let daysOfMonth: CronSet
    let months: CronSet
    let daysOfWeek: CronSet

    /// Reads a schedule; throws `CronError`, also for one that no date matches (30 February).
    public init(_ text: String) throws {
        self.text = text
        let fields = try Self.fields(of: text)
        var sets: [CronSet] = []
        for (field, part) in zip(CronField.allCases, fields) {
            let parser = CronFieldParser(schedule: text, field: field, text: part.text, column: part.column)
            sets.append(try parser.parse())
        }
        (minutes, hours, daysOfMonth, months, daysOfWeek) = (sets[0], sets[1], sets[2], sets[3], sets[4])
        guard matchesSomeDate else {
            throw CronError(
                schedule: text, field: CronField.dayOfMonth.name, column: fields[2].column,
                problem: "no date ever matches: the months have fewer days",
                remedy: "write a day that the month has")
        }
    }

    /// As it was written.
    public var description: String { text }

    /// Whether minute or hour starts with `*`. Such jobs keep step with elapsed time when clocks change; the others keep to
    /// the clock on the wall, and are made up for or not repeated.
    var isWildcard: Bool { minutes.isStarred || hours.isStarred }

    /// Whether the schedule fires on that day at all.
    func matches(_ date: CivilDate) -> Bool {
        guard months.contains(Int(date.month)) else { return false }
        let byMonth = daysOfMonth.contains(Int(date.day))
        let byWeek = daysOfWeek.contains(Int(date.weekday))
        return needsBothDays ? byMonth && byWeek : byMonth || byWeek
    }

    private var needsBothDays: Bool { daysOfMonth.isStarred || daysOfWeek.isStarred }

    /// Every day of every month falls on every weekday within 400 years, so only the months' lengths can rule a date out.
    private var matchesSomeDate: Bool {
        if !needsBothDays { return true }
        return (1...12).contains { month in
            guard months.contains(month), let day = daysOfMonth.first(atLeast: 1) else { return false }
            return Int64(day) <= CivilDate.days(inMonth: Int64(month), year: 2000)
        }
    }

    private static let aliases: [String: String] = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    private static func fields(of text: String) throws -> [(text: Substring, column: Int)] {
        func parts(_ text: String) -> [(text: Substring, column: Int)] {
            text.split { $0 == " " || $0 == "\t" }.map {
                ($0, text.distance(from: text.startIndex, to: $0.startIndex) + 1)
            }
        }
        let found = parts(text)
        if let first = found.first, first.text.hasPrefix("@") {
            guard found.count == 1, let fields = aliases[first.text.lowercased()] else {
                let known = "@hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually"
                throw CronError(
                    schedule: text, field: nil, column: first.column,
                    problem: "'\(found.map(\.text).joined(separator: " "))' is not a schedule",
                    remedy: "write \(known), alone, or five fields")
            }
            return parts(fields).map { ($0.text, first.column) }
        }
        guard found.count == 5 else {
            throw CronError(
                schedule: text, field: nil, column: found.count > 5 ? found[5].column : 1,
                problem: "a schedule has 5 fields, this has \(found.count)",
                remedy: remedy(forFields: found.map(\.text)))
        }
        return found
    }

    private static func remedy(forFields fields: [Substring]) -> String {
        let order = "minute, hour, day of month, month, day of week"
        if fields.first?.lowercased() == "every" {
            return "'every …' is App Engine's syntax; write '*/5 * * * *' for every 5 minutes"
        }
        if fields.count == 6 || fields.count == 7 {
            return "write \(order), without seconds or years"
        }
        return "write \(order), as in '0 9 * * MON-FRI'"
    }
}
