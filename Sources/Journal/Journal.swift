import Synchronization

/// An append-only sequence of records on disk, numbered from 1 without gaps, in segment files that are deleted from the
/// old end. Safe from any task.
///
/// - An append returns when its records are durable; concurrent appends share a write and a flush.
/// - Readers see a record once it is durable.
/// - It has an identity, drawn at its creation, by which its segments and records are told from those of others.
/// - Opening cuts a torn tail off. Bytes that have changed elsewhere cost the records that they hit: `damage` names
///   them, reading passes over them, nothing else is lost.
/// - When the disk is full or fails, the append throws and leaves nothing behind; the next one may succeed.
public final class Journal: Sendable {
    /// The folder of the segment files. A segment's name is the number of its first record.
    public var folder: String { store.folder }
    /// What opening it found.
    public var recovery: RecoveryReport { store.recovery }

    private let store: SegmentStore
    private let committer: GroupCommitter

    /// Opens the journal in `folder`, and recovers it; the folder is created with the first record.
    ///
    /// - Parameters:
    ///   - owner: whose journal it is, a name that no other journal has: segments of other owners are set aside. Nil
    ///     takes the segments' word for it; only those that disagree with the others are set aside.
    ///   - segmentBytes: when a segment has this many bytes, the next one begins.
    ///   - cache: where the newest records are kept for readers; share one among many journals.
    ///   - random: draws the identity of a new journal.
    public init(
        folder: String, owner: String? = nil, durability: Durability = .synced, segmentBytes: Int = 64 << 20,
        cache: RecordCache = RecordCache(), calls: any DiskCalls = SystemDiskCalls(),
        random: some RandomNumberGenerator = SystemRandomNumberGenerator()
    ) throws(JournalError) {
        var random = random
        let store = try SegmentStore(
            folder: folder, owner: owner, durability: durability, segmentBytes: segmentBytes, cache: cache,
            calls: calls, using: &random)
        self.store = store
        committer = GroupCommitter(
            path: folder, key: store.header.key, end: { store.table.withLock { $0.nextSequence } }
        ) {
            (groups) throws(JournalError) in try store.commit(groups)
        }
    }

    /// The number of the oldest record; `nextSequence` when there is none.
    public var firstSequence: UInt64 { store.table.withLock { $0.firstSequence } }

    /// The number that the next durable record gets.
    public var nextSequence: UInt64 { store.table.withLock { $0.nextSequence } }

    /// `nextSequence`, and how many payload bytes have been appended since the journal was opened: both of one moment.
    public var extent: (nextSequence: UInt64, appendedBytes: Int) {
        store.table.withLock { ($0.nextSequence, $0.appendedBytes) }
    }

    /// Bytes on disk.
    public var byteCount: Int { store.table.withLock { $0.byteCount } }

    /// The number of each segment's first record, ascending.
    public var segmentStarts: [UInt64] { store.table.withLock { $0.segments.map(\.firstSequence) } }

    /// The stretches that are known to be damaged. Older segments are examined when something in them is first read.
    public var damage: [Damage] { store.table.withLock { $0.damage } }

    /// Appends a record; returns its number when it is durable.
    @discardableResult
    public func append(_ payload: [UInt8], isolation: isolated (any Actor)? = #isolation) async throws -> UInt64 {
        try await append { $0.append(payload) }.lowerBound
    }

    /// Appends records, all or none; returns their numbers, which are consecutive, when they are durable.
    @discardableResult
    public func append(
        _ payloads: [[UInt8]], isolation: isolated (any Actor)? = #isolation
    ) async throws -> Range<UInt64> {
        try await append { writer in
            for payload in payloads { writer.append(payload) }
        }
    }

    /// Appends the records that `encode` adds, all or none; returns their numbers, which are consecutive, when they are
    /// durable.
    ///
    /// `encode` runs at once and under the journal's lock: in the order of the numbers, and one at a time. Keep it
    /// short, and call nothing of this journal from it.
    @discardableResult
    public func append(
        isolation: isolated (any Actor)? = #isolation, _ encode: (inout RecordWriter) -> Void
    ) async throws -> Range<UInt64> {
        try await withCheckedThrowingContinuation(isolation: isolation) { waiter in
            committer.submit(waiter, encode)
        }
    }

    /// Reads on from `cursor`, and moves it behind what was read: up to `limit` records, none from number `end` on, and
    /// no more once `byteLimit` payload bytes have been read. Calls `body` with each record's number and payload; the
    /// bytes are valid only during the call. Records that are deleted or damaged are passed over.
    ///
    /// - Returns: how many records were read: 0 only when there are none up to `end`.
    @discardableResult
    public func read(
        _ cursor: inout JournalCursor, below end: UInt64 = .max, limit: Int = .max, byteLimit: Int = .max,
        _ body: (UInt64, UnsafeRawBufferPointer) -> Void
    ) throws(JournalError) -> Int {
        try store.read(&cursor, below: end, limit: limit, byteLimit: byteLimit, body)
    }

    /// The record with number `sequence`; nil when it is deleted, damaged or not there yet.
    public func record(_ sequence: UInt64) throws(JournalError) -> [UInt8]? {
        var cursor = JournalCursor(sequence)
        var found: [UInt8]?
        try read(&cursor, below: sequence + 1, limit: 1) { _, payload in found = [UInt8](payload) }
        return found
    }

    /// How many payload bytes the records in `range` have; what is not there counts nothing. Looks up both ends and
    /// walks over at most the 32 KiB around each.
    public func payloadBytes(in range: Range<UInt64>) throws(JournalError) -> Int {
        try store.payloadBytes(in: range)
    }

    /// Deletes the segments that hold only records below `sequence`; the newest segment always stays.
    ///
    /// - Returns: how many bytes that freed.
    @discardableResult
    public func removeSegments(below sequence: UInt64) throws(JournalError) -> Int {
        try store.removeSegments(below: sequence)
    }

    /// The number up to which records must be unneeded for `removeSegments` to free anything; nil while there is but
    /// one segment.
    public var oldestSegmentEnd: UInt64? {
        store.table.withLock { $0.segments.count > 1 ? $0.segments[1].firstSequence : nil }
    }

    /// Takes no more, and deletes the segments and the folder.
    public func delete() async throws {
        try await append { _ in }
        committer.close()
        try store.delete()
    }

    /// Waits for what has been appended, flushes it, and takes no more. Reading goes on.
    public func close() async throws {
        try await append { _ in }
        committer.close()
        try store.sync()
        store.close()
    }
}
