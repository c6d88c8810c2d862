/// The packed values of a column whose type the compiler has checked. A column that holds nulls alone may come without
/// its type; it reads as zeros, which are all null.
extension Column {
    /// Integers, or the microseconds of timestamps.
    var int64Values: [Int64] {
        switch self {
        case .int64(let column), .timestamp(let column): column.values
        default: [Int64](repeating: 0, count: count)
        }
    }

    var float64Values: [Double] {
        if case .float64(let column) = self { return column.values }
        return [Double](repeating: 0, count: count)
    }

    var booleanValues: Bitmap {
        if case .boolean(let column) = self { return column.values }
        return Bitmap(repeating: false, count: count)
    }

    /// Text or bytes.
    var textValues: BytesColumn {
        switch self {
        case .string(let column), .bytes(let column): column
        default: BytesColumn(offsets: [Int32](repeating: 0, count: count + 1))
        }
    }

    var listValues: ListColumn {
        if case .list(let column) = self { return column }
        return ListColumn(offsets: [Int32](repeating: 0, count: count + 1), element: .null(count: 0))
    }
}

/// `body` of the values of `a` and `b` pair by pair, where one value may stand for `count` of them.
@inline(__always)
func zipValues<A, B, R>(_ a: [A], _ b: [B], count: Int, _ body: (A, B) -> R) -> [R] {
    [R](unsafeUninitializedCapacity: count) { result, initialized in
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                if a.count == count, b.count == count {
                    for index in 0..<count { result.initializeElement(at: index, to: body(a[index], b[index])) }
                } else if a.count == count {
                    let right = b[0]
                    for index in 0..<count { result.initializeElement(at: index, to: body(a[index], right)) }
                } else {
                    let left = a[0]
                    for index in 0..<count {
                        result.initializeElement(at: index, to: body(left, b.count == 1 ? b[0] : b[index]))
                    }
                }
            }
        }
        initialized = count
    }
}

/// The bits for which `body` of the values of `a` and `b` holds, pair by pair, where one value may stand for `count`.
@inline(__always)
func zipBits<A, B>(_ a: [A], _ b: [B], count: Int, _ body: (A, B) -> Bool) -> Bitmap {
    a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            if a.count == count, b.count == count {
                return packedBits(count: count) { body(a[$0], b[$0]) }
            } else if a.count == count {
                let right = b[0]
                return packedBits(count: count) { body(a[$0], right) }
            } else {
                let left = a[0]
                return packedBits(count: count) { body(left, b.count == 1 ? b[0] : b[$0]) }
            }
        }
    }
}

/// A bitmap of `count` bits, by way of a byte a bit: bytes are made many at a time by vector instructions, and eight of
/// them are packed by one multiplication.
@inline(__always)
func packedBits(count: Int, _ bit: (Int) -> Bool) -> Bitmap {
    var words = [UInt64](repeating: 0, count: (count + 63) >> 6)
    words.withUnsafeMutableBufferPointer { words in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { flags in
            for index in words.indices {
                let first = index << 6
                let length = min(64, count - first)
                if length < 64 { flags.initialize(repeating: 0) }
                for offset in 0..<length { flags[offset] = bit(first &+ offset) ? 1 : 0 }
                let bytes = UnsafeRawBufferPointer(flags)
                var word: UInt64 = 0
                for group in 0..<8 {
                    // Byte i goes to bit 56 + i.
                    let bits =
                        (UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: group &* 8, as: UInt64.self))
                            &* 0x0102_0408_1020_4080) &>> 56
                    word |= bits &<< UInt64(truncatingIfNeeded: group &* 8)
                }
                words[index] = word
            }
        }
    }
    return Bitmap(words: words, count: count)
}

/// Calls `body` with the row and the text's bytes, for each of `count` rows; one value may stand for all of them.
@inline(__always)
func forEachText(_ text: BytesColumn, count: Int, _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
    let step = text.count == count ? 1 : 0
    text.bytes.withUnsafeBufferPointer { bytes in
        text.offsets.withUnsafeBufferPointer { offsets in
            for row in 0..<count {
                let start = Int(offsets[row &* step])
                let end = Int(offsets[row &* step &+ 1])
                body(row, UnsafeBufferPointer(rebasing: bytes[start..<end]))
            }
        }
    }
}

/// As `forEachText`, for two columns.
@inline(__always)
func forEachPair(
    _ a: BytesColumn, _ b: BytesColumn, count: Int,
    _ body: (Int, UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Void
) {
    let step = b.count == count ? 1 : 0
    b.bytes.withUnsafeBufferPointer { bytes in
        b.offsets.withUnsafeBufferPointer { offsets in
            forEachText(a, count: count) { row, left in
                let start = Int(offsets[row &* step])
                let end = Int(offsets[row &* step &+ 1])
                body(row, left, UnsafeBufferPointer(rebasing: bytes[start..<end]))
            }
        }
    }
}

extension BytesColumn {
    /// An empty column with room for `count` values.
    static func reserving(_ count: Int, bytes: Int = 0) -> BytesColumn {
        var column = BytesColumn()
        column.offsets.reserveCapacity(count + 1)
        column.bytes.reserveCapacity(bytes)
        return column
    }

    /// Ends the value that was appended to `bytes`.
    @inline(__always)
    mutating func endValue() { offsets.append(Int32(truncatingIfNeeded: bytes.count)) }
}
