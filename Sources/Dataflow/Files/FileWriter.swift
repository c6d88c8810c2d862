import Columnar
import Time

/// A step that writes files at work.
///
/// Rows go to `NAME.partial`. An epoch's position names every file's length at its commit, so that after a crash what
/// was written since is cut off, and the epoch is done again. At the end of the input the files get their own names.
/// Only some files are kept open: windows may be many.
struct FileWriter: Sendable {
    static let temporarySuffix = ".partial"
    private static let version: UInt8 = 1

    let step: Int
    private let writer: WriteFilesStep
    /// Committed and appended bytes, by window.
    private var lengths: [Window?: Int64] = [:]
    private(set) var isFinished = false
    /// Files that were written to since they were last known to be on disk.
    private var open: [Window?: FileCalls.Handle] = [:]
    private var unsynchronized: Set<Window?> = []
    private static let openLimit = 32

    init(step: Int, _ writer: WriteFilesStep) {
        self.step = step
        self.writer = writer
    }

    /// Begins anew: what an earlier run left unfinished goes.
    func clear() throws {
        try FileCalls.makeFolder(of: writer.write.path)
        let literal = writer.write.path.reduce(into: "") { text, character in
            text += "*?[]\\".contains(character) ? "\\\(character)" : "\(character)"
        }
        for path in FileCalls.expand("\(literal)-*\(Self.temporarySuffix)") { try FileCalls.remove(path) }
    }

    /// Goes on from a committed epoch.
    mutating func restore(_ bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        guard try reader.byte() == Self.version else { throw StoredStateError.malformed }
        isFinished = try reader.byte() == 1
        for _ in 0..<(try reader.count()) {
            let isWindow = try reader.byte() == 1
            let (start, end, length) = (try reader.signed(), try reader.signed(), try reader.signed())
            lengths[isWindow ? Window(start: start, end: end) : nil] = length
        }
        for (window, length) in lengths { try cut(window, to: length) }
    }

    /// What a later start needs.
    func encoded() -> [UInt8] {
        var bytes = ByteWriter()
        bytes.write(byte: Self.version)
        bytes.write(byte: isFinished ? 1 : 0)
        bytes.write(UInt64(lengths.count))
        for (window, length) in lengths {
            bytes.write(byte: window == nil ? 0 : 1)
            bytes.write(window?.start ?? 0)
            bytes.write(window?.end ?? 0)
            bytes.write(length)
        }
        return bytes.bytes
    }

    /// Adds rows to the files.
    mutating func append(_ parts: [WriteFilesStep.Part]) throws {
        for part in parts {
            let isNew = lengths[part.window] == nil
            let file = try file(part.window, isNew: isNew)
            var length = lengths[part.window] ?? 0
            for chunk in isNew ? [writer.header, part.bytes] : [part.bytes] {
                try file.write(chunk, at: length)
                length += Int64(chunk.count)
            }
            lengths[part.window] = length
            unsynchronized.insert(part.window)
        }
    }

    private mutating func file(_ window: Window?, isNew: Bool) throws -> FileCalls.Handle {
        if let file = open[window] { return file }
        if open.count >= Self.openLimit { open = [:] }
        let file = try FileCalls.Handle(
            temporaryPath(window), isNew ? FileCalls.writingNew : FileCalls.writing)
        open[window] = file
        return file
    }

    /// Returns when all that was added outlasts a crash of the machine.
    mutating func synchronize() throws {
        for window in unsynchronized { try file(window, isNew: false).synchronize() }
        unsynchronized = []
    }

    /// Gives the files their names; for the end of the input, after the last commit. May be done again.
    mutating func finish(isDurable: Bool) throws {
        if writer.writesEmptyFile, lengths[nil] == nil {
            try append([WriteFilesStep.Part(window: nil, bytes: [])])
        }
        if isDurable { try synchronize() }
        open = [:]
        for window in lengths.keys where FileCalls.size(temporaryPath(window)) != nil {
            try FileCalls.move(temporaryPath(window), to: path(window))
        }
        isFinished = true
    }

    private func cut(_ window: Window?, to length: Int64) throws {
        let temporary = temporaryPath(window)
        guard let size = FileCalls.size(temporary) else {
            // The crash came when the files got their names, or after that.
            if isFinished || FileCalls.size(path(window)) == length { return }
            throw PipelineError(
                .unreadableState,
                "'\(temporary)' is gone, to which the pipeline has written; begin anew with another data folder")
        }
        guard size >= length else {
            throw PipelineError(
                .unreadableState,
                "'\(temporary)' has \(size) bytes, but \(length) were written; begin anew with another data folder")
        }
        try FileCalls.Handle(temporary, FileCalls.writing).truncate(to: length)
    }

    private func temporaryPath(_ window: Window?) -> String { path(window) + Self.temporarySuffix }

    /// As Beam names its files: `PATH-2025-10-09T08:53:10-2025-10-09T08:53:20-00000-of-00001`.
    func path(_ window: Window?) -> String {
        let bounds = window.map { "-\(Self.text($0.start))-\(Self.text($0.end))" } ?? ""
        return "\(writer.write.path)\(bounds)-00000-of-00001"
    }

    /// A time as Python's `isoformat` has it: without a zone, the fraction of six digits or none.
    private static func text(_ micros: Int64) -> String {
        let (second, fraction) = micros.dividedFloored(by: 1_000_000)
        let whole = String(Timestamp(seconds: second).rfc3339.dropLast())
        if fraction == 0 { return whole }
        let digits = String(fraction)
        return "\(whole).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
    }
}
