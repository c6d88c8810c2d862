import Columnar

/// Rows on their way into keyed state: each with its key, sorted by key group.
///
/// Made in parallel, a batch each; then each key group's owner takes its part from all of them in their order. What
/// happens to a key does not depend on who makes or takes it.
struct KeyedBatch: Sendable {
    /// The aggregates' values, one for each row that went in.
    let values: [Column]
    /// The rows' keys in the form in which they are stored.
    let keys: BytesColumn
    /// The rows' windows.
    let windows: WindowColumn
    /// A hash of each row's key, the same in every process: keys are hashed here, in parallel.
    let words: [UInt64]
    /// Rows that take part, those of a key group together, in their order.
    let rows: [Int32]
    /// Where each key group's rows are in `rows`: 65 positions.
    let rowOffsets: [Int32]

    /// - Parameters:
    ///   - values: for each aggregate, a value a row.
    ///   - keys: a key a row.
    ///   - isLeftOut: whether a row takes no part.
    init(values: [Column], keys: BytesColumn, windows: WindowColumn, isLeftOut: ((Int) -> Bool)? = nil) {
        self.values = values
        self.keys = keys
        self.windows = windows
        let count = keys.count
        words = keys.words
        var groups = [UInt8](repeating: 0, count: count)
        var offsets = [Int32](repeating: 0, count: KeyGroup.count + 1)
        for row in 0..<count {
            let group = KeyGroup.number(of: words[row])
            groups[row] = UInt8(truncatingIfNeeded: group)
            if let isLeftOut, isLeftOut(row) {
                groups[row] = .max
            } else {
                offsets[group + 1] &+= 1
            }
        }
        for index in 1...KeyGroup.count { offsets[index] += offsets[index - 1] }
        rowOffsets = offsets
        rows = [Int32](unsafeUninitializedCapacity: Int(offsets[KeyGroup.count])) { rows, initialized in
            var next = offsets
            for row in 0..<count where groups[row] != .max {
                let group = Int(groups[row])
                rows.initializeElement(at: Int(next[group]), to: Int32(truncatingIfNeeded: row))
                next[group] &+= 1
            }
            initialized = rows.count
        }
    }

    /// The rows of a key group.
    func rows(ofKeyGroup number: Int) -> ArraySlice<Int32> {
        rows[Int(rowOffsets[number])..<Int(rowOffsets[number + 1])]
    }
}

extension BytesColumn {
    /// The hash of each key.
    fileprivate var words: [UInt64] {
        [UInt64](unsafeUninitializedCapacity: count) { words, initialized in
            bytes.withUnsafeBufferPointer { bytes in
                for index in 0..<count {
                    let key = UnsafeBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index + 1])])
                    words.initializeElement(at: index, to: RowHash.word(of: key))
                }
            }
            initialized = count
        }
    }
}
