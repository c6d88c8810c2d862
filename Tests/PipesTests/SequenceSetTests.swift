import Pipes
import TestSupport
import Testing

@Suite("Sequence sets")
struct SequenceSetTests {
    @Test("equal a set of numbers, whatever is done to them", arguments: 0..<40)
    func model(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let span = UInt64([8, 60, 400][seed % 3])
        var set = SequenceSet()
        var model: Set<UInt64> = []
        for _ in 0..<300 {
            let number = UInt64.random(in: 0..<span, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                set.insert(number)
                model.insert(number)
            case 5..<7:
                let range = number..<number + UInt64.random(in: 0..<span / 4, using: &random)
                set.insert(range)
                model.formUnion(range)
            case 7:
                let others = (0..<10).map { _ in UInt64.random(in: 0..<span, using: &random) }
                set.formUnion(SequenceSet(others))
                model.formUnion(others)
            case 8:
                let floor = UInt64.random(in: 0..<span / 2, using: &random)
                set.removeAll(below: floor)
                model = model.filter { $0 >= floor }
            default:
                #expect(set.contains(number) == model.contains(number))
            }
            #expect(set.count == model.count)
            #expect(set.isEmpty == model.isEmpty)
            #expect(isCanonical(set))
        }
        #expect(Set(set.ranges.flatMap { Array($0) }) == model)
        for number in 0..<span * 2 { #expect(set.contains(number) == model.contains(number)) }
        // Equality is the sets' equality, in whatever order the numbers came.
        #expect(set == SequenceSet(model.shuffled(using: &random)))
    }

    @Test("join ranges that touch")
    func touching() {
        var set = SequenceSet(0..<3)
        set.insert(5..<8)
        #expect(set.ranges == [0..<3, 5..<8])
        set.insert(3..<5)
        #expect(set.ranges == [0..<8])
        set.insert(9)
        set.insert(8)
        #expect(set.ranges == [0..<10])
    }

    @Test("ignore empty ranges")
    func empty() {
        #expect(SequenceSet(4..<4).isEmpty)
        var set = SequenceSet()
        set.insert(7..<7)
        #expect(set == SequenceSet())
        #expect(!set.contains(7))
        set.removeAll(below: 100)
        #expect(set.count == 0)
    }

    @Test("hold the largest numbers")
    func largest() {
        var set = SequenceSet()
        set.insert(UInt64.max - 1)
        set.insert(0)
        #expect(set.contains(.max - 1) && set.contains(0) && !set.contains(.max) && set.count == 2)
        set.removeAll(below: .max)
        #expect(set.isEmpty)
    }

    private func isCanonical(_ set: SequenceSet) -> Bool {
        set.ranges.allSatisfy { !$0.isEmpty }
            && zip(set.ranges, set.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
    }
}
