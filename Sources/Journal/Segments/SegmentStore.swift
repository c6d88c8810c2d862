import Synchronization

/// The segment files of one journal: commits and retention. Opening and recovery are in `SegmentRecovery.swift`,
/// reading is in `SegmentStore+Read.swift`.
final class SegmentStore: Sendable {
    let folder: String
    let recovery: RecoveryReport
    /// Of the segments that it begins.
    let header: FileHeader
    let cache: RecordCache
    let cacheID: UInt64
    let calls: any DiskCalls
    let table: Mutex<SegmentTable>
    private let durability: Durability
    private let segmentBytes: Int

    init(
        folder: String, owner: String?, durability: Durability, segmentBytes: Int, cache: RecordCache,
        calls: any DiskCalls, using random: inout some RandomNumberGenerator
    ) throws(JournalError) {
        self.folder = folder
        self.durability = durability
        self.segmentBytes = max(segmentBytes, 1)
        self.cache = cache
        self.calls = calls
        cacheID = cache.register()
        let recovered = try SegmentRecovery(
            folder: folder, owner: owner, fresh: .drawn(owner: owner, using: &random), calls: calls)
        table = Mutex(recovered.table)
        recovery = recovered.report
        header = recovered.header
    }

    /// The file of the segment that begins with record `sequence`.
    func path(ofSegment sequence: UInt64) -> String {
        "\(folder)/\(SegmentStore.name(ofSegment: sequence))"
    }

    static func name(ofSegment sequence: UInt64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: 20 - digits.count) + digits + ".log"
    }

    /// Writes groups of records, all or none. Called by one thread at a time.
    func commit(_ groups: [GroupCommitter.Group]) throws(JournalError) {
        var commit = table.withLock { table in
            Commit(
                store: self, active: table.isLastActive ? table.segments.last.map { ($0.firstSequence, $0.size) } : nil,
                needsRepair: table.needsRepair)
        }
        do {
            try commit.open()
            for group in groups where group.block.byteCount > 0 { try commit.write(group.block) }
            if durability == .synced { try commit.sync() }
        } catch {
            let isRepaired = commit.takeBack()
            table.withLock { $0.needsRepair = !isRepaired }
            throw error
        }
        let written = commit.written
        guard !written.isEmpty else { return }
        // First the cache, so that whoever sees the new end finds the records there.
        for (segment, offset, block) in written {
            cache.insert(block, journal: cacheID, segment: segment, offset: offset)
        }
        table.withLock { $0.apply(written, header: header) }
    }

    /// One commit on its way to the disk.
    private struct Commit {
        let store: SegmentStore
        /// The segment that took the last commit, and how far it is sound.
        let active: (segment: UInt64, size: Int)?
        let needsRepair: Bool
        private(set) var written: [(segment: UInt64, offset: Int, block: RecordBlock)] = []
        private var current: (segment: UInt64, size: Int, file: OpenFile)?
        private var touched: [OpenFile] = []
        private var created: [String] = []

        init(store: SegmentStore, active: (UInt64, Int)?, needsRepair: Bool) {
            self.store = store
            self.active = active
            self.needsRepair = needsRepair
        }

        mutating func open() throws(JournalError) {
            guard let active, needsRepair || active.size < store.segmentBytes else { return }
            let file = try FilePool.shared.file(store.path(ofSegment: active.segment), calls: store.calls)
            if needsRepair { try file.truncate(to: active.size) }
            current = (active.segment, active.size, file)
        }

        mutating func write(_ block: RecordBlock) throws(JournalError) {
            if current.map({ $0.size >= store.segmentBytes }) ?? true { try begin(segment: block.firstSequence) }
            guard let (segment, size, file) = current else { return }
            if touched.last !== file { touched.append(file) }
            try file.write(block.bytes, at: size)
            written.append((segment, size, block))
            current = (segment, size + block.byteCount, file)
        }

        private mutating func begin(segment: UInt64) throws(JournalError) {
            let folder = Folder(path: store.folder)
            try folder.create()
            let path = store.path(ofSegment: segment)
            created.append(path)
            let file = try OpenFile(path, creating: true, truncating: true, calls: store.calls)
            try file.write(store.header)
            if store.durability == .synced { try folder.sync() }
            FilePool.shared.insert(file)
            current = (segment, store.header.byteCount, file)
        }

        func sync() throws(JournalError) {
            for file in touched { try file.sync() }
        }

        /// Removes what was written, so that the records that are numbered anew do not meet it. False when that fails.
        func takeBack() -> Bool {
            var isDone = true
            for path in created {
                FilePool.shared.forget(path)
                if (try? Folder.remove(path)) == nil { isDone = false }
            }
            guard let active else { return isDone }
            let path = store.path(ofSegment: active.segment)
            if let file = touched.first(where: { $0.path == path }) {
                return (try? file.truncate(to: active.size)) != nil && isDone
            }
            return isDone && !needsRepair
        }
    }

    /// Deletes the segments that hold only records below `sequence`; the newest one stays. Returns how many bytes that
    /// freed.
    func removeSegments(below sequence: UInt64) throws(JournalError) -> Int {
        var freed = 0
        while true {
            let oldest = table.withLock { table -> SegmentTable.Segment? in
                guard table.segments.count > 1, table.segments[1].firstSequence <= sequence else { return nil }
                return table.segments.removeFirst()
            }
            guard let oldest else { return freed }
            let path = path(ofSegment: oldest.firstSequence)
            FilePool.shared.forget(path)
            do {
                try Folder.remove(path)
            } catch {
                table.withLock { $0.segments.insert(oldest, at: 0) }
                throw error
            }
            table.withLock { table in table.damage.removeAll { $0.file == path } }
            freed += oldest.size
        }
    }

    /// Returns when everything written is on the medium.
    func sync() throws(JournalError) {
        let last = table.withLock { $0.isLastActive ? $0.segments.last?.firstSequence : nil }
        guard let last else { return }
        try FilePool.shared.file(path(ofSegment: last), calls: calls).sync()
    }

    func delete() throws(JournalError) {
        close()
        let segments = table.withLock { table in
            defer { table = SegmentTable() }
            return table.segments
        }
        for segment in segments { try Folder.remove(path(ofSegment: segment.firstSequence)) }
        try Folder(path: folder).removeIfEmpty()
    }

    func close() {
        cache.remove(journal: cacheID)
        for segment in table.withLock({ $0.segments }) {
            FilePool.shared.forget(path(ofSegment: segment.firstSequence))
        }
    }
}
