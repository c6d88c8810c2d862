extension Bitmap {
    /// The bits at `indices`, in that order; a negative index gives a zero.
    public func take(_ indices: [Int32]) -> Bitmap {
        checkIndices(indices, below: count)
        return indices.withUnsafeBufferPointer { indices in
            words.withUnsafeBufferPointer { words in
                Bitmap(count: indices.count) { position in
                    let index = Int(indices[position])
                    return index >= 0 && words[index >> 6] >> UInt64(truncatingIfNeeded: index & 63) & 1 == 1
                }
            }
        }
    }

    /// The bits of `range`.
    public func slice(_ range: Range<Int>) -> Bitmap {
        var result = Bitmap(repeating: false, count: 0)
        result.append(self, range)
        return result
    }

    /// Appends the bits of `range` of `other`, a word at a time.
    mutating func append(_ other: Bitmap, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= other.count, "bits \(range) of \(other.count)")
        let shift = UInt64(truncatingIfNeeded: count & 63)
        words.reserveCapacity(Bitmap.wordCount(count + range.count))
        other.words.withUnsafeBufferPointer { source in
            var position = range.lowerBound
            while position < range.upperBound {
                // Up to 64 bits of `other` from `position` on, whatever its alignment.
                let offset = UInt64(truncatingIfNeeded: position & 63)
                var word = source[position >> 6] >> offset
                if offset != 0, position >> 6 + 1 < source.count { word |= source[position >> 6 + 1] << (64 - offset) }
                let taken = min(64, range.upperBound - position)
                if taken < 64 { word &= (1 << UInt64(truncatingIfNeeded: taken)) - 1 }
                if shift == 0 {
                    words.append(word)
                } else {
                    words[words.count - 1] |= word << shift
                    if taken > 64 - Int(shift) { words.append(word >> (64 - shift)) }
                }
                count += taken
                position += taken
            }
        }
    }

    /// Appends `count` equal bits.
    mutating func append(repeating value: Bool, count: Int) {
        append(Bitmap(repeating: value, count: count), 0..<count)
    }
}

/// Stops on an index that a caller got wrong before unsafe code reads there; whether a negative one is among them.
@discardableResult
func checkIndices(_ indices: [Int32], below count: Int) -> Bool {
    indices.withUnsafeBufferPointer { indices in
        var highest: Int32 = -1
        var lowest: Int32 = 0
        for index in indices {
            highest = max(highest, index)
            lowest = min(lowest, index)
        }
        precondition(Int(highest) < count, "index \(highest) of \(count) values")
        return lowest < 0
    }
}
