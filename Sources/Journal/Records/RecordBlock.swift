/// Records as they lie in the file, back to back: filled under one lock, then read by many.
///
/// A frame is the payload's length (4 bytes), a checksum (4 bytes), and the payload; numbers are little-endian. The
/// checksum is the CRC-32C of length and payload, XOR the low half of the record's sequence number, under the journal's
/// `RecordKey`: number and identity take no room; after damage the first tells which record stands there, the second
/// that it is one of this journal.
///
/// `@unchecked Sendable`: only `GroupCommitter` writes to it, under its lock and before it gives the block away; from
/// then on nobody changes it.
final class RecordBlock: @unchecked Sendable {
    static let headerBytes = 8

    /// The sequence number of the first record.
    let firstSequence: UInt64
    private(set) var recordCount = 0
    private(set) var byteCount = 0
    /// Every so many bytes, which record begins where: (records before it in the block, offset).
    private(set) var marks: [(record: Int, offset: Int)] = []
    private let key: RecordKey
    private var memory: UnsafeMutableRawBufferPointer

    /// Bytes between marks.
    static let markInterval = 32 * 1024

    init(firstSequence: UInt64, key: RecordKey, capacity: Int = 512) {
        self.firstSequence = firstSequence
        self.key = key
        memory = .allocate(byteCount: capacity, alignment: 8)
    }

    deinit { memory.deallocate() }

    var capacity: Int { memory.count }

    var endSequence: UInt64 { firstSequence + UInt64(recordCount) }

    /// The frames; valid as long as the block is held.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<byteCount]) }

    /// Adds a record of at most `capacity` bytes; `encode` fills them from the start and returns how many it used.
    @inline(__always)
    func append(capacity: Int, _ encode: (UnsafeMutableRawBufferPointer) -> Int) {
        reserve(RecordBlock.headerBytes + capacity)
        let start = byteCount
        let room = UnsafeMutableRawBufferPointer(
            rebasing: memory[start + RecordBlock.headerBytes..<start + RecordBlock.headerBytes + capacity])
        let count = min(max(encode(room), 0), capacity)
        seal(start: start, payload: count)
    }

    private func seal(start: Int, payload count: Int) {
        memory.storeBytes(of: UInt32(count).littleEndian, toByteOffset: start, as: UInt32.self)
        let checksum = Frame.checksum(
            length: UInt32(count),
            payload: UnsafeRawBufferPointer(
                rebasing: memory[start + RecordBlock.headerBytes..<start + RecordBlock.headerBytes + count]))
        let stored = key.seal(checksum, endSequence)
        memory.storeBytes(of: stored.littleEndian, toByteOffset: start + 4, as: UInt32.self)
        if start - (marks.last?.offset ?? 0) >= RecordBlock.markInterval { marks.append((recordCount, start)) }
        recordCount += 1
        byteCount = start + RecordBlock.headerBytes + count
    }

    /// Takes back everything after the first `recordCount` records, which take `byteCount` bytes.
    func truncate(recordCount: Int, byteCount: Int) {
        self.recordCount = recordCount
        self.byteCount = byteCount
        marks.removeAll { $0.record >= recordCount }
    }

    private func reserve(_ count: Int) {
        guard byteCount + count > memory.count else { return }
        let grown = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(byteCount + count, memory.count * 2), alignment: 8)
        grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<byteCount]))
        memory.deallocate()
        memory = grown
    }
}

/// Takes the records of one append.
public struct RecordWriter: ~Copyable {
    /// The longest record: 256 MiB.
    public static let maximumRecordBytes = 256 << 20
    /// The longest append: 1 GiB.
    static let maximumAppendBytes = 1 << 30

    private let block: RecordBlock
    private let before: (records: Int, bytes: Int)
    private(set) var isTooLarge = false
    /// Set it, and the append returns only when everything so far is on the medium, whatever the log's durability.
    public var isFlushed = false

    init(_ block: RecordBlock) {
        self.block = block
        before = (block.recordCount, block.byteCount)
    }

    /// Adds a record.
    public mutating func append(_ payload: [UInt8]) {
        append(capacity: payload.count) { room in
            payload.withUnsafeBytes { room.copyMemory(from: $0) }
            return payload.count
        }
    }

    /// Adds a record of at most `capacity` bytes, without a copy: `encode` fills the bytes from the start and returns
    /// how many it used.
    public mutating func append(capacity: Int, _ encode: (UnsafeMutableRawBufferPointer) -> Int) {
        let total = block.byteCount - before.bytes + capacity
        guard !isTooLarge, capacity <= RecordWriter.maximumRecordBytes, total <= RecordWriter.maximumAppendBytes else {
            isTooLarge = true
            return
        }
        block.append(capacity: capacity, encode)
    }

    /// The numbers of the records added so far, if all before them succeed.
    var range: Range<UInt64> { block.firstSequence + UInt64(before.records)..<block.endSequence }

    func takeBack() { block.truncate(recordCount: before.records, byteCount: before.bytes) }
}
