import Foundation
import Scheduler
import TestSupport
import Testing
import Time

/// Vixie's cron played minute by minute, with a parser and a calendar of its own: what `next(after:in:)` must agree with.
private struct SimulatedCron {
    struct Minute {
        var time: Timestamp
        /// Minute, hour, day, month, weekday as the clock on the wall shows them.
        var shown: [Int]
        /// Minutes since some epoch, as shown.
        var wall: Int
    }

    let minutes: [Minute]

    init(zone: String, from start: Timestamp, days: Int) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zone))
        minutes = (0..<days * 1440).map { index in
            let time = start + .seconds(60 * index)
            let date = Date(timeIntervalSince1970: time.seconds)
            let parts = calendar.dateComponents([.minute, .hour, .day, .month, .weekday], from: date)
            let offset = calendar.timeZone.secondsFromGMT(for: date)
            return Minute(
                time: time,
                shown: [
                    parts.minute ?? 0, parts.hour ?? 0, parts.day ?? 0, parts.month ?? 0, (parts.weekday ?? 1) - 1,
                ],
                wall: (Int(time.seconds) + offset) / 60)
        }
    }

    func firings(of schedule: String) -> [Timestamp] {
        let fields = schedule.split(separator: " ").map(String.init)
        let sets = zip(fields, [0...59, 0...23, 1...31, 1...12, 0...6]).map { Self.numbers($0, $1) }
        let starred = fields.map { $0.hasPrefix("*") }
        func matches(_ shown: [Int]) -> Bool {
            let days = [sets[2].contains(shown[2]), sets[4].contains(shown[4])]
            let day = starred[2] || starred[4] ? days[0] && days[1] : days[0] || days[1]
            return sets[0].contains(shown[0]) && sets[1].contains(shown[1]) && sets[3].contains(shown[3]) && day
        }
        if starred[0] || starred[1] { return minutes.filter { matches($0.shown) }.map(\.time) }
        var result: [Timestamp] = []
        // The furthest that the wall clock has come: what was shown before is not run again.
        var furthest = (minutes.first?.wall ?? 0) - 1
        for minute in minutes where minute.wall > furthest {
            let missed = (furthest + 1...minute.wall).filter { $0 != minute.wall }.map(Self.shown)
            if matches(minute.shown) || missed.contains(where: matches) { result.append(minute.time) }
            furthest = minute.wall
        }
        return result
    }

    private static func shown(_ wall: Int) -> [Int] {
        let date = CivilDate(daysSinceEpoch: Int64(wall / 1440))
        return [wall % 60, wall / 60 % 24, Int(date.day), Int(date.month), Int(date.weekday)]
    }

    private static func numbers(_ field: String, _ range: ClosedRange<Int>) -> Set<Int> {
        Set(
            field.split(separator: ",").flatMap { item -> [Int] in
                let parts = item.split(separator: "/")
                let bounds =
                    parts[0] == "*"
                    ? [range.lowerBound, range.upperBound] : parts[0].split(separator: "-").compactMap { Int($0) }
                return Array(
                    stride(
                        from: bounds[0], through: bounds[bounds.count - 1],
                        by: parts.count == 2 ? Int(parts[1]) ?? 1 : 1))
            })
    }
}

@Suite("Cron schedules agree with a cron that is played minute by minute")
struct CronSimulationTests {
    @Test(
        "around the days on which clocks change",
        arguments: [
            ("America/New_York", "2026-03-07T00:00:00Z"), ("America/New_York", "2026-10-31T00:00:00Z"),
            ("Europe/Berlin", "2026-03-28T00:00:00Z"), ("Europe/Berlin", "2026-10-24T00:00:00Z"),
            ("Australia/Lord_Howe", "2026-04-03T00:00:00Z"), ("Australia/Lord_Howe", "2026-10-02T00:00:00Z"),
            ("America/Santiago", "2026-04-04T00:00:00Z"), ("America/Santiago", "2026-09-05T00:00:00Z"),
            ("Africa/Cairo", "2026-04-23T00:00:00Z"), ("Africa/Cairo", "2026-10-29T00:00:00Z"),
            // Until 2011 Newfoundland changed its clocks one minute after midnight.
            ("America/St_Johns", "2010-11-06T00:00:00Z"), ("America/St_Johns", "2010-03-13T00:00:00Z"),
            ("Asia/Kolkata", "2026-02-27T00:00:00Z"), ("Etc/UTC", "2024-02-28T00:00:00Z"),
        ])
    func agreement(zoneName: String, start: String) throws {
        let simulation = try SimulatedCron(zone: zoneName, from: time(start), days: 3)
        let zone = try Zone(named: zoneName)
        let end = time(start) + .seconds(3 * 86_400)
        var random = SplitMix64(seed: UInt64(start.utf8.reduce(0) { $0 &* 31 &+ Int($1) }.magnitude))
        for _ in 0..<60 {
            let text = Self.schedule(using: &random)
            let schedule = try CronExpression(text)
            var found: [Timestamp] = []
            var last = time(start) - .microseconds(1)
            while let next = schedule.next(after: last, in: zone), next < end {
                found.append(next)
                last = next
            }
            #expect(found == simulation.firings(of: text), "\(text) in \(zoneName)")
            // Wherever one starts, the next is the first of the same list.
            for _ in 0..<20 {
                let start = time(start) + .seconds(Int.random(in: 0..<3 * 86_400, using: &random))
                let next = schedule.next(after: start, in: zone)
                if let expected = found.first(where: { $0 > start }) {
                    #expect(next == expected, "\(text) after \(start.rfc3339)")
                }
            }
        }
    }

    /// Mostly in the small hours, where clocks change.
    private static func schedule(using random: inout SplitMix64) -> String {
        func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "*" }
        let minute = pick(["*", "*/20", "0", "15", "0,30", "45-59/7", "1", "59", "0-59"])
        let hour = pick(["*", "0", "1", "2", "3", "1-3", "0,23", "23", "*/2", "0-23", "2,3"])
        let day = pick(["*", "*", "*", "*/2", "8", "1-31", "29,30,1,4-6"])
        let month = pick(["*", "*", "*/1", "1-12", "3,10,4,9,11,2"])
        let weekday = pick(["*", "*", "0", "0,6", "*/3", "0-6"])
        return "\(minute) \(hour) \(day) \(month) \(weekday)"
    }
}
