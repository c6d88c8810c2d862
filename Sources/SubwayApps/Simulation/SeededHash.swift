/// Chance without state: the same seed and numbers always give the same result.
struct SeededHash: Hashable {
    var seed: UInt64

    /// A number in `range`, all equally likely.
    func pick(_ range: ClosedRange<Int64>, _ numbers: Int64...) -> Int64 {
        var state = seed
        for number in numbers { state = Self.mixed(state ^ UInt64(bitPattern: number)) }
        return range.lowerBound + Int64(Self.mixed(state) % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
