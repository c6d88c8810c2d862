import Synchronization

/// A file without a name that holds what has no room in memory: it is gone with the process, however that ends.
final class SpillFile: Sendable {
    /// Where some bytes are.
    struct Segment: Sendable {
        var offset: Int64
        var count: Int64
    }

    private struct State {
        var handle: FileCalls.Handle?
        var end: Int64 = 0
        /// Bytes that somebody may still read.
        var inUse: Int64 = 0
    }

    private let folder: String
    private let state = Mutex(State())

    /// The file comes into being with the first bytes, in a folder that exists.
    init(folder: String) { self.folder = folder }

    /// Bytes in the file.
    var bytes: Int64 { state.withLock(\.inUse) }

    func append(_ bytes: [UInt8]) throws -> Segment {
        let (handle, offset) = try state.withLock { state in
            let handle = try state.handle ?? FileCalls.temporary(in: folder)
            state.handle = handle
            defer {
                state.end += Int64(bytes.count)
                state.inUse += Int64(bytes.count)
            }
            return (handle, state.end)
        }
        try handle.write(bytes, at: offset)
        return Segment(offset: offset, count: Int64(bytes.count))
    }

    /// Reads a segment; it cannot be read again.
    func read(_ segment: Segment) throws -> [UInt8] {
        guard let handle = state.withLock(\.handle) else { return [] }
        let bytes = try handle.read(at: segment.offset, count: Int(segment.count))
        try state.withLock { state in
            state.inUse -= segment.count
            if state.inUse == 0 {
                try handle.truncate(to: 0)
                state.end = 0
            }
        }
        return bytes
    }
}
