import TestSupport
import Testing

@testable import Dataflow

@Suite struct OpenSessionsTests {
    /// Inserts windows and gives the sessions that are left.
    private func merge(_ windows: [(Int64, Int64)]) -> [Window] {
        var open = OpenSessions()
        var slot: Int32 = -1
        for (start, end) in windows {
            _ = open.insert(Window(start: start, end: end)) {
                slot += 1
                return slot
            }
        }
        return open.sessions.map(\.window)
    }

    @Test func overlappingSessionsMergeAndTouchingOnesDoNot() {
        #expect(merge([(0, 10), (5, 15)]) == [Window(start: 0, end: 15)])
        #expect(merge([(0, 10), (10, 20)]) == [Window(start: 0, end: 10), Window(start: 10, end: 20)])
        #expect(merge([(20, 30), (0, 10)]) == [Window(start: 0, end: 10), Window(start: 20, end: 30)])
        #expect(merge([(0, 10), (20, 30), (9, 21)]) == [Window(start: 0, end: 30)])
        #expect(merge([(0, 10), (20, 30), (40, 50), (5, 45)]) == [Window(start: 0, end: 50)])
        #expect(merge([(0, 10), (10, 20), (20, 30), (12, 18)]).count == 3)
    }

    @Test func aBridgeKeepsTheFirstSessionsSlotAndNamesTheOthers() {
        var open = OpenSessions()
        _ = open.insert(Window(start: 20, end: 30)) { 0 }
        _ = open.insert(Window(start: 0, end: 10)) { 1 }
        let bridge = open.insert(Window(start: 8, end: 25)) { 2 }
        #expect(bridge.session == OpenSessions.Session(window: Window(start: 0, end: 30), slot: 1))
        #expect(bridge.absorbed == [OpenSessions.Session(window: Window(start: 20, end: 30), slot: 0)])
        #expect(bridge.previous == Window(start: 0, end: 10))
        #expect(!bridge.isNew)
        open.remove(slot: 1)
        #expect(open.isEmpty)
    }

    @Test func anyOrderGivesTheSameSessions() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            let windows = (0..<12).map { _ -> (Int64, Int64) in
                let start = Int64.random(in: 0..<100, using: &random)
                return (start, start + Int64.random(in: 1..<12, using: &random))
            }
            #expect(merge(windows) == naive(windows))
            #expect(merge(windows.shuffled(using: &random)) == naive(windows))
        }
    }

    /// Beam's way: sort, sweep, merge what overlaps.
    private func naive(_ windows: [(Int64, Int64)]) -> [Window] {
        var result: [Window] = []
        for (start, end) in windows.sorted(by: { $0.0 < $1.0 }) {
            if let last = result.last, last.end > start {
                result[result.count - 1].end = max(last.end, end)
            } else {
                result.append(Window(start: start, end: end))
            }
        }
        return result
    }
}
