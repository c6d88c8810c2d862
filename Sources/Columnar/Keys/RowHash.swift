/// A 64-bit hash of rows that is the same in every process and version: what assigns keys to key groups on disk.
///
/// The function, for the values v₁ … vₙ of a row: h₀ = 0x9E3779B97F4A7C15, hᵢ = mix(hᵢ₋₁ xor word(vᵢ)), the hash is hₙ,
/// where `mix` is the 64-bit finalizer of MurmurHash3 (public domain) and word is
///
/// - null: 0x6E756C6C;
/// - boolean: 0 or 1; int64 and timestamp: the value's bits;
/// - float64: the bit pattern, with -0 taken as 0 and every NaN as 0x7FF8000000000000;
/// - string and bytes: t₀ = length × h₀, tᵢ = x xor (x >> 32) where x = (tᵢ₋₁ xor cᵢ) × h₀ and cᵢ is the i-th
///   run of eight bytes, least significant first, the last one filled up with zeros;
/// - list: t₀ = number of elements × h₀, tᵢ = mix(tᵢ₋₁ xor word(eᵢ)); struct: the same over its fields with t₀ = 0.
///
/// Values that are equal in a key (see `KeyEncoder`) hash alike. Values of different types need not.
public enum RowHash {
    /// The hash of each of `count` rows of `columns`. No columns give every row the same hash.
    public static func hashes(of columns: [Column], count: Int) -> [UInt64] {
        var hashes = [UInt64](repeating: multiplier, count: count)
        for column in columns { column.mixWords(into: &hashes) }
        return hashes
    }

    /// The word that stands for text in the definition above.
    public static func word(of bytes: some Collection<UInt8>) -> UInt64 {
        bytes.withContiguousStorageIfAvailable { textWord($0) } ?? Array(bytes).withUnsafeBufferPointer { textWord($0) }
    }

    static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    static let nullWord: UInt64 = 0x6E75_6C6C

    @inline(__always)
    static func mix(_ word: UInt64) -> UInt64 {
        var hash = word
        hash ^= hash &>> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash &>> 33
        hash = hash &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash &>> 33
    }

    @inline(__always)
    static func textWord(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(bytes.count) &* multiplier
        guard let start = bytes.baseAddress else { return hash }
        var offset = 0
        while bytes.count &- offset >= 8 {
            let chunk = UInt64(littleEndian: UnsafeRawPointer(start + offset).loadUnaligned(as: UInt64.self))
            let product = (hash ^ chunk) &* multiplier
            hash = product ^ product &>> 32
            offset &+= 8
        }
        if offset < bytes.count {
            var chunk: UInt64 = 0
            for index in offset..<bytes.count {
                chunk |= UInt64(start[index]) &<< UInt64(truncatingIfNeeded: (index &- offset) &* 8)
            }
            let product = (hash ^ chunk) &* multiplier
            hash = product ^ product &>> 32
        }
        return hash
    }
}

extension Double {
    /// The bits that represent all doubles that are equal in a key: one zero, one NaN.
    @inline(__always)
    var keyBits: UInt64 {
        if self == 0 { return 0 }
        return isNaN ? 0x7FF8_0000_0000_0000 : bitPattern
    }
}

extension Column {
    /// The word of each value.
    fileprivate var words: [UInt64] {
        var words = [UInt64](repeating: 0, count: count)
        switch self {
        case .null: break
        case .boolean(let column): for index in words.indices { words[index] = column.values[index] ? 1 : 0 }
        case .int64(let column), .timestamp(let column):
            for (index, value) in column.values.enumerated() { words[index] = UInt64(bitPattern: value) }
        case .float64(let column): for (index, value) in column.values.enumerated() { words[index] = value.keyBits }
        case .string(let column), .bytes(let column):
            column.bytes.withUnsafeBufferPointer { bytes in
                column.offsets.withUnsafeBufferPointer { offsets in
                    for index in words.indices {
                        let text = UnsafeBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index + 1])])
                        words[index] = RowHash.textWord(text)
                    }
                }
            }
        case .list(let column):
            let elements = column.element.words
            for index in words.indices {
                let range = Int(column.offsets[index])..<Int(column.offsets[index + 1])
                words[index] = range.reduce(UInt64(range.count) &* RowHash.multiplier) {
                    RowHash.mix($0 ^ elements[$1])
                }
            }
        case .map(let column): words = Column.list(column.entries).words
        case .structure(let column): for child in column.children { child.mixWords(into: &words) }
        }
        if case .null = self { return [UInt64](repeating: RowHash.nullWord, count: count) }
        if let validity {
            for index in words.indices where !validity[index] { words[index] = RowHash.nullWord }
        }
        return words
    }

    /// One step of the hash for every row.
    fileprivate func mixWords(into hashes: inout [UInt64]) {
        precondition(count == hashes.count, "a column of \(count) values for \(hashes.count) rows")
        words.withUnsafeBufferPointer { words in
            hashes.withUnsafeMutableBufferPointer { hashes in
                for index in 0..<words.count { hashes[index] = RowHash.mix(hashes[index] ^ words[index]) }
            }
        }
    }
}
