import TestSupport
import Testing
import Time

@Suite("RFC 3339 times")
struct RFC3339Tests {
    @Test(
        "are read to the microsecond",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.000001Z", 1),
            ("1969-12-31T23:59:59.999999Z", -1),
            ("2026-02-28T00:40:25Z", 1_772_239_225_000_000),
            ("2026-02-28T00:40:25.5Z", 1_772_239_225_500_000),
            ("2026-02-28T00:40:25.123456789Z", 1_772_239_225_123_456),
            ("2026-02-28t00:40:25z", 1_772_239_225_000_000),
            ("2026-02-28 00:40:25Z", 1_772_239_225_000_000),
            ("2026-02-27T19:40:25-05:00", 1_772_239_225_000_000),
            ("2026-02-28T06:10:25+05:30", 1_772_239_225_000_000),
            ("2026-02-28T00:40:25-00:00", 1_772_239_225_000_000),
            ("2000-02-29T12:00:00Z", 951_825_600_000_000),
            ("1600-02-29T00:00:00Z", -11_670_998_400_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            // A leap second is the next minute's first.
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ] as [(String, Int64)])
    func reads(text: String, micros: Int64) {
        #expect(Timestamp(rfc3339: text) == Timestamp(micros: micros))
    }

    @Test(
        "are refused when they are anything else",
        arguments: [
            "", "now", "2026-02-28", "2026-02-28T00:40:25", "2026-02-28T00:40Z", "2026-2-28T00:40:25Z",
            "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+5:00", "2026-01-01T00:00:00+05",
            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+05:60", "2026-01-01T00:00:00Zx", " 2026-01-01T00:00:00Z",
            "+2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1234é6Z",
        ])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(
        "are written with as many fraction digits as they need",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000001Z"), (1_000, "1970-01-01T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"), (1_500_000, "1970-01-01T00:00:01.500Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func writes(micros: Int64, text: String) {
        #expect(Timestamp(micros: micros).rfc3339 == text)
    }

    @Test("read back what was written, from year 1 to year 9999")
    func roundTrip() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<20_000 {
            let micros = Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random)
            let time = Timestamp(micros: micros)
            #expect(Timestamp(rfc3339: time.rfc3339) == time)
        }
    }

    @Test("order as their texts do where the fractions are equally long")
    func order() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<2_000 {
            let a = Timestamp(seconds: Int64.random(in: 0...253_402_300_799, using: &random))
            let b = Timestamp(seconds: Int64.random(in: 0...253_402_300_799, using: &random))
            #expect((a < b) == (a.rfc3339 < b.rfc3339))
        }
    }

    @Test("beyond year 9999 are still readable by people, without a crash")
    func extremes() {
        #expect(Timestamp.distantPast.rfc3339.hasSuffix("Z"))
        #expect(Timestamp.distantFuture.rfc3339.hasSuffix("Z"))
        #expect(Timestamp(micros: .min).rfc3339.hasPrefix("-"))
        #expect(Timestamp(micros: .max).rfc3339.hasSuffix("Z"))
    }
}

@Suite("Civil dates")
struct CivilDateTests {
    @Test("count days forwards and backwards over 400-year eras")
    func everyDay() {
        // A naive calendar walked day by day from 1 January 1595 to the end of 2405.
        var (year, month, day): (Int64, Int64, Int64) = (1595, 1, 1)
        var days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        #expect(days == -136_966)
        var weekday = CivilDate(daysSinceEpoch: days).weekday
        var mistakes = 0
        while year < 2406 {
            let date = CivilDate(daysSinceEpoch: days)
            if date != CivilDate(year: year, month: month, day: day) || date.daysSinceEpoch != days { mistakes += 1 }
            if date.weekday != weekday { mistakes += 1 }
            days += 1
            weekday = (weekday + 1) % 7
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            let lengths: [Int64] = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[Int(month) - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(mistakes == 0)
    }

    @Test("know their weekday", arguments: [(1970, 1, 1, 4), (2026, 2, 28, 6), (2000, 2, 29, 2), (1600, 1, 1, 6)])
    func weekday(year: Int64, month: Int64, day: Int64, weekday: Int64) {
        #expect(CivilDate(year: year, month: month, day: day).weekday == weekday)
    }
}
