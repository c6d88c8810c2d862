import Testing

@testable import PubSub

@Suite struct SettledSetTests {
    /// What a `SettledSet` stands for, without cleverness.
    private struct Model {
        var floor: UInt64
        var above: Set<UInt64> = []

        mutating func insert(_ sequence: UInt64) -> Bool {
            guard sequence >= floor, above.insert(sequence).inserted else { return false }
            while above.remove(floor) != nil { floor += 1 }
            return true
        }

        func contains(_ sequence: UInt64) -> Bool { sequence < floor || above.contains(sequence) }
    }

    @Test(arguments: 0..<60 as Range<UInt64>) func itIsTheSetThatItStandsFor(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let start = UInt64.random(in: 1...200, using: &random)
        var set = SettledSet(floor: start)
        var model = Model(floor: start)
        for _ in 0..<150 {
            let lower = UInt64.random(in: 0...500, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6: #expect(set.insert(lower) == model.insert(lower))
            case 6..<9:
                let upper = lower + UInt64.random(in: 0...150, using: &random)
                let inserted = (lower..<upper).reduce(0) { $0 + (model.insert($1) ? 1 : 0) }
                #expect(set.insert(lower..<upper) == inserted)
            default:
                let end = UInt64.random(in: start...700, using: &random)
                set.truncate(to: end)
                model.above = model.above.filter { $0 < end }
                model.floor = min(model.floor, end)
            }
            #expect(set.floor == model.floor)
            #expect(set.countAboveFloor == model.above.count)
            #expect(set.end == (model.above.max().map { $0 + 1 } ?? model.floor))
        }
        for sequence in 0..<800 as Range<UInt64> {
            #expect(set.contains(sequence) == model.contains(sequence))
            #expect(set.nextUnsettled(from: sequence) == (sequence...1000).first { !model.contains($0) })
            guard sequence <= 700 else { continue }
            #expect(
                set.nextSettled(from: sequence, below: 700) == ((sequence..<700).first { model.contains($0) } ?? 700))
        }
        #expect(Set(set.rangesAboveFloor.joined()) == model.above)
        #expect(SettledSet(floor: set.floor, ranges: set.rangesAboveFloor) == set)
    }

    @Test func aHugeRangeAtTheFloorCostsNoMemory() {
        var set = SettledSet(floor: 1)
        _ = set.insert(70)
        #expect(set.insert(1..<10_000_000_001) == 9_999_999_999)
        #expect(set.floor == 10_000_000_001)
        #expect(set.countAboveFloor == 0)
    }
}

/// A small seeded generator, so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
