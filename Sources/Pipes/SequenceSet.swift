/// A set of message numbers, kept as ascending ranges: what is acknowledged is one long range and a few short ones.
public struct SequenceSet: Sendable, Hashable, Codable {
    /// Ascending, disjoint, not touching, none empty.
    public private(set) var ranges: [Range<UInt64>]

    /// The empty set.
    public init() { ranges = [] }

    /// The numbers in any order, repeated or not, each below `UInt64.max`; ascending ones are fastest.
    public init(_ numbers: some Sequence<UInt64>) {
        ranges = []
        for number in numbers { insert(number) }
    }

    /// Every number of the range.
    public init(_ range: Range<UInt64>) { ranges = range.isEmpty ? [] : [range] }

    /// Whether it has no number.
    public var isEmpty: Bool { ranges.isEmpty }

    /// How many numbers are in the set.
    public var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// Looks by halves: the time grows with the logarithm of the number of ranges.
    public func contains(_ number: UInt64) -> Bool {
        let index = firstRange(endingAfter: number)
        return index < ranges.count && ranges[index].contains(number)
    }

    /// Adds a number below `UInt64.max`.
    public mutating func insert(_ number: UInt64) { insert(number..<number + 1) }

    /// Adds every number of the range; at the end of the set that takes constant time.
    public mutating func insert(_ range: Range<UInt64>) {
        guard !range.isEmpty else { return }
        // The common case: at or after the end.
        if let last = ranges.last, last.upperBound == range.lowerBound {
            ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            return
        }
        var merged = range
        let first = range.lowerBound == 0 ? 0 : firstRange(endingAfter: range.lowerBound - 1)
        var end = first
        while end < ranges.count, ranges[end].lowerBound <= range.upperBound {
            merged = min(merged.lowerBound, ranges[end].lowerBound)..<max(merged.upperBound, ranges[end].upperBound)
            end += 1
        }
        ranges.replaceSubrange(first..<end, with: CollectionOfOne(merged))
    }

    /// Adds every number of `other`.
    public mutating func formUnion(_ other: SequenceSet) {
        for range in other.ranges { insert(range) }
    }

    /// Removes everything below `floor`.
    public mutating func removeAll(below floor: UInt64) {
        let index = firstRange(endingAfter: floor)
        ranges.removeFirst(min(index, ranges.count))
        if let first = ranges.first, first.lowerBound < floor { ranges[0] = floor..<first.upperBound }
    }

    private func firstRange(endingAfter number: UInt64) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound > number { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
