import Testing
import Time

@testable import Telemetry

@Suite struct TelemetryTests {
    @Test func rateIsUnknownUntilTimePasses() {
        var meter = RateMeter()
        #expect(meter.sample(10, at: Timestamp(seconds: 100)) == nil)
        #expect(meter.sample(10, at: Timestamp(seconds: 100)) == nil)
        #expect(meter.sample(20, at: Timestamp(seconds: 102)) == 5)
    }

    @Test func rateForgetsWhatIsOlderThanItsSpan() {
        var meter = RateMeter(over: .seconds(5))
        for second in 0...20 {
            _ = meter.sample(second < 10 ? Int64(second) * 100 : 1000, at: Timestamp(seconds: Int64(second)))
        }
        #expect(meter.sample(1000, at: Timestamp(seconds: 21)) == 0)
    }

    @Test func rateStartsAnewWhenACounterFallsBack() {
        var meter = RateMeter()
        _ = meter.sample(100, at: Timestamp(seconds: 1))
        #expect(meter.sample(3, at: Timestamp(seconds: 2)) == nil)
        #expect(meter.sample(5, at: Timestamp(seconds: 3)) == 2)
    }

    @Test func quantilesAreOfTheRecentPast() throws {
        let histogram = LatencyHistogram(recent: 100)
        #expect(histogram.quantiles == nil)
        for _ in 0..<1000 { histogram.record(.milliseconds(10)) }
        for _ in 0..<200 { histogram.record(.milliseconds(500)) }
        let quantiles = try #require(histogram.quantiles)
        #expect(abs(quantiles.p50 - 0.5) < 0.01)
        #expect(quantiles.count == 1200)
        #expect(abs(quantiles.sum - 110) < 0.001)
    }

    @Test func extremeDurationsAreClamped() throws {
        let histogram = LatencyHistogram()
        histogram.record(.seconds(-5))
        histogram.record(.seconds(1_000_000))
        #expect(try #require(histogram.quantiles).max <= 3700)
    }

    @Test func seriesKeepsTheNewest() {
        var series = Series(capacity: 3)
        #expect(series.last == nil)
        for value in [1.0, nil, 3.0, 4.0] { series.append(value) }
        #expect(series.values == [nil, 3.0, 4.0])
        #expect(series.last == 4.0)
    }
}
