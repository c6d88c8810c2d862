import TestSupport
import Testing
import Time

@testable import Dataflow

/// Whole seconds, to read easily.
private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

@Suite struct SourceWatermarkTests {
    enum Event: Sendable {
        /// Messages came in: smallest event time, at a time of the clock.
        case receive(Int64, Int64)
        /// A look at the source: the clock, the oldest unacknowledged event time, the oldest publish time.
        case look(Int64, Int64?, Int64?)
    }

    private func run(_ basis: SourceWatermark.Basis, _ events: [Event]) -> [Int64?] {
        var watermark = SourceWatermark(basis: basis)
        var values: [Int64?] = []
        for event in events {
            switch event {
            case .receive(let minimum, let now): watermark.receive(at(minimum), at: at(now))
            case .look(let now, let oldest, let published):
                watermark.observe(
                    now: at(now), oldestUnacknowledged: oldest.map(at), oldestPublishTime: published.map(at))
                values.append(watermark.value == .distantPast ? nil : watermark.value.micros / 1_000_000)
            }
        }
        return values
    }

    @Test func publishTimeIsThatOfTheOldestUnacknowledgedMessageOrNow() {
        #expect(run(.publishTime, [.look(100, nil, nil)]) == [100])
        #expect(run(.publishTime, [.look(100, 90, 90), .look(105, 95, 95), .look(106, nil, nil)]) == [90, 95, 106])
        #expect(run(.publishTime, [.look(100, nil, nil), .look(110, 90, 90)]) == [100, 100], "it never goes back")
    }

    @Test func aSourceThatNeverHadAMessagePromisesNothing() {
        #expect(run(.attribute, [.look(100, nil, nil), .look(10_000, nil, nil)]) == [nil, nil])
    }

    @Test func aRestartForgetsNoQuietStretch() {
        func value(resumedAt published: Int64) -> Int64 {
            var watermark = SourceWatermark(
                basis: .attribute, value: at(40),
                receipts: [.init(first: at(100), last: at(100), minimum: at(40))])
            watermark.resume(oldestPublishTime: at(published))
            watermark.observe(now: at(200), oldestUnacknowledged: at(10), oldestPublishTime: at(published))
            return watermark.value.micros / 1_000_000
        }
        #expect(value(resumedAt: 190) == 70, "30 seconds after the minute in which 40 was remembered")
        #expect(value(resumedAt: 100) == 40, "something had been published that was not received")
    }

    @Test func itNeverPassesTheClock() {
        #expect(
            run(
                .attribute,
                [
                    .receive(9_000, 100), .look(100, nil, nil), .look(200, nil, nil), .receive(195, 201),
                    .look(201, 195, 200),
                ])
                == [100, 200, 200])
        #expect(run(.attribute, [.look(100, 500, 99)]) == [100])
    }

    @Test func unacknowledgedMessagesHoldIt() {
        #expect(run(.attribute, [.look(100, 40, 99), .look(101, 38, 99)]) == [40, 40])
        #expect(run(.attribute, [.receive(40, 100), .look(100, 45, 100)]) == [40])
        #expect(
            run(.attribute, [.receive(40, 100), .look(161, 45, 100)]) == [45], "what came a minute ago is forgotten")
    }

    @Test func aMinutesMemoryKeepsTheMinimum() {
        let events: [Event] = [
            .receive(50, 100), .look(100, nil, nil), .receive(40, 110), .look(110, nil, nil), .receive(70, 140),
            .look(140, nil, nil), .look(159, nil, nil), .look(169, nil, nil), .look(170, nil, nil),
            .look(199, nil, nil),
        ]
        #expect(run(.attribute, events) == [50, 50, 50, 50, 50, 70, 70])
    }

    @Test func anIdleSourceGoesOnWithTheClockAndKeepsItsLag() {
        #expect(
            run(
                .attribute,
                [
                    .receive(70, 140), .look(140, nil, nil), .look(199, nil, nil), .look(200, nil, nil),
                    .look(210, nil, nil), .look(300, nil, nil),
                ]) == [70, 70, 70, 80, 170])
    }

    @Test func whatIsSeenDoesNotDependOnHowOftenOneLooks() {
        // Idle from 200 on; a message with an old event time is published at 230 and seen at 240.
        let message: [Event] = [.look(240, 10, 230), .receive(10, 240), .look(241, nil, nil)]
        let seldom = run(.attribute, [.receive(70, 140), .look(140, nil, nil)] + message)
        let often = run(
            .attribute, [.receive(70, 140), .look(140, nil, nil), .look(205, nil, nil), .look(229, nil, nil)] + message)
        #expect(seldom == [70, 100, 100])
        #expect(Array(often.suffix(2)) == [100, 100])
    }

    @Test func theClosingTimeIsWhenALookFindsIt() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<300 {
            var watermark = SourceWatermark(basis: .attribute)
            var now: Int64 = 1000
            for _ in 0..<Int.random(in: 1..<6, using: &random) {
                now += Int64.random(in: 0..<50, using: &random)
                watermark.receive(at(Int64.random(in: 900..<1100, using: &random)), at: at(now))
                watermark.observe(now: at(now), oldestUnacknowledged: nil, oldestPublishTime: nil)
            }
            let target = at(Int64.random(in: 900..<1400, using: &random))
            guard let time = watermark.time(reaching: target) else {
                Issue.record("a source that had messages gets everywhere")
                continue
            }
            if time > at(now) {
                var before = watermark
                before.observe(now: time - .microseconds(1), oldestUnacknowledged: nil, oldestPublishTime: nil)
                #expect(before.value < target)
                watermark.observe(now: time, oldestUnacknowledged: nil, oldestPublishTime: nil)
            }
            #expect(watermark.value >= target || time <= at(now))
        }
        #expect(SourceWatermark(basis: .attribute).time(reaching: at(5)) == nil)
        #expect(SourceWatermark(basis: .publishTime).time(reaching: at(5)) == at(5))
    }

    @Test func receiptsWithinASecondAreOne() {
        var watermark = SourceWatermark(basis: .attribute)
        for tenth in 0..<1000 {
            let now = Timestamp(millis: 100_000 + Int64(tenth) * 100)
            watermark.receive(now - .seconds(5), at: now)
            watermark.observe(now: now, oldestUnacknowledged: nil, oldestPublishTime: nil)
        }
        #expect(watermark.receipts.count <= 61)
    }
}
