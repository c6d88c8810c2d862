import Scheduler
import Testing
import Time

@Suite("Cron schedules fire")
struct CronNextTests {
    struct Row: CustomTestStringConvertible {
        var schedule: String
        var zone = "Etc/UTC"
        var after: String
        var firings: [String]
        var testDescription: String { "\(schedule) in \(zone) after \(after)" }

        init(_ schedule: String, _ zone: String = "Etc/UTC", after: String, _ firings: [String]) {
            (self.schedule, self.zone, self.after, self.firings) = (schedule, zone, after, firings)
        }
    }

    @Test(
        "at the times that the calendar gives",
        arguments: [
            Row("* * * * *", after: "2026-02-28T00:40:25.5Z", ["2026-02-28T00:41:00Z", "2026-02-28T00:42:00Z"]),
            Row("* * * * *", after: "2026-02-28T00:41:00Z", ["2026-02-28T00:42:00Z"]),
            Row("* * * * *", after: "2026-02-28T00:40:59.999999Z", ["2026-02-28T00:41:00Z"]),
            Row("59 23 31 12 *", after: "2026-12-31T23:59:00Z", ["2027-12-31T23:59:00Z"]),
            Row("0 0 29 2 *", after: "2096-03-01T00:00:00Z", ["2104-02-29T00:00:00Z"]),
            // 29 February on a Sunday, across the missing leap day of 2100.
            Row(
                "0 0 29 2 */7", after: "2026-01-01T00:00:00Z",
                ["2032-02-29T00:00:00Z", "2060-02-29T00:00:00Z", "2088-02-29T00:00:00Z", "2128-02-29T00:00:00Z"]),
            // Day of month OR day of week.
            Row(
                "0 0 13 * FRI", after: "2026-02-01T00:00:00Z",
                [
                    "2026-02-06T00:00:00Z", "2026-02-13T00:00:00Z", "2026-02-20T00:00:00Z", "2026-02-27T00:00:00Z",
                    "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z",
                ]),
            // … but both when one starts with '*': odd days that are Fridays.
            Row(
                "0 0 */2 * FRI", after: "2026-02-01T00:00:00Z",
                ["2026-02-13T00:00:00Z", "2026-02-27T00:00:00Z", "2026-03-13T00:00:00Z"]),
            Row("0 0 13 * */2", after: "2026-02-01T00:00:00Z", ["2026-06-13T00:00:00Z", "2026-08-13T00:00:00Z"]),
            Row("15 10 * * 1-5", after: "2026-02-27T10:15:00Z", ["2026-03-02T10:15:00Z"]),
            Row("0 0 31 * *", after: "2026-01-31T00:00:00Z", ["2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"]),
            Row("* * * * *", after: "1969-12-31T23:58:30Z", ["1969-12-31T23:59:00Z", "1970-01-01T00:00:00Z"]),
            Row(
                "30 9 * * *", "Asia/Kolkata", after: "2026-02-28T00:00:00Z",
                ["2026-02-28T04:00:00Z", "2026-03-01T04:00:00Z"]),
            Row("0 0 1 * *", "Pacific/Kiritimati", after: "2026-02-27T00:00:00Z", ["2026-02-28T10:00:00Z"]),
            Row("0 0 1 * *", "Etc/GMT+12", after: "2026-02-27T00:00:00Z", ["2026-03-01T12:00:00Z"]),
        ])
    func calendar(row: Row) throws { try check(row) }

    @Test(
        "once right after the jump when clocks skip their time",
        arguments: [
            // New York, 8 March 2026: 02:00 EST is 03:00 EDT, at 07:00Z.
            Row(
                "30 2 * * *", "America/New_York", after: "2026-03-07T12:00:00Z",
                ["2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]),
            Row(
                "0 2 * * *", "America/New_York", after: "2026-03-07T12:00:00Z",
                ["2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"]),
            Row(
                "0,15,30,45 2 * * *", "America/New_York", after: "2026-03-08T05:00:00Z",
                ["2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"]),
            Row(
                "0 2,3 * * *", "America/New_York", after: "2026-03-08T05:00:00Z",
                ["2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"]),
            Row(
                "30 1,2,3 * * *", "America/New_York", after: "2026-03-08T05:00:00Z",
                ["2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"]),
            // Berlin, 29 March 2026: 02:00 CET is 03:00 CEST, at 01:00Z.
            Row(
                "30 2 * * SUN", "Europe/Berlin", after: "2026-03-28T12:00:00Z",
                ["2026-03-29T01:00:00Z", "2026-04-05T00:30:00Z"]),
            // Lord Howe, 4 October 2026: half an hour, 02:00 is 02:30, at 15:30Z the day before.
            Row(
                "15 2 * * *", "Australia/Lord_Howe", after: "2026-10-03T00:00:00Z",
                ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]),
            Row("45 2 * * *", "Australia/Lord_Howe", after: "2026-10-03T00:00:00Z", ["2026-10-03T15:45:00Z"]),
            // Santiago, 6 September 2026: midnight is one o'clock, at 04:00Z.
            Row(
                "0 0 * * *", "America/Santiago", after: "2026-09-05T12:00:00Z",
                ["2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"]),
            Row("@monthly", "America/Santiago", after: "2026-08-31T12:00:00Z", ["2026-09-01T04:00:00Z"]),
        ])
    func skipped(row: Row) throws { try check(row) }

    @Test(
        "once when clocks repeat their time",
        arguments: [
            // New York, 1 November 2026: 02:00 EDT is 01:00 EST, at 06:00Z.
            Row(
                "30 1 * * *", "America/New_York", after: "2026-10-31T12:00:00Z",
                ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]),
            Row(
                "0 2 * * *", "America/New_York", after: "2026-10-31T12:00:00Z",
                ["2026-11-01T07:00:00Z", "2026-11-02T07:00:00Z"]),
            Row("30 1 * * *", "America/New_York", after: "2026-11-01T05:30:00Z", ["2026-11-02T06:30:00Z"]),
            Row("30 1 * * *", "America/New_York", after: "2026-11-01T06:10:00Z", ["2026-11-02T06:30:00Z"]),
            Row("0 3 * * SUN", "Europe/Berlin", after: "2026-10-24T12:00:00Z", ["2026-10-25T02:00:00Z"]),
            Row(
                "30 2 * * *", "Europe/Berlin", after: "2026-10-24T12:00:00Z",
                ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
            Row(
                "45 1 * * *", "Australia/Lord_Howe", after: "2026-04-04T00:00:00Z",
                ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]),
            // Cairo, 29 October 2026: midnight of the 30th is 23:00 of the 29th again, at 21:00Z.
            Row(
                "30 23 * * *", "Africa/Cairo", after: "2026-10-29T12:00:00Z",
                ["2026-10-29T20:30:00Z", "2026-10-30T21:30:00Z"]),
            Row(
                "0 0 * * *", "Africa/Cairo", after: "2026-10-29T12:00:00Z",
                ["2026-10-29T22:00:00Z", "2026-10-30T22:00:00Z"]),
        ])
    func repeated(row: Row) throws { try check(row) }

    @Test(
        "by elapsed time when minute or hour starts with '*'",
        arguments: [
            Row(
                "*/30 * * * *", "America/New_York", after: "2026-03-08T06:15:00Z",
                ["2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"]),
            Row(
                "0 * * * *", "America/New_York", after: "2026-11-01T04:30:00Z",
                ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z"]),
            Row(
                "30 * * * *", "Australia/Lord_Howe", after: "2026-04-04T14:00:00Z",
                ["2026-04-04T14:30:00Z", "2026-04-04T15:00:00Z", "2026-04-04T16:00:00Z"]),
            // Starred and in the skipped hour: those minutes never come.
            Row(
                "*/30 2 * * *", "America/New_York", after: "2026-03-08T05:00:00Z",
                ["2026-03-09T06:00:00Z", "2026-03-09T06:30:00Z"]),
            Row(
                "*/30 1 * * *", "America/New_York", after: "2026-11-01T04:00:00Z",
                ["2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z"]),
            Row(
                "*/30 23 * * *", "Africa/Cairo", after: "2026-10-29T12:00:00Z",
                ["2026-10-29T20:00:00Z", "2026-10-29T20:30:00Z", "2026-10-29T21:00:00Z", "2026-10-29T21:30:00Z"]),
        ])
    func wildcard(row: Row) throws { try check(row) }

    @Test("as if nothing had been when a country leaves out a day")
    func dateLine() throws {
        // Samoa had no 30 December 2011.
        try check(
            Row(
                "0 9 * * *", "Pacific/Apia", after: "2011-12-29T12:00:00Z",
                ["2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z", "2011-12-31T19:00:00Z"]))
    }

    @Test("never beyond the calendar")
    func extremes() throws {
        let schedule = try CronExpression("* * * * *")
        #expect(schedule.next(after: .distantFuture) == nil)
        #expect(schedule.next(after: .distantPast) == nil)
        #expect(schedule.next(after: Timestamp(micros: .max)) == nil)
    }

    private func check(_ row: Row) throws {
        let schedule = try CronExpression(row.schedule)
        let zone = try Zone(named: row.zone)
        var last = time(row.after)
        for expected in row.firings {
            last = try #require(schedule.next(after: last, in: zone))
            #expect(last.rfc3339 == expected)
        }
    }
}
