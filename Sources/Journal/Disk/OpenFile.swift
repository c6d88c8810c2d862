#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open file; closed when the last one who holds it lets go.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let calls: any DiskCalls

    /// Opens for reading and writing, and creates the file if `creating`; a file that may only be read is opened for
    /// that.
    init(_ path: String, creating: Bool = false, truncating: Bool = false, calls: any DiskCalls = SystemDiskCalls())
        throws(JournalError)
    {
        self.path = path
        self.calls = calls
        let flags = O_CLOEXEC | (creating ? O_CREAT : 0) | (truncating ? O_TRUNC : 0)
        var opened = open(path, O_RDWR | flags, 0o644)
        if opened < 0, !creating, !truncating, errno == EACCES || errno == EROFS || errno == EPERM {
            opened = open(path, O_RDONLY | O_CLOEXEC)
        }
        guard opened >= 0 else { throw JournalError(creating ? "create it" : "open it", path, errno: errno) }
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Bytes.
    func size() throws(JournalError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw JournalError("examine it", path, errno: errno) }
        return Int(status.st_size)
    }

    /// Reads as much of `buffer` as the file has from `offset`; returns how many bytes.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(JournalError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
            if count == 0 { break }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw JournalError("read it", path, errno: errno)
            }
        }
        return done
    }

    /// Writes all of `bytes`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(JournalError) {
        var done = 0
        while done < bytes.count {
            let count = calls.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]), at: offset + done)
            // A full disk may take nothing without saying why.
            if count <= 0 { throw JournalError("write to it", path, errno: count == 0 ? ENOSPC : Int32(-count)) }
            done += count
        }
    }

    /// Returns when everything written is on the medium.
    func sync() throws(JournalError) {
        let result = calls.sync(descriptor)
        if result != 0 { throw JournalError("flush it to the disk", path, errno: Int32(-result)) }
    }

    func truncate(to size: Int) throws(JournalError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw JournalError("shorten it", path, errno: errno) }
    }
}
