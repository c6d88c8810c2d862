import Synchronization

/// Where in a journal a reader is: give the same cursor to the next `read`, and it goes on without looking anything up.
public struct JournalCursor: Sendable, Hashable {
    /// The next record to read.
    public private(set) var sequence: UInt64
    /// The segment that `offset` speaks of; 0: not looked up yet.
    fileprivate var segment: UInt64 = 0
    /// Where record `sequence` begins.
    fileprivate var offset = 0

    /// A cursor before record `sequence`.
    public init(_ sequence: UInt64) { self.sequence = sequence }

    /// Moves to record `sequence`; for free when it is there already.
    public mutating func move(to sequence: UInt64) {
        if sequence != self.sequence { self = JournalCursor(sequence) }
    }

    fileprivate mutating func advance(to sequence: UInt64, segment: UInt64, offset: Int) {
        self.sequence = sequence
        self.segment = segment
        self.offset = offset
    }
}

extension SegmentStore {
    /// A segment as it was when a read began, and from where in it to walk.
    private struct Place {
        var path: String
        var segment: UInt64
        var key: RecordKey
        var size: Int
        /// The number that no record of the segment reaches.
        var limit: UInt64
        /// A record at or before the one that is wanted, and where it begins.
        var sequence: UInt64
        var offset: Int

        var isUsedUp: Bool { offset >= size || sequence >= limit }
    }

    private enum Located {
        case place(Place)
        case unindexed(SegmentTable.Segment, limit: UInt64)
        case end
    }

    /// Reads on from `cursor`: up to `limit` records, none from `end` on, and no more once `byteLimit` payload bytes
    /// have been read. Records that are gone or damaged are passed over.
    func read(
        _ cursor: inout JournalCursor, below end: UInt64, limit: Int, byteLimit: Int,
        _ body: (UInt64, UnsafeRawBufferPointer) -> Void
    ) throws(JournalError) -> Int {
        var quota = Quota(records: limit, bytes: byteLimit, end: end)
        while !quota.isUsedUp, cursor.sequence < end {
            switch locate(&cursor) {
            case .end: return limit - quota.records
            case .unindexed(let segment, let segmentLimit):
                try ifStillThere(segment.firstSequence) { () throws(JournalError) in
                    try loadIndex(of: segment, limit: segmentLimit)
                }
            case .place(let place):
                try ifStillThere(place.segment) { () throws(JournalError) in
                    try read(place, &cursor, &quota, body)
                }
            }
        }
        return limit - quota.records
    }

    private struct Quota {
        var records: Int
        var bytes: Int
        let end: UInt64

        var isUsedUp: Bool { records <= 0 || bytes <= 0 }
    }

    /// Swallows an error that comes from a segment's deletion while it was being read: by retention, or by somebody
    /// else, in which case its records are lost.
    private func ifStillThere(_ segment: UInt64, _ body: () throws(JournalError) -> Void) throws(JournalError) {
        do {
            try body()
        } catch {
            let path = path(ofSegment: segment)
            let isGone = table.withLock { table in
                guard let index = table.segments.firstIndex(where: { $0.firstSequence == segment }) else { return true }
                guard !Folder.exists(path), index + 1 < table.segments.count else { return false }
                let lost = table.limit(ofSegment: index)
                table.note([
                    Damage(file: path, offset: 0, byteCount: table.segments[index].size, sequences: segment..<lost)
                ])
                table.segments.remove(at: index)
                return true
            }
            if !isGone { throw error }
        }
    }

    private func locate(_ cursor: inout JournalCursor) -> Located {
        let (located, moved) = table.withLock { table -> (Located, JournalCursor) in
            var cursor = cursor
            if cursor.sequence < table.firstSequence { cursor.move(to: table.firstSequence) }
            guard cursor.sequence < table.nextSequence, let index = table.segmentIndex(holding: cursor.sequence) else {
                return (.end, cursor)
            }
            let segment = table.segments[index]
            let limit = table.limit(ofSegment: index)
            var place = Place(
                path: path(ofSegment: segment.firstSequence), segment: segment.firstSequence,
                key: segment.header.key, size: segment.size, limit: limit, sequence: cursor.sequence,
                offset: cursor.offset)
            if cursor.segment != segment.firstSequence {
                guard let index = segment.index else { return (.unindexed(segment, limit: limit), cursor) }
                (place.sequence, place.offset) = index.nearest(to: cursor.sequence)
            }
            return (.place(place), cursor)
        }
        cursor = moved
        return located
    }

    /// Walks an older segment once, to learn where its records are and whether they are sound.
    private func loadIndex(of segment: SegmentTable.Segment, limit: UInt64) throws(JournalError) {
        let (first, size) = (segment.firstSequence, segment.size)
        let file = try FilePool.shared.file(path(ofSegment: first), calls: calls)
        var scan = try SegmentScan.walk(file, size: size, header: segment.header, firstSequence: first, limit: limit)
        if scan.endSequence < limit {
            scan.damage.append(
                Damage(
                    file: file.path, offset: scan.endOffset, byteCount: max(size - scan.endOffset, 0),
                    sequences: scan.endSequence..<limit))
        }
        table.withLock { table in
            table.note(scan.damage)
            guard let index = table.segments.firstIndex(where: { $0.firstSequence == first }) else { return }
            table.segments[index].index = scan.index
        }
    }

    private func read(
        _ place: Place, _ cursor: inout JournalCursor, _ quota: inout Quota,
        _ body: (UInt64, UnsafeRawBufferPointer) -> Void
    ) throws(JournalError) {
        var place = place
        var file: OpenFile?
        let scratch = ScratchBuffer(capacity: 1)
        var needed = RecordBlock.headerBytes
        while !quota.isUsedUp, !place.isUsedUp, cursor.sequence < quota.end {
            if let (block, start) = cache.block(journal: cacheID, segment: place.segment, offset: place.offset) {
                _ = walk(block.bytes, from: start, key: nil, &place, &cursor, &quota, body)
                // The block is not freed while its bytes are read.
                withExtendedLifetime(block) {}
                continue
            }
            let opened: OpenFile
            if let file { opened = file } else { opened = try FilePool.shared.file(place.path, calls: calls) }
            file = opened
            scratch.grow(to: max(chunkBytes(place, cursor, quota), needed))
            let room = UnsafeMutableRawBufferPointer(
                rebasing: scratch.memory[..<min(scratch.memory.count, place.size - place.offset)])
            let count = try opened.read(into: room, at: place.offset)
            let bytes = UnsafeRawBufferPointer(rebasing: room[..<count])
            switch walk(bytes, from: place.offset, key: place.key, &place, &cursor, &quota, body) {
            case .more: needed = RecordBlock.headerBytes
            case .incomplete(let bytes) where place.offset + bytes <= place.size && count >= room.count: needed = bytes
            case .incomplete, .bad: try skipDamage(opened, &place, &cursor)
            }
        }
        if place.isUsedUp {
            // On to the next segment, if there is one already; whatever is missing up to there is lost.
            cursor.advance(to: max(cursor.sequence, place.limit), segment: 0, offset: 0)
            let isLast = table.withLock { $0.segments.last?.firstSequence == place.segment }
            if isLast { cursor.advance(to: cursor.sequence, segment: place.segment, offset: place.offset) }
        }
    }

    /// How much to read at once: what is probably asked for, within limits.
    private func chunkBytes(_ place: Place, _ cursor: JournalCursor, _ quota: Quota) -> Int {
        let records = max(place.limit - place.segment, 1)
        let average = place.size / Int(clamping: records) + RecordBlock.headerBytes
        let ahead = Int(clamping: max(cursor.sequence, place.sequence) - place.sequence)
        let wanted = ahead + min(Int(clamping: min(place.limit, quota.end) - place.sequence), quota.records)
        return min(max(min(wanted, 1 << 20) * average, 4 * 1024), 64 * 1024)
    }

    private enum Walk { case more, incomplete(bytes: Int), bad }

    /// Hands out the records in `bytes`, which lie at `start` of the segment.
    private func walk(
        _ bytes: UnsafeRawBufferPointer, from start: Int, key: RecordKey?, _ place: inout Place,
        _ cursor: inout JournalCursor, _ quota: inout Quota, _ body: (UInt64, UnsafeRawBufferPointer) -> Void
    ) -> Walk {
        while !quota.isUsedUp, !place.isUsedUp, place.sequence < quota.end {
            switch Frame.read(bytes, at: place.offset - start, sequence: place.sequence, key: key) {
            case .record(let payload, let end):
                if place.sequence >= cursor.sequence {
                    body(place.sequence, UnsafeRawBufferPointer(rebasing: bytes[payload]))
                    quota.records -= 1
                    quota.bytes -= payload.count
                }
                place.sequence += 1
                place.offset = start + end
                if place.sequence > cursor.sequence {
                    cursor.advance(to: place.sequence, segment: place.segment, offset: place.offset)
                }
            case .incomplete(let needed):
                return place.offset == start ? .incomplete(bytes: needed) : .more
            case .bad:
                return .bad
            }
        }
        return .more
    }

    private func skipDamage(_ file: OpenFile, _ place: inout Place, _ cursor: inout JournalCursor) throws(JournalError)
    {
        let next = try SegmentScan.findNext(
            file, after: place.offset, size: place.size, sequence: place.sequence, limit: place.limit,
            key: place.key)
        let (offset, sequence) = next ?? (place.size, place.limit)
        let damage = Damage(
            file: file.path, offset: place.offset, byteCount: offset - place.offset,
            sequences: place.sequence..<sequence)
        table.withLock { $0.note([damage]) }
        place.offset = offset
        place.sequence = sequence
        if sequence > cursor.sequence { cursor.advance(to: sequence, segment: place.segment, offset: offset) }
    }

    /// How many payload bytes the records in `range` have.
    func payloadBytes(in range: Range<UInt64>) throws(JournalError) -> Int {
        let (first, next) = table.withLock { ($0.firstSequence, $0.nextSequence) }
        let lower = max(range.lowerBound, first)
        let upper = min(range.upperBound, next)
        guard lower < upper else { return 0 }
        var total = 0
        // The segments in between count as a whole; the ends are looked up.
        for segment in table.withLock({ $0.segments }) {
            total += try bytes(before: upper, in: segment) - bytes(before: lower, in: segment)
        }
        return max(total - RecordBlock.headerBytes * Int(clamping: upper - lower), 0)
    }

    /// Bytes of frames in a segment that stand before record `sequence`.
    private func bytes(before sequence: UInt64, in segment: SegmentTable.Segment) throws(JournalError) -> Int {
        if sequence <= segment.firstSequence { return 0 }
        let limit = table.withLock { table in
            table.segmentIndex(holding: segment.firstSequence).map { table.limit(ofSegment: $0) } ?? 0
        }
        let first = segment.header.byteCount
        if sequence >= limit { return max(segment.size - first, 0) }
        var cursor = JournalCursor(sequence - 1)
        _ = try read(&cursor, below: sequence, limit: 1, byteLimit: .max) { _, _ in }
        guard cursor.segment == segment.firstSequence else { return max(segment.size - first, 0) }
        return cursor.offset - first
    }
}
