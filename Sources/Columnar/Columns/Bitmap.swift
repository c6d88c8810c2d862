/// A packed array of bits, least significant first in 64-bit words; bits beyond `count` are zero.
public struct Bitmap: Sendable, Hashable {
    public private(set) var words: [UInt64]
    public private(set) var count: Int

    public init(repeating value: Bool, count: Int) {
        self.count = count
        words = [UInt64](repeating: value ? .max : 0, count: (count + 63) >> 6)
        clearTail()
    }

    public init(_ bits: some Sequence<Bool>) {
        self.init(repeating: false, count: 0)
        for bit in bits { append(bit) }
    }

    @inlinable public subscript(index: Int) -> Bool {
        get { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }
        set { set(index, newValue) }
    }

    @usableFromInline mutating func set(_ index: Int, _ value: Bool) {
        let mask = UInt64(1) << UInt64(index & 63)
        if value { words[index >> 6] |= mask } else { words[index >> 6] &= ~mask }
    }

    public mutating func append(_ value: Bool) {
        if count & 63 == 0 { words.append(0) }
        if value { words[count >> 6] |= 1 << UInt64(count & 63) }
        count += 1
    }

    /// How many bits are set.
    public var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    public var isAllSet: Bool { population == count }

    /// Bit-wise and; both must have the same count.
    public func intersection(_ other: Bitmap) -> Bitmap {
        var result = self
        for index in words.indices { result.words[index] &= other.words[index] }
        return result
    }

    public func union(_ other: Bitmap) -> Bitmap {
        var result = self
        for index in words.indices { result.words[index] |= other.words[index] }
        return result
    }

    public func inverted() -> Bitmap {
        var result = self
        for index in words.indices { result.words[index] = ~words[index] }
        result.clearTail()
        return result
    }

    /// The positions of the set bits, ascending.
    public var setIndices: [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(population)
        for (wordIndex, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                result.append(Int32(wordIndex << 6 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return result
    }

    private mutating func clearTail() {
        if count & 63 != 0, let last = words.indices.last { words[last] &= (1 << UInt64(count & 63)) - 1 }
    }
}
