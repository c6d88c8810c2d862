import SwiftProtobuf
import Testing
import Time

@testable import GoogleAPI

/// Times that no clock will show must not end the program, nor become others.
@Suite struct TimeRangeTests {
    @Test(arguments: [Int64.min, -1, 0, 600, .max], [Int32.min, 0, .max])
    func aDurationOfAnySizeCanBeToldAndCompared(seconds: Int64, nanos: Int32) {
        let duration = Swift.Duration(wire: Google_Protobuf_Duration(seconds: seconds, nanos: nanos))
        #expect(!duration.secondsText.isEmpty)
        #expect((duration > .seconds(1_000_000)) == (seconds == .max))
        #expect((duration < .seconds(-1_000_000)) == (seconds == .min))
    }

    @Test(arguments: [Int64.min, -62_135_596_801, 0, 253_402_300_800, .max], [Int32.min, 0, .max])
    func aTimeOfAnySizeStaysOnItsSide(seconds: Int64, nanos: Int32) {
        let time = Time.Timestamp(Google_Protobuf_Timestamp(seconds: seconds, nanos: nanos))
        if seconds < 0 { #expect(time < Time.Timestamp(micros: -1_000_000_000_000)) }
        if seconds > 0 { #expect(time > Time.Timestamp(micros: 1_000_000_000_000)) }
    }
}
