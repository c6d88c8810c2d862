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
        /// The file is of version 1; the next append replaces it.
        var isLegacy = false

        mutating func write(_ block: RecordBlock, to file: OpenFile) throws(JournalError) {
            try file.write(block.bytes, at: size)
            size += block.byteCount
            records += block.recordCount
            nextSequence = block.endSequence
        }
    }

    let path: String
    let recovery: RecoveryReport
    /// Of what it writes.
    let header: FileHeader
    private let durability: Durability
    private let calls: any DiskCalls
    private let state: Mutex<State>

    init(
        path: String, owner: String?, durability: Durability, calls: any DiskCalls,
        using random: inout some RandomNumberGenerator
    ) throws(JournalError) {
        self.path = path
        self.durability = durability
        self.calls = calls
        try? Folder.remove(path + LogFile.newSuffix)
        let fresh = FileHeader.drawn(owner: owner, using: &random)
        guard Folder.exists(path) else {
            header = fresh
            recovery = RecoveryReport()
            state = Mutex(State(size: 0, records: 0, nextSequence: 1))
            return
        }
        let expectation = RecoveredFile.Expectation(owner: owner, fresh: fresh, possible: [.legacy])
        let opened = try RecoveredFile.open(path, firstSequence: 1, expecting: expectation, calls: calls)
        recovery = opened.report
        let isLegacy = opened.size > 0 && opened.header.isLegacy
        header = isLegacy ? fresh : opened.header
        let lost = opened.scan.damage.reduce(0) { $0 + $1.sequences.count }
        let end = opened.scan.endSequence
        let records = Int(end - 1) - lost
        // When the file is replaced, its sound records are numbered anew.
        state = Mutex(
            State(
                size: opened.size, records: records, nextSequence: isLegacy ? UInt64(records) + 1 : end,
                isLegacy: isLegacy))
    }

    private static let newSuffix = ".new"

    var byteCount: Int { state.withLock { $0.size } }

    /// The number of the next record.
    var nextSequence: UInt64 { state.withLock { $0.nextSequence } }

    var recordCount: Int { state.withLock { $0.records } }

    /// Calls `body` with every sound record, oldest first.
    func forEach(_ body: (UnsafeRawBufferPointer) throws(JournalError) -> Void) throws(JournalError) {
        let state = state.withLock { $0 }
        guard state.size > 0 else { return }
        let file = try FilePool.shared.file(path, calls: calls)
        let header = state.isLegacy ? .legacy : header
        _ = try SegmentScan.walk(file, size: state.size, header: header, firstSequence: 1) {
            (_, payload) throws(JournalError) in
            try body(payload)
        }
    }

    /// Writes groups: from the last replacing one on into a new file, otherwise at the end of this one.
    func commit(_ groups: [GroupCommitter.Group]) throws(JournalError) {
        let before = state.withLock { $0 }
        if let last = groups.lastIndex(where: \.replaces) {
            try replace(with: groups[last...].map(\.block))
        } else if before.isLegacy, groups.contains(where: { $0.block.byteCount > 0 }) {
            try replace(with: [try soundRecords()] + groups.map(\.block))
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
        after.size = max(before.size, header.byteCount)
        after.needsRepair = false
        do {
            if before.needsRepair { try file.truncate(to: after.size) }
            for group in groups { try after.write(group.block, to: file) }
            if durability == .synced || isFlushed { try file.sync() }
        } catch {
            let sound = max(before.size, header.byteCount)
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

    /// The records of a file of version 1, as they are written now.
    private func soundRecords() throws(JournalError) -> RecordBlock {
        let block = RecordBlock(firstSequence: 1, key: header.key, capacity: byteCount)
        try forEach { payload in
            block.append(capacity: payload.count) { room in
                room.copyMemory(from: payload)
                return payload.count
            }
        }
        return block
    }

    private func replace(with blocks: [RecordBlock]) throws(JournalError) {
        let new = path + LogFile.newSuffix
        let file = try create(new, pooled: false)
        var after = State(size: header.byteCount, records: 0, nextSequence: 1)
        do {
            for block in blocks { try after.write(block, to: file) }
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
            try file.write(header)
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
    /// Writes what every file of records starts with.
    func write(_ header: FileHeader) throws(JournalError) {
        let scratch = ScratchBuffer(capacity: FileHeader.byteCount)
        scratch.memory.copyBytes(from: header.bytes)
        try write(UnsafeRawBufferPointer(scratch.memory), at: 0)
    }
}
