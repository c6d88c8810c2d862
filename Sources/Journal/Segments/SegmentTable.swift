/// What a journal consists of: its segments and how far they are sound. A value; `SegmentStore` keeps it under its
/// lock.
struct SegmentTable: Sendable {
    struct Segment: Sendable {
        let firstSequence: UInt64
        let header: FileHeader
        /// Bytes of header and sound records.
        var size: Int
        /// Nil until somebody looks for something in an older segment.
        var index: SparseIndex?
    }

    /// Ascending.
    var segments: [Segment] = []
    var nextSequence: UInt64 = 1
    /// The last segment takes appends; otherwise the next append begins a new one.
    var isLastActive = false
    /// A failed write may have left bytes behind the sound ones of the last segment.
    var needsRepair = false
    /// Payload bytes appended since the journal was opened.
    var appendedBytes = 0
    var damage: [Damage] = []

    var firstSequence: UInt64 { segments.first?.firstSequence ?? nextSequence }

    var byteCount: Int { segments.reduce(0) { $0 + $1.size } }

    /// Which segment holds record `sequence`, if it is not below the first.
    func segmentIndex(holding sequence: UInt64) -> Int? {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].firstSequence <= sequence { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// The number that no record of segment `index` reaches.
    func limit(ofSegment index: Int) -> UInt64 {
        index + 1 < segments.count ? segments[index + 1].firstSequence : nextSequence
    }

    mutating func note(_ found: [Damage]) {
        for one in found where !damage.contains(where: { $0.file == one.file && $0.offset == one.offset }) {
            damage.append(one)
        }
    }

    /// Takes over what a commit has written.
    ///
    /// - Parameter header: that of segments which it has begun.
    mutating func apply(_ written: [(segment: UInt64, offset: Int, block: RecordBlock)], header: FileHeader) {
        for (first, offset, block) in written {
            if segments.last?.firstSequence != first || !isLastActive {
                let index = SparseIndex(firstSequence: first, firstOffset: header.byteCount)
                segments.append(Segment(firstSequence: first, header: header, size: offset, index: index))
                isLastActive = true
            }
            let last = segments.count - 1
            segments[last].size = offset + block.byteCount
            segments[last].index?.note(block.firstSequence, at: offset)
            for mark in block.marks {
                segments[last].index?.note(block.firstSequence + UInt64(mark.record), at: offset + mark.offset)
            }
            nextSequence = block.endSequence
            appendedBytes += block.byteCount - RecordBlock.headerBytes * block.recordCount
        }
        needsRepair = false
    }
}
