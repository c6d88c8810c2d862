import Synchronization

/// One file of records that is appended to, and now and then replaced as a whole: what `RecordLog` writes to.
final class LogFile: Sendable {
    private struct State {
        /// Bytes of sound records and header; 0: there is no file yet.
        var size: Int
        var records: Int
        /// The number of the next record.
        var nextSequence: UInt64
        /// A failed write may have left bytes behind the sound ones.
        var needsRepair = false

        mutating func write(_ block: RecordBlock, to file: OpenFile) throws(JournalError) {
            try file.write(block.bytes, at: size)
            size += block.byteCount
            records += block.recordCount
            nextSequence = block.endSequence
        }
    }

    let path: String
    let recovery: RecoveryReport
    private let durability: Durability
    private let calls: any DiskCalls
    private let state: Mutex<State>

    init(path: String, durability: Durability, calls: any DiskCalls) throws(JournalError) {
        self.path = path
        self.durability = durability
        self.calls = calls
        try? Folder.remove(path + LogFile.newSuffix)
        guard Folder.exists(path) else {
            recovery = RecoveryReport()
            state = Mutex(State(size: 0, records: 0, nextSequence: 1))
            return
        }
        let opened = try RecoveredFile.open(path, firstSequence: 1, calls: calls)
        recovery = opened.report
        let lost = opened.scan.damage.reduce(0) { $0 + $1.sequences.count }
        let end = opened.scan.endSequence
        state = Mutex(State(size: opened.size, records: Int(end - 1) - lost, nextSequence: end))
    }

    private static let newSuffix = ".new"

    var byteCount: Int { state.withLock { $0.size } }

    /// The number of the next record.
    var nextSequence: UInt64 { state.withLock { $0.nextSequence } }

    var recordCount: Int { state.withLock { $0.records } }

    /// Calls `body` with every sound record, oldest first.
    func forEach(_ body: (UnsafeRawBufferPointer) throws(JournalError) -> Void) throws(JournalError) {
        let size = byteCount
        guard size > 0 else { return }
        let file = try FilePool.shared.file(path, calls: calls)
        _ = try SegmentScan.walk(file, size: size, firstSequence: 1) { (_, payload) throws(JournalError) in
            try body(payload)
        }
    }

    /// Writes groups: from the last replacing one on into a new file, otherwise at the end of this one.
    func commit(_ groups: [GroupCommitter.Group]) throws(JournalError) {
        let before = state.withLock { $0 }
        if let last = groups.lastIndex(where: \.replaces) {
            try replace(with: groups[last...])
        } else {
            try append(groups, to: before)
        }
    }

    private func append(_ groups: [GroupCommitter.Group], to before: State) throws(JournalError) {
        let isFlushed = groups.contains(where: \.isFlushed)
        guard groups.contains(where: { $0.block.byteCount > 0 }) else {
            if isFlushed { try sync() }
            return
        }
        let file = before.size == 0 ? try create(path) : try FilePool.shared.file(path, calls: calls)
        var after = before
        after.size = max(before.size, SegmentScan.magic.count)
        after.needsRepair = false
        do {
            if before.needsRepair { try file.truncate(to: after.size) }
            for group in groups { try after.write(group.block, to: file) }
            if durability == .synced || isFlushed { try file.sync() }
        } catch {
            let sound = max(before.size, SegmentScan.magic.count)
            let isRepaired = (try? file.truncate(to: sound)) != nil
            state.withLock { state in
                state.size = sound
                state.needsRepair = !isRepaired
            }
            throw error
        }
        let written = after
        state.withLock { $0 = written }
    }

    private func replace(with groups: ArraySlice<GroupCommitter.Group>) throws(JournalError) {
        let new = path + LogFile.newSuffix
        let file = try create(new, pooled: false)
        var after = State(size: SegmentScan.magic.count, records: 0, nextSequence: 1)
        do {
            for group in groups { try after.write(group.block, to: file) }
            // Even where appends are not flushed: a power cut must not leave an empty file in the place of a full one.
            try file.sync()
            try Folder.move(new, to: path)
        } catch {
            try? Folder.remove(new)
            throw error
        }
        FilePool.shared.forget(path)
        let written = after
        state.withLock { $0 = written }
        try Folder.parent(of: path).sync()
    }

    private func create(_ path: String, pooled: Bool = true) throws(JournalError) -> OpenFile {
        let folder = Folder.parent(of: path)
        try folder.create()
        let file = try OpenFile(path, creating: true, truncating: true, calls: calls)
        do {
            try file.writeMagic()
            if durability == .synced, pooled { try folder.sync() }
        } catch {
            try? Folder.remove(path)
            throw error
        }
        if pooled { FilePool.shared.insert(file) }
        return file
    }

    func delete() throws(JournalError) {
        FilePool.shared.forget(path)
        state.withLock { $0 = State(size: 0, records: 0, nextSequence: 1) }
        try Folder.remove(path)
    }

    /// Returns when everything written is on the medium.
    func sync() throws(JournalError) {
        guard byteCount > 0 else { return }
        try FilePool.shared.file(path, calls: calls).sync()
    }
}

extension OpenFile {
    /// Writes the eight bytes that every file of records starts with.
    func writeMagic() throws(JournalError) {
        let header = ScratchBuffer(capacity: SegmentScan.magic.count)
        header.memory.copyBytes(from: SegmentScan.magic)
        try write(UnsafeRawBufferPointer(header.memory), at: 0)
    }
}
