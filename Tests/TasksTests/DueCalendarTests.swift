import TestSupport
import Testing
import Time

@testable import Tasks

@Suite("The calendar of what is due")
struct DueCalendarTests {
    @Test("agrees with a list that is searched from end to end", arguments: 0..<30)
    func model(seed: Int) {
        struct Row {
            var due: Timestamp
            var isRetry: Bool
            var isReady = false
        }
        var random = SplitMix64(seed: UInt64(seed))
        var calendar = DueCalendar()
        var model: [UInt64: Row] = [:]
        var now = Timestamp(seconds: 0)
        for _ in 0..<1_500 {
            let id = UInt64.random(in: 0..<60, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<4:
                let due = now + .seconds(Int.random(in: -5...30, using: &random))
                let isRetry = Bool.random(using: &random)
                calendar.insert(id, due: due, isRetry: isRetry)
                model[id] = Row(due: due, isRetry: isRetry)
            case 4:
                let (wasThere, shouldBe) = (calendar.remove(id), model.removeValue(forKey: id) != nil)
                #expect(wasThere == shouldBe)
            case 5:
                now = now + .seconds(Int.random(in: 0...4, using: &random))
                calendar.advance(to: now)
                for (id, row) in model where row.due <= now { model[id]?.isReady = true }
            default:
                let expected = model.filter(\.value.isReady).min { ($0.value.due, $0.key) < ($1.value.due, $1.key) }?
                    .key
                #expect(calendar.firstReady == expected)
                let popped = calendar.popReady()
                #expect(popped == expected)
                if let expected { model[expected] = nil }
            }
            let ready = model.values.filter(\.isReady)
            #expect(calendar.count == model.count && calendar.readyCount == ready.count)
            #expect(calendar.laterCount == model.count - ready.count)
            #expect(calendar.retryCount == model.values.filter(\.isRetry).count)
            #expect(calendar.laterFirstCount == model.values.filter { !$0.isReady && !$0.isRetry }.count)
            #expect(calendar.oldestReady == ready.map(\.due).min())
            #expect(calendar.nextDue == model.values.filter { !$0.isReady }.map(\.due).min())
            #expect(calendar.due(of: id) == model[id]?.due)
        }
    }

    @Test("gives what is due at the same time in the order of the ids")
    func order() {
        var calendar = DueCalendar()
        for id in [5, 3, 9, 1] as [UInt64] { calendar.insert(id, due: Timestamp(seconds: 7)) }
        calendar.advance(to: Timestamp(seconds: 7))
        let popped = (0..<5).map { _ in calendar.popReady() }
        #expect(popped == [1, 3, 5, 9, nil])
    }
}

@Suite("Names of ended tasks")
struct RememberedNamesTests {
    @Test("are remembered until they expire")
    func expiry() {
        var names = RememberedNames()
        let start = Timestamp(seconds: 0)
        names.remember("a", until: start + .seconds(10))
        names.remember("b", until: start + .seconds(20))
        names.forget(at: start + .seconds(9))
        #expect(names.contains("a", at: start + .seconds(9)))
        #expect(!names.contains("a", at: start + .seconds(10)))
        names.forget(at: start + .seconds(10))
        #expect(names.expiries.keys.sorted() == ["b"])
        // Used again within its hour, by whatever way: the later end counts.
        names.remember("b", until: start + .seconds(40))
        names.forget(at: start + .seconds(20))
        #expect(names.contains("b", at: start + .seconds(39)))
        names.forget(at: start + .seconds(40))
        #expect(names.expiries.isEmpty)
    }
}
