import Synchronization

/// Files that are kept open between uses: at most a few hundred, however many journals there are.
final class FilePool: Sendable {
    static let shared = FilePool(capacity: 256)

    private struct State {
        var files: [String: (file: OpenFile, lastUse: UInt64)] = [:]
        var uses: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    /// The file at `path`, opened if it is not. Whoever holds it can go on using it, even when it leaves the pool.
    func file(_ path: String, calls: any DiskCalls) throws(JournalError) -> OpenFile {
        let found = state.withLock { state -> OpenFile? in
            guard let file = state.files[path]?.file else { return nil }
            state.uses += 1
            state.files[path]?.lastUse = state.uses
            return file
        }
        if let found { return found }
        let file = try OpenFile(path, calls: calls)
        insert(file)
        return file
    }

    /// Keeps an open file.
    func insert(_ file: OpenFile) {
        let evicted = state.withLock { state -> OpenFile? in
            state.uses += 1
            state.files[file.path] = (file, state.uses)
            guard state.files.count > capacity,
                let oldest = state.files.min(by: { $0.value.lastUse < $1.value.lastUse })
            else { return nil }
            state.files[oldest.key] = nil
            return oldest.value.file
        }
        // Closes outside the lock.
        _ = evicted
    }

    /// Lets go of the file at `path`: it is closed, moved or deleted.
    func forget(_ path: String) {
        let file = state.withLock { $0.files.removeValue(forKey: path)?.file }
        _ = file
    }
}
