import Foundation
import Testing
import Time

@Suite("Durations")
struct DurationTests {
    @Test(
        "are read with their unit",
        arguments: [
            ("90s", .seconds(90)), ("500ms", .milliseconds(500)), ("1.5m", .seconds(90)), ("2h", .seconds(7200)),
            ("1d", .seconds(86_400)), ("30", .seconds(30)), ("0.1s", .milliseconds(100)), ("250us", .microseconds(250)),
            ("250µs", .microseconds(250)), ("3.5 s", .milliseconds(3500)), (" 10s", .seconds(10)),
            ("-5s", .seconds(-5)),
            ("2min", .seconds(120)), ("0s", .zero), (".5s", .milliseconds(500)),
        ] as [(String, Duration)])
    func reads(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(
        "are refused without a number or with an unknown unit",
        arguments: [
            "", "s", "ten", "10x", "10 seconds", "1h30m", "--5s", "1..5s", "5-s", "1e3s", "10sx", "1e400",
            "99999999999999s", "nan", "inf",
        ])
    func refuses(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(
        "are written as Google's JSON writes them",
        arguments: [
            (.seconds(180), "180s"), (.milliseconds(100), "0.100s"), (.microseconds(1), "0.000001s"), (.zero, "0s"),
            (.milliseconds(-1500), "-1.500s"), (.milliseconds(-500), "-0.500s"),
            (.microseconds(3_500_001), "3.500001s"),
        ] as [(Duration, String)])
    func writes(duration: Duration, text: String) {
        #expect(duration.secondsText == text)
        #expect(Duration(text: text) == duration)
    }

    @Test("count their microseconds towards zero and saturate")
    func micros() {
        #expect(Duration.seconds(-1).micros == -1_000_000)
        #expect(Duration.nanoseconds(1_999).micros == 1)
        #expect(Duration.nanoseconds(-1_999).micros == -1)
        #expect(Duration.seconds(Int64.max).micros == Int64.max / 2)
        #expect(Duration.seconds(Int64.min).micros == Int64.min / 2)
        #expect(Duration.milliseconds(1500).inSeconds == 1.5)
    }

    @Test("stand in JSON as texts; a number counts seconds")
    func json() throws {
        struct Settings: Codable, Equatable {
            var a: Duration?
            var b: Duration?

            enum CodingKeys: CodingKey { case a, b }
            init(a: Duration?, b: Duration?) { (self.a, self.b) = (a, b) }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                a = try container.decodeDurationIfPresent(forKey: .a)
                b = try container.decodeDurationIfPresent(forKey: .b)
            }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encodeDurationIfPresent(a, forKey: .a)
                try container.encodeDurationIfPresent(b, forKey: .b)
            }
        }
        let read = try JSONDecoder().decode(Settings.self, from: Data(#"{"a": "3.5s", "b": 2}"#.utf8))
        #expect(read == Settings(a: .milliseconds(3500), b: .seconds(2)))
        #expect(try JSONDecoder().decode(Settings.self, from: Data("{}".utf8)) == Settings(a: nil, b: nil))
        let written = String(decoding: try JSONEncoder().encode(Settings(a: .seconds(90), b: nil)), as: UTF8.self)
        #expect(written == #"{"a":"90s"}"#)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Settings.self, from: Data(#"{"a": "soon"}"#.utf8))
        }
    }
}

@Suite("Timestamps")
struct TimestampTests {
    @Test("stand in JSON as RFC 3339")
    func json() throws {
        let time = Timestamp(micros: 1_772_239_225_123_000)
        let data = try JSONEncoder().encode([time])
        #expect(String(decoding: data, as: UTF8.self) == #"["2026-02-28T00:40:25.123Z"]"#)
        #expect(try JSONDecoder().decode([Timestamp].self, from: data) == [time])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Timestamp].self, from: Data(#"["soon"]"#.utf8))
        }
    }

    @Test("add and subtract durations")
    func arithmetic() {
        let time = Timestamp(seconds: 100)
        #expect(time + .milliseconds(1500) - .milliseconds(500) == Timestamp(seconds: 101))
        #expect(Timestamp(seconds: 101) - time == .seconds(1))
        #expect(time.seconds == 100)
        #expect(Timestamp(millis: 1_500).seconds == 1.5)
        #expect(Timestamp.distantPast < time && time < .distantFuture)
    }
}
