internal import Foundation
internal import Journal
public import Time

/// A feed that serves recordings, the `.pb` files of a folder, one a poll and in the order of their names.
///
/// Which poll had which recording is kept in a ledger. A poll with an `Idempotency-Key` that has been seen before gets
/// the same recording again, also after a restart; so a task that fails half way and is tried again loses nothing and
/// doubles nothing. Polls without a key get the next recording. After the last there is nothing new.
///
/// Recordings are served as they are: one that is damaged is the client's to refuse.
public actor ReplayFeed: FeedSource {
    /// How many recordings the folder has.
    public nonisolated let count: Int

    /// What of the ledger could not be read at the start, and what that costs; nil when all of it was sound.
    public nonisolated let problem: String?

    /// Absolute and without symbolic links: what names a recording in the ledger whatever way the folder was given.
    private let folder: String
    private let ledger: Ledger<ServedRecording>
    private var progress: ReplayProgress
    /// Choices that are not on disk yet; their repetitions wait for them.
    private var remembering: [String: Task<Void, any Error>] = [:]

    /// Opens the recordings in `folder`, going on where the ledger at `ledgerPath` says that the last run stopped.
    /// Throws `ReplayError` when the folder is missing or has no recordings, and `JournalError` for the ledger.
    public init(folder: String, ledgerPath: String) throws {
        self.folder = URL(filePath: folder).standardizedFileURL.resolvingSymlinksInPath().path
        let files = try Self.recordings(in: self.folder, given: folder)
        count = files.count
        ledger = try Ledger(path: ledgerPath)
        let losses = ledger.recovery.losses
        problem =
            losses.isEmpty
            ? nil : "recordings may be served once more: \(losses.joined(separator: "; "))"
        progress = ReplayProgress(files: files)
        for served in try ledger.load() where served.folder == self.folder {
            progress.take(served.file, key: served.key)
        }
    }

    /// How many recordings have been served, in this run and earlier ones.
    public var served: Int { progress.served }

    /// Whether every recording has been served: from now on new polls find nothing new.
    public var isUsedUp: Bool { progress.isUsedUp }

    /// The header's time of the first recording that can be decoded: where a fast clock starts. Nil if none can.
    public nonisolated func firstHeaderTime() -> Timestamp? {
        guard let files = try? Self.recordings(in: folder, given: folder) else { return nil }
        for file in files {
            guard let bytes = try? read(file), let feed = try? GTFSFeedMessage(feed: bytes),
                feed.header.timestamp > 0
            else { continue }
            return Timestamp(seconds: Int64(feed.header.timestamp))
        }
        return nil
    }

    /// The recording for this poll. Throws `ReplayError` when its file cannot be read any more, and `JournalError` when
    /// the choice cannot be kept; the recording is then the next poll's.
    public func answer(toPoll key: String?) async throws -> FeedAnswer {
        switch progress.choose(forPoll: key) {
        case .nothingNew:
            return .nothingNew
        case .again(let file):
            if let key, let task = remembering[key] { try await task.value }
            return .feed(try read(file))
        case .first(let file):
            try await remember(file, key: key)
            return .feed(try read(file))
        }
    }

    /// Flushes and closes the ledger.
    public func close() async throws { try await ledger.close() }

    private func remember(_ file: String, key: String?) async throws {
        let served = ServedRecording(folder: folder, file: file, key: key)
        let task = Task { try await ledger.append(served) }
        if let key { remembering[key] = task }
        defer { if let key { remembering[key] = nil } }
        do {
            try await task.value
        } catch {
            progress.putBack(file, key: key)
            throw error
        }
    }

    private nonisolated func read(_ file: String) throws -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: folder).appending(path: file)))
        } catch {
            throw ReplayError(message: "the recording \(folder)/\(file) cannot be read: \(error.localizedDescription)")
        }
    }

    private static func recordings(in folder: String, given: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
            throw ReplayError(message: "\(given): there is no such folder of recordings")
        }
        guard isFolder.boolValue else {
            throw ReplayError(message: "\(given) is a file; give the folder that holds the recordings")
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw ReplayError(message: "\(given): the folder cannot be read: \(error.localizedDescription)")
        }
        let recordings = names.filter { $0.hasSuffix(".pb") && !$0.hasPrefix(".") }.sorted()
        guard !recordings.isEmpty else {
            throw ReplayError(
                message: "\(given) has no .pb files; a recording is an answer of a GTFS-realtime feed, saved as it is")
        }
        return recordings
    }
}

/// Why recordings cannot be replayed.
public struct ReplayError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which folder or recording, and why.
    public var message: String

    /// The message.
    public var description: String { message }
}

/// A line of the ledger: this poll had that recording.
private struct ServedRecording: Codable {
    var folder: String
    var file: String
    var key: String?
}
