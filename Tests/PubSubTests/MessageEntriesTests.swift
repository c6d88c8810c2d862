import Testing

@testable import PubSub

@Suite struct MessageEntriesTests {
    private static func entry(_ number: Int) -> SubscriptionState.Entry {
        SubscriptionState.Entry(status: number % 3 == 0 ? .ready : .held, bytes: UInt32(number))
    }

    /// How far apart the messages lie: within a page, over some, each alone.
    @Test(arguments: [UInt64(64), 1000, 1 << 40])
    func holdsWhatADictionaryHolds(span: UInt64) {
        var random = SplitMix(seed: span)
        var entries = MessageEntries()
        var model: [UInt64: UInt32] = [:]
        var known: [UInt64] = [0]
        for step in 0..<20_000 {
            // Now it grows, now it shrinks.
            let isGrowing = step / 1000 % 2 == 0
            let sequence = isGrowing ? .random(in: 0..<span, using: &random) : known.randomElement(using: &random) ?? 0
            known.append(sequence)
            if Int.random(in: 0..<4, using: &random) > 0 {
                entries[sequence] = isGrowing ? Self.entry(step) : nil
                model[sequence] = isGrowing ? UInt32(step) : nil
            }
            #expect(entries[sequence]?.bytes == model[sequence])
            #expect(entries.count == model.count)
        }
        #expect(entries.sequences { _ in true } == model.keys.sorted())
        let wanted = model.filter { $0.value % 3 == 0 }.keys.sorted()
        #expect(entries.sequences { $0.status == .ready } == wanted)
    }

    @Test func removedOneIsNotThere() {
        var entries = MessageEntries()
        for sequence in UInt64(60)..<200 { entries[sequence] = Self.entry(Int(sequence)) }
        for sequence in UInt64(60)..<199 { entries[sequence] = nil }
        #expect(entries.sequences { _ in true } == [199])
        entries[199]?.failures = 7
        #expect(entries[199]?.failures == 7)
        #expect(entries[198] == nil)
        entries[61] = Self.entry(1)
        #expect(entries.sequences { _ in true } == [61, 199])
    }
}
