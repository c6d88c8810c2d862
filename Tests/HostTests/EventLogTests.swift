import Control
import Logging
import Synchronization
import Testing
import Time

@testable import Host

@Suite struct EventLogTests {
    @Test func keepsTheNewestAndNumbersThem() {
        let log = EventLog(clock: ManualClock(now: Timestamp(seconds: 5)), capacity: 2)
        for text in ["a", "b", "c"] { log.add(.info, "test", text) }
        #expect(log.recent.map(\.message) == ["b", "c"])
        #expect(log.recent.map(\.id) == [2, 3])
        #expect(log.recent.last?.time == Timestamp(seconds: 5))
    }

    @Test func aQuotedLineBreakOrEscapeSequenceStaysInItsLine() {
        let log = EventLog(clock: ManualClock(now: Timestamp(seconds: 5)))
        log.add(.error, "pipeline", "cannot read 'a\u{1B}[2J\u{9B}1m\nb\tü'")
        #expect(log.recent.map(\.message) == ["cannot read 'a\u{FFFD}[2J\u{FFFD}1m b ü'"])
    }

    @Test func loggersWriteIntoItWithTheirLabelAndMetadata() {
        let seen = Mutex<[String]>([])
        let log = EventLog(clock: ManualClock(now: Timestamp(seconds: 5))) { event in
            seen.withLock { $0.append("\(event.level.rawValue) \(event.source): \(event.message)") }
        }
        var logger = log.logger("queue q", level: .info)
        logger[metadataKey: "task"] = "t1"
        logger.debug("unseen")
        logger.warning("retry", metadata: ["attempt": "2"])
        #expect(seen.withLock { $0 } == ["warning queue q: retry attempt=2 task=t1"])
    }
}
