import Synchronization

/// Gathers the appends of many tasks into few writes: whatever arrives while one commit is on its way to the disk goes
/// with the next one.
///
/// Sequence numbers are given out at submission, in the order of submission. When a commit fails, it fails with
/// everything that was submitted meanwhile, and the numbers are given out again: what is on disk has no gaps.
final class GroupCommitter: Sendable {
    typealias Waiter = CheckedContinuation<Range<UInt64>, any Error>

    /// Records that go to the disk together.
    struct Group: Sendable {
        let block: RecordBlock
        /// They replace everything before them.
        let replaces: Bool
        /// Somebody wants it on the medium, whatever the durability.
        fileprivate(set) var isFlushed = false
        fileprivate(set) var waiters: [(waiter: Waiter, range: Range<UInt64>)] = []
    }

    private struct State {
        var groups: [Group] = []
        var nextSequence: UInt64
        var isCommitting = false
        var isClosed = false
        /// The size of the last full block: how much room the next one gets at once.
        var expectedBytes = 512
    }

    /// A block takes no more records once it has this many bytes.
    private static let blockBytes = 1 << 20

    private let state: Mutex<State>
    private let path: String
    private let key: RecordKey
    private let commit: @Sendable ([Group]) throws(JournalError) -> Void
    private let end: @Sendable () -> UInt64

    /// - Parameters:
    ///   - key: with which records are sealed.
    ///   - end: the number after the last record on disk.
    ///   - commit: writes groups, in order, all or none; never called twice at a time.
    init(
        path: String, key: RecordKey, end: @escaping @Sendable () -> UInt64,
        commit: @escaping @Sendable ([Group]) throws(JournalError) -> Void
    ) {
        state = Mutex(State(nextSequence: end()))
        self.path = path
        self.key = key
        self.end = end
        self.commit = commit
    }

    /// Takes the records that `encode` adds; `waiter` is resumed with their numbers when they are committed.
    /// `replacing`: they take the place of all that came before, and are numbered from 1.
    func submit(replacing: Bool = false, _ waiter: Waiter, _ encode: (inout RecordWriter) -> Void) {
        enum Outcome { case wait, start, refuse(JournalError) }
        let outcome = state.withLock { state -> Outcome in
            guard !state.isClosed else {
                return .refuse(JournalError(.closed, "\(path): it has been closed and takes no more records."))
            }
            if replacing {
                state.nextSequence = 1
                state.groups.append(Group(block: RecordBlock(firstSequence: 1, key: key), replaces: true))
            } else if state.groups.last.map({ $0.block.byteCount >= Self.blockBytes }) ?? true {
                if let full = state.groups.last { state.expectedBytes = full.block.byteCount }
                let block = RecordBlock(
                    firstSequence: state.nextSequence, key: key, capacity: state.expectedBytes)
                state.groups.append(Group(block: block, replaces: false))
            }
            let last = state.groups.count - 1
            var writer = RecordWriter(state.groups[last].block)
            encode(&writer)
            if writer.isTooLarge {
                writer.takeBack()
                return .refuse(
                    JournalError(
                        .tooLarge,
                        "\(path): a record is longer than \(RecordWriter.maximumRecordBytes) bytes; split it."))
            }
            let range = writer.range
            state.nextSequence = range.upperBound
            state.groups[last].waiters.append((waiter, range))
            if writer.isFlushed { state.groups[last].isFlushed = true }
            guard !state.isCommitting else { return .wait }
            state.isCommitting = true
            return .start
        }
        switch outcome {
        case .wait: break
        case .start: DiskWorkers.shared.run { self.drain() }
        case .refuse(let error): waiter.resume(throwing: error)
        }
    }

    /// From now on nothing more is taken.
    func close() { state.withLock { $0.isClosed = true } }

    /// Commits what has been submitted so far; what comes meanwhile waits its turn among the other files.
    private func drain() {
        let groups = state.withLock { state -> [Group] in
            let groups = state.groups
            state.groups = []
            if groups.isEmpty {
                state.isCommitting = false
                state.expectedBytes = 512
            }
            if let last = groups.last, groups.count == 1 { state.expectedBytes = last.block.byteCount }
            return groups
        }
        if groups.isEmpty { return }
        do {
            try commit(groups)
            for group in groups {
                for (waiter, range) in group.waiters { waiter.resume(returning: range) }
            }
        } catch {
            let later = state.withLock { state -> [Group] in
                let later = state.groups
                state.groups = []
                state.nextSequence = end()
                return later
            }
            for (waiter, _) in (groups + later).flatMap(\.waiters) { waiter.resume(throwing: error) }
        }
        DiskWorkers.shared.run { self.drain() }
    }
}
