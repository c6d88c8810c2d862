/// Where in a segment some of its records begin: one about every 32 KiB, so that a look-up walks over a few hundred at
/// most.
struct SparseIndex: Sendable {
    private let firstSequence: UInt64
    private let firstOffset: Int
    /// Ascending; `record` counts from `firstSequence`.
    private var entries: [(record: UInt32, offset: UInt32)] = []

    /// - Parameter firstOffset: where the segment's first record begins.
    init(firstSequence: UInt64, firstOffset: Int) {
        self.firstSequence = firstSequence
        self.firstOffset = firstOffset
    }

    /// Notes that record `sequence` begins at `offset`, if the last note is far enough back. To be called in ascending
    /// order.
    mutating func note(_ sequence: UInt64, at offset: Int) {
        if let last = entries.last, offset - Int(last.offset) < RecordBlock.markInterval { return }
        guard let offset = UInt32(exactly: offset), let record = UInt32(exactly: sequence - firstSequence) else {
            return
        }
        entries.append((record, offset))
    }

    /// The nearest noted record at or before `sequence`.
    func nearest(to sequence: UInt64) -> (sequence: UInt64, offset: Int) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if firstSequence + UInt64(entries[middle].record) <= sequence { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return (firstSequence, firstOffset) }
        return (firstSequence + UInt64(entries[low - 1].record), Int(entries[low - 1].offset))
    }
}
