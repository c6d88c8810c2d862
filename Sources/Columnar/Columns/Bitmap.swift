/// A packed array of bits, least significant first in 64-bit words; bits beyond `count` are zero.
public struct Bitmap: Sendable, Hashable {
    /// The bits, 64 a word.
    public internal(set) var words: [UInt64]
    /// How many bits.
    public internal(set) var count: Int

    /// `count` equal bits.
    public init(repeating value: Bool, count: Int) {
        self.count = count
        words = [UInt64](repeating: value ? .max : 0, count: Bitmap.wordCount(count))
        clearTail()
    }

    /// The bits of a sequence of booleans.
    public init(_ bits: some Sequence<Bool>) {
        self.init(repeating: false, count: 0)
        for bit in bits { append(bit) }
    }

    /// `count` bits out of packed words: missing words count as zero, surplus bits are dropped.
    public init(words: [UInt64], count: Int) {
        self.count = count
        self.words = words
        let needed = Bitmap.wordCount(count)
        if words.count > needed { self.words.removeLast(words.count - needed) }
        if words.count < needed { self.words += [UInt64](repeating: 0, count: needed - words.count) }
        clearTail()
    }

    /// `count` bits, each asked of `bit` once, in order. The fast way for a kernel to make a mask.
    @inlinable public init(count: Int, _ bit: (Int) -> Bool) {
        let words = [UInt64](unsafeUninitializedCapacity: (count + 63) >> 6) { buffer, initialized in
            for index in 0..<buffer.count where index << 6 < count {
                let start = index << 6
                var word: UInt64 = 0
                for offset in 0..<min(64, count - start) {
                    word |= (bit(start + offset) ? 1 : 0) << UInt64(truncatingIfNeeded: offset)
                }
                buffer.initializeElement(at: index, to: word)
                initialized = index + 1
            }
        }
        self.init(words: words, count: count)
    }

    /// The bit at `index`.
    @inlinable public subscript(index: Int) -> Bool {
        get { words[index >> 6] >> UInt64(truncatingIfNeeded: index & 63) & 1 == 1 }
        set { set(index, newValue) }
    }

    @usableFromInline mutating func set(_ index: Int, _ value: Bool) {
        let mask = UInt64(1) << UInt64(truncatingIfNeeded: index & 63)
        if value { words[index >> 6] |= mask } else { words[index >> 6] &= ~mask }
    }

    /// Adds a bit at the end.
    public mutating func append(_ value: Bool) {
        if count & 63 == 0 { words.append(0) }
        if value { words[count >> 6] |= 1 << UInt64(truncatingIfNeeded: count & 63) }
        count += 1
    }

    /// How many bits are set.
    public var population: Int {
        words.withUnsafeBufferPointer { words in
            var sum = 0
            for word in words { sum &+= word.nonzeroBitCount }
            return sum
        }
    }

    /// Whether there is no zero; true of no bits.
    public var isAllSet: Bool {
        words.withUnsafeBufferPointer { words in
            let whole = count >> 6
            for index in 0..<whole where words[index] != .max { return false }
            return count & 63 == 0 || words[whole] == (1 << UInt64(truncatingIfNeeded: count & 63)) &- 1
        }
    }

    /// Whether there is no one; true of no bits.
    public var isAllClear: Bool { words.allSatisfy { $0 == 0 } }

    /// Bit-wise and; both must have the same count.
    public func intersection(_ other: Bitmap) -> Bitmap { combined(with: other) { $0 & $1 } }

    /// Bit-wise or; both must have the same count.
    public func union(_ other: Bitmap) -> Bitmap { combined(with: other) { $0 | $1 } }

    /// The bits that are set here and not in `other`; both must have the same count.
    public func subtracting(_ other: Bitmap) -> Bitmap { combined(with: other) { $0 & ~$1 } }

    /// Ones for zeros and zeros for ones.
    public func inverted() -> Bitmap { combined(with: self) { word, _ in ~word } }

    /// The positions of the set bits, ascending.
    public var setIndices: [Int32] {
        let population = population
        return [Int32](unsafeUninitializedCapacity: population) { result, initialized in
            words.withUnsafeBufferPointer { words in
                var next = 0
                for (index, word) in words.enumerated() {
                    let base = Int32(truncatingIfNeeded: index << 6)
                    var rest = word
                    while rest != 0 {
                        result.initializeElement(
                            at: next, to: base &+ Int32(truncatingIfNeeded: rest.trailingZeroBitCount))
                        next &+= 1
                        rest &= rest &- 1
                    }
                }
            }
            initialized = population
        }
    }

    static func wordCount(_ count: Int) -> Int { (count + 63) >> 6 }

    @inline(__always)
    private func combined(with other: Bitmap, _ operation: (UInt64, UInt64) -> UInt64) -> Bitmap {
        precondition(count == other.count, "bitmaps of \(count) and \(other.count) bits do not combine")
        var result = Bitmap(repeating: false, count: 0)
        result.count = count
        result.words = [UInt64](unsafeUninitializedCapacity: words.count) { buffer, initialized in
            words.withUnsafeBufferPointer { left in
                other.words.withUnsafeBufferPointer { right in
                    for index in 0..<left.count {
                        buffer.initializeElement(at: index, to: operation(left[index], right[index]))
                    }
                }
            }
            initialized = words.count
        }
        result.clearTail()
        return result
    }

    mutating func clearTail() {
        if count & 63 != 0, let last = words.indices.last {
            words[last] &= (1 << UInt64(truncatingIfNeeded: count & 63)) - 1
        }
    }
}
