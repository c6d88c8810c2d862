import DequeModule

/// Which messages of a topic a subscription is done with: everything below a floor, and a bit each for those above it.
///
/// An insertion costs constant time, whatever the order; a million messages that are waited for take 125 kB.
struct SettledSet: Sendable, Hashable {
    /// Bit `n` of word `w` is message `base + 64 w + n`; bits below the floor are set. The last word is not 0.
    private var words: Deque<UInt64> = []
    /// A multiple of 64.
    private var base: UInt64
    private var setBits = 0
    /// The first message that is not done with.
    private(set) var floor: UInt64

    /// Everything below `floor`.
    init(floor: UInt64) {
        self.floor = floor
        base = floor & ~63
        if floor > base {
            words = [(1 << (floor - base)) - 1]
            setBits = Int(floor - base)
        }
    }

    init(floor: UInt64, ranges: [Range<UInt64>]) {
        self.init(floor: floor)
        for range in ranges { _ = insert(range) }
    }

    /// How many messages at or above the floor are in the set.
    var countAboveFloor: Int { setBits - Int(floor - base) }

    /// One past the last message that is in the set.
    var end: UInt64 {
        guard let last = words.last else { return floor }
        return base + UInt64(words.count * 64 - last.leadingZeroBitCount)
    }

    func contains(_ sequence: UInt64) -> Bool {
        if sequence < floor { return true }
        let index = Int((sequence - base) >> 6)
        return index < words.count && words[index] & (1 << (sequence & 63)) != 0
    }

    /// False when it was there already.
    mutating func insert(_ sequence: UInt64) -> Bool {
        guard sequence >= floor else { return false }
        let index = Int((sequence - base) >> 6)
        while words.count <= index { words.append(0) }
        let bit: UInt64 = 1 << (sequence & 63)
        guard words[index] & bit == 0 else { return false }
        words[index] |= bit
        setBits += 1
        if sequence == floor { raiseFloor() }
        return true
    }

    /// Returns how many were not there before.
    mutating func insert(_ range: Range<UInt64>) -> Int {
        let range = max(range.lowerBound, floor)..<max(range.upperBound, floor)
        guard !range.isEmpty else { return 0 }
        var inserted = 0
        if range.lowerBound == floor {
            // The words below go away rather than being filled.
            inserted = range.count - countOfSet(in: range)
            let newBase = range.upperBound & ~63
            let gone = min(Int((newBase - base) >> 6), words.count)
            for _ in 0..<gone { setBits -= words.removeFirst().nonzeroBitCount }
            base = newBase
            let partial = range.upperBound - newBase
            if partial > 0 {
                if words.isEmpty { words.append(0) }
                setBits -= words[0].nonzeroBitCount
                words[0] |= (1 << partial) - 1
                setBits += words[0].nonzeroBitCount
            }
            raiseFloor()
        } else {
            var sequence = range.lowerBound
            while sequence < range.upperBound {
                let index = Int((sequence - base) >> 6)
                while words.count <= index { words.append(0) }
                let stop = min(range.upperBound, base + UInt64(index + 1) * 64)
                let mask = SettledSet.mask(from: sequence & 63, count: stop - sequence)
                inserted += (mask & ~words[index]).nonzeroBitCount
                words[index] |= mask
                sequence = stop
            }
            setBits += inserted
        }
        return inserted
    }

    /// The first message at or above `sequence` that is not in the set.
    func nextUnsettled(from sequence: UInt64) -> UInt64 {
        var sequence = max(sequence, floor)
        while true {
            let index = Int((sequence - base) >> 6)
            guard index < words.count else { return sequence }
            let missing = ~words[index] & (~0 << (sequence & 63))
            if missing != 0 { return base + UInt64(index * 64 + missing.trailingZeroBitCount) }
            sequence = base + UInt64(index + 1) * 64
        }
    }

    /// The first message at or above `sequence` that is in the set; `end` when there is none below it.
    func nextSettled(from sequence: UInt64, below end: UInt64) -> UInt64 {
        if sequence < floor { return sequence }
        var sequence = sequence
        while sequence < end {
            let index = Int((sequence - base) >> 6)
            guard index < words.count else { return end }
            let present = words[index] & (~0 << (sequence & 63))
            if present != 0 { return min(end, base + UInt64(index * 64 + present.trailingZeroBitCount)) }
            sequence = base + UInt64(index + 1) * 64
        }
        return end
    }

    /// What is in the set above the floor, as ascending ranges.
    var rangesAboveFloor: [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        let end = end
        var sequence = floor
        while true {
            let lower = nextSettled(from: sequence, below: end)
            guard lower < end else { return ranges }
            let upper = nextUnsettled(from: lower)
            ranges.append(lower..<upper)
            sequence = upper
        }
    }

    /// Forgets everything from `end` on.
    mutating func truncate(to end: UInt64) {
        guard self.end > end else { return }
        let ranges = rangesAboveFloor.compactMap { $0.lowerBound < end ? $0.lowerBound..<min($0.upperBound, end) : nil }
        self = SettledSet(floor: min(floor, end), ranges: ranges)
    }

    private func countOfSet(in range: Range<UInt64>) -> Int {
        var count = 0
        var sequence = range.lowerBound
        while sequence < range.upperBound {
            let index = Int((sequence - base) >> 6)
            guard index < words.count else { return count }
            let stop = min(range.upperBound, base + UInt64(index + 1) * 64)
            count += (words[index] & SettledSet.mask(from: sequence & 63, count: stop - sequence)).nonzeroBitCount
            sequence = stop
        }
        return count
    }

    private static func mask(from bit: UInt64, count: UInt64) -> UInt64 {
        (count >= 64 ? ~0 : (1 << count) - 1) << bit
    }

    private mutating func raiseFloor() {
        while words.first == ~0 {
            words.removeFirst()
            setBits -= 64
            base += 64
        }
        floor = base + UInt64((~(words.first ?? 0)).trailingZeroBitCount)
    }
}
