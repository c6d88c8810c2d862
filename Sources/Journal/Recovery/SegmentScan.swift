/// What a walk through a file of frames found.
struct SegmentScan {
    /// One past the last record's number.
    var endSequence: UInt64
    /// Where the last sound record ends. What follows is torn.
    var endOffset: Int
    var index: SparseIndex
    var damage: [Damage] = []

    /// Of a file that has a header and no records.
    init(firstSequence: UInt64, header: FileHeader) {
        endSequence = firstSequence
        endOffset = header.byteCount
        index = SparseIndex(firstSequence: firstSequence, firstOffset: header.byteCount)
    }

    /// Walks through `file`, whose records are numbered from `firstSequence`, and calls `body` with each.
    ///
    /// - Parameter limit: the number that no record of this file reaches, where that is known.
    static func walk(
        _ file: OpenFile, size: Int, header: FileHeader, firstSequence: UInt64, limit: UInt64 = .max,
        _ body: (UInt64, UnsafeRawBufferPointer) throws(JournalError) -> Void = { (_, _) throws(JournalError) in }
    ) throws(JournalError) -> SegmentScan {
        var scan = SegmentScan(firstSequence: firstSequence, header: header)
        let key = header.key
        let scratch = ScratchBuffer(capacity: 1 << 20)
        var offset = header.byteCount
        var base = offset
        var count = 0
        while offset < size, scan.endSequence < limit {
            let bytes = UnsafeRawBufferPointer(rebasing: scratch.memory[..<count])
            switch Frame.read(bytes, at: offset - base, sequence: scan.endSequence, key: key) {
            case .record(let payload, let end):
                scan.index.note(scan.endSequence, at: offset)
                try body(scan.endSequence, UnsafeRawBufferPointer(rebasing: bytes[payload]))
                scan.endSequence += 1
                offset = base + end
                scan.endOffset = offset
            case .incomplete(let needed) where offset + needed <= size:
                scratch.grow(to: needed)
                base = offset
                count = try file.read(into: scratch.memory, at: base)
                if count < needed { return scan }
            case .incomplete, .bad:
                guard
                    let next = try findNext(
                        file, after: offset, size: size, sequence: scan.endSequence, limit: limit, key: key)
                else { return scan }
                scan.damage.append(
                    Damage(
                        file: file.path, offset: offset, byteCount: next.offset - offset,
                        sequences: scan.endSequence..<max(next.sequence, scan.endSequence + 1)))
                scan.endSequence = next.sequence
                offset = next.offset
                base = offset
                count = try file.read(into: scratch.memory, at: base)
            }
        }
        return scan
    }

    /// Whether a sound record with that number begins at `offset`.
    static func hasRecord(
        _ file: OpenFile, at offset: Int, size: Int, sequence: UInt64, key: RecordKey
    ) throws(JournalError) -> Bool {
        var needed = RecordBlock.headerBytes
        while offset + needed <= size {
            let scratch = ScratchBuffer(capacity: needed)
            guard try file.read(into: scratch.memory, at: offset) == needed else { return false }
            switch Frame.read(UnsafeRawBufferPointer(scratch.memory), at: 0, sequence: sequence, key: key) {
            case .record: return true
            case .incomplete(let bytes) where bytes > needed: needed = bytes
            case .incomplete, .bad: return false
            }
        }
        return false
    }

    /// Where records go on after the bad bytes at `offset`; nil when none follows.
    static func findNext(
        _ file: OpenFile, after offset: Int, size: Int, sequence: UInt64, limit: UInt64, key: RecordKey
    ) throws(JournalError) -> (offset: Int, sequence: UInt64)? {
        // Mostly the next sound record is near; what is searched grows only when it is not.
        var window = 64 * 1024
        while true {
            let isWhole = window >= size - offset
            let rest = ScratchBuffer(capacity: min(window, size - offset))
            let count = try file.read(into: rest.memory, at: offset)
            let bytes = UnsafeRawBufferPointer(rebasing: rest.memory[..<count])
            // Mostly, too, only a payload has changed, and the length still leads to the next record.
            if case .bad(let end?) = Frame.read(bytes, at: 0, sequence: sequence, key: key),
                case .record = Frame.read(bytes, at: end, sequence: sequence + 1, key: key)
            {
                return (offset + end, sequence + 1)
            }
            if let found = Frame.resynchronise(
                bytes, from: 1, sequence: sequence + 1, limit: limit, key: key, atEnd: isWhole)
            {
                return (offset + found.offset, found.sequence)
            }
            if isWhole { return nil }
            window *= 16
        }
    }
}

/// Memory to read into.
final class ScratchBuffer {
    private(set) var memory: UnsafeMutableRawBufferPointer

    init(capacity: Int) { memory = .allocate(byteCount: max(capacity, 1), alignment: 8) }

    deinit { memory.deallocate() }

    /// Makes room for `capacity` bytes; what was there is gone.
    func grow(to capacity: Int) {
        guard capacity > memory.count else { return }
        memory.deallocate()
        memory = .allocate(byteCount: capacity, alignment: 8)
    }
}
