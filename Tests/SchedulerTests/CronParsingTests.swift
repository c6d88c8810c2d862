import Scheduler
import Testing
import Time

@Suite("Cron schedules are read")
struct CronParsingTests {
    /// Schedules that mean the same fire at the same times.
    @Test(
        "in all their spellings",
        arguments: [
            ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
            ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"), ("@Daily", "0 0 * * *"),
            ("0 9 * * MON-FRI", "0 9 * * 1-5"), ("0 9 * jan,Jul *", "0 9 * 1,7 *"), ("0 9 * * sun", "0 9 * * 7"),
            ("0 9 * * 0", "0 9 * * 7"), ("0 9 * * 5-7", "0 9 * * 0,5,6"), ("*/20 * * * *", "0,20,40 * * * *"),
            ("10-40/15 * * * *", "10,25,40 * * * *"), ("  0\t9  * * * ", "0 9 * * *"),
            ("0 9 * FEB-apr/2 *", "0 9 * 2,4 *"),
            ("00 09 * * *", "0 9 * * *"), ("0 0 1,1,2-3 * *", "0 0 1-3 * *"), ("*/60 * * * *", "0 * * * *"),
            ("* * * * 0-7", "* * * * *"),
        ])
    func spellings(one: String, other: String) throws {
        let (a, b) = (try CronExpression(one), try CronExpression(other))
        var (timeA, timeB) = (time("2026-01-01T00:00:00Z"), time("2026-01-01T00:00:00Z"))
        for _ in 0..<40 {
            (timeA, timeB) = (try #require(a.next(after: timeA)), try #require(b.next(after: timeB)))
            #expect(timeA == timeB)
        }
    }

    @Test(
        "or refused with field, column and remedy",
        arguments: [
            ("60 * * * *", "column 1, minute: 60 is outside 0–59; write a minute from 0 to 59"),
            ("0 24 * * *", "column 3, hour: 24 is outside 0–23; write an hour from 0 to 23"),
            ("0 0 0 * *", "column 5, day of month: 0 is outside 1–31; write a day from 1 to 31"),
            ("0 0 32 * *", "column 5, day of month: 32 is outside 1–31; write a day from 1 to 31"),
            ("0 0 * 13 *", "column 7, month: 13 is outside 1–12; write a month from 1 to 12, or JAN to DEC"),
            ("0 0 * * 8", "column 9, day of week: 8 is outside 0–7"),
            ("0 0 * * 1,8", "column 11, day of week: 8 is outside 0–7"),
            ("0 0 * JNA *", "column 7, month: 'JNA' is not a month; did you mean 'JAN'?"),
            ("0 0 * * MNO", "did you mean 'MON'?"),
            ("MON 0 * * *", "column 1, minute: 'MON' is not a minute"),
            ("5/10 * * * *", "column 1, minute: a step needs a range or '*' before it, not '5'; write '5-59/…'"),
            ("*/0 * * * *", "column 3, minute: '0' is not a step"),
            ("*/x * * * *", "column 3, minute: 'x' is not a step"),
            ("*/-5 * * * *", "column 3, minute: '-5' is not a step"),
            ("1/2/3 * * * *", "column 3, minute: '2/3' is not a step"),
            ("0 22-2 * * *", "column 3, hour: the range '22-2' runs backwards; write '22-23,0-2' instead"),
            ("0 0 * * SAT-SUN", "column 9, day of week: the range 'SAT-SUN' runs backwards; write '6,0' instead"),
            ("0, * * * *", "column 3, minute: a list item is empty"),
            (",0 * * * *", "column 1, minute: a list item is empty"),
            ("1- * * * *", "column 3, minute: a number is missing"),
            ("-1 * * * *", "column 1, minute: '-1' is not a minute"),
            ("0 0 ? * 1", "column 5, day of month: '?' is not part of the unix cron format"),
            ("0 0 L * *", "column 5, day of month: 'L' is not part of the unix cron format"),
            ("0 0 * * 5#2", "column 9, day of week: '5#2' is not a day of week"),
            ("* * * *", "column 1: a schedule has 5 fields, this has 4"),
            ("", "column 1: a schedule has 5 fields, this has 0"),
            (
                "0 */5 * * * *",
                "column 13: a schedule has 5 fields, this has 6; write minute, hour, day of month, month, day of week, without seconds"
            ),
            ("every 5 minutes", "'every …' is App Engine's syntax; write '*/5 * * * *'"),
            ("@reboot", "column 1: '@reboot' is not a schedule; write @hourly"),
            ("@daily 5", "'@daily 5' is not a schedule"),
            ("0 0 30 2 *", "column 5, day of month: no date ever matches"),
            ("0 0 31 4,6,9,11 *", "no date ever matches"),
            ("0 0 31 4 */2", "no date ever matches"),
            ("99999999999999999999 * * * *", "column 1, minute"),
            ("٣ * * * *", "column 1, minute"),
        ])
    func refusals(schedule: String, message: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(schedule) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "no error")")
        #expect(error?.description.hasPrefix("schedule '\(schedule)', column ") == true)
    }

    @Test("when a day of the week saves a date that the months lack")
    func weekdaySaves() throws {
        let schedule = try CronExpression("0 0 30 2 1")
        #expect(schedule.next(after: time("2026-01-31T00:00:00Z")) == time("2026-02-02T00:00:00Z"))
    }

    @Test(
        "in a zone of the tz database, or refused with the nearest name",
        arguments: [
            ("Europe/Berln", "did you mean 'Europe/Berlin'?"), ("europe/berlin", "did you mean 'Europe/Berlin'?"),
            ("Berlin", "did you mean 'Europe/Berlin'?"), ("America/Sydney", "did you mean 'Australia/Sydney'?"),
            ("New York", "did you mean 'America/New_York'?"), ("utc", "did you mean 'UTC'?"),
            ("PST", "'PST' is not a time zone"),
            ("GMT+3", "'GMT+3' is not a time zone"), ("", "write a name as in 'Europe/Berlin' or 'Etc/UTC'"),
            ("Etc/UCT+", "not a time zone"), ("../etc/passwd", "not a time zone"),
        ])
    func zones(name: String, message: String) {
        let error = #expect(throws: UnknownZone.self) { try Zone(named: name) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "no error")")
    }

    @Test(
        "in these zones",
        arguments: ["Etc/UTC", "UTC", "America/New_York", "Asia/Kolkata", "US/Eastern", "Etc/GMT+3", "Japan"])
    func known(name: String) throws {
        #expect(try Zone(named: name).name == name)
    }
}

func time(_ text: String) -> Timestamp {
    guard let time = Timestamp(rfc3339: text) else {
        Issue.record("'\(text)' is not a time")
        return Timestamp(micros: 0)
    }
    return time
}
