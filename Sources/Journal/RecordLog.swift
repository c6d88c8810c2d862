/// A small durable log of records in one file, for state that is read whole at start and rewritten when it has grown:
/// what a `Journal` is for messages. Torn tails are cut off; concurrent appends share a write.
///
/// Records are kept in the order in which `append` and `replace` are called: two calls from one actor, or one after the
/// other in one task, never change places.
public final class RecordLog: Sendable {
    /// The file.
    public var path: String { file.path }
    /// What opening it found.
    public var recovery: RecoveryReport { file.recovery }
    /// Bytes on disk.
    public var byteCount: Int { file.byteCount }
    /// How many records it holds.
    public var recordCount: Int { file.recordCount }

    private let file: LogFile
    private let committer: GroupCommitter

    /// Opens the log at `path`, and recovers it; the file and its folder are created with the first record.
    ///
    /// - Parameters:
    ///   - owner: whose log it is, a name that no other log has: a file of another owner is set aside. Nil takes every
    ///     file.
    ///   - random: draws the identity of a new log.
    public init(
        path: String, owner: String? = nil, durability: Durability = .synced,
        calls: any DiskCalls = SystemDiskCalls(),
        random: some RandomNumberGenerator = SystemRandomNumberGenerator()
    ) throws(JournalError) {
        var random = random
        let file = try LogFile(path: path, owner: owner, durability: durability, calls: calls, using: &random)
        self.file = file
        committer = GroupCommitter(path: path, key: file.header.key, end: { file.nextSequence }) {
            (groups) throws(JournalError) in
            try file.commit(groups)
        }
    }

    /// Calls `body` with every record on disk, oldest first. The bytes are valid only during the call.
    public func forEach(_ body: (UnsafeRawBufferPointer) throws(JournalError) -> Void) throws(JournalError) {
        try file.forEach(body)
    }

    /// Appends the records that `encode` adds, all or none; returns when they are durable.
    public func append(
        isolation: isolated (any Actor)? = #isolation, _ encode: (inout RecordWriter) -> Void
    ) async throws {
        _ = try await withCheckedThrowingContinuation(isolation: isolation) { waiter in
            committer.submit(waiter, encode)
        }
    }

    /// Puts the records that `encode` adds in the place of all records so far: a new file, flushed, renamed over the
    /// old one. After a crash at any instant either the old records are there or the new ones.
    public func replace(
        isolation: isolated (any Actor)? = #isolation, _ encode: (inout RecordWriter) -> Void
    ) async throws {
        _ = try await withCheckedThrowingContinuation(isolation: isolation) { waiter in
            committer.submit(replacing: true, waiter, encode)
        }
    }

    /// Returns when everything appended so far is on the medium, whatever the durability. Who asks at one time shares
    /// a flush.
    public func sync() async throws { try await append { $0.isFlushed = true } }

    /// Waits for what has been appended, flushes it, and takes no more.
    public func close() async throws {
        try await append { _ in }
        committer.close()
        try file.sync()
    }

    /// Takes no more, and deletes the file.
    public func delete() async throws {
        try await append { _ in }
        committer.close()
        try file.delete()
    }
}
