#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A call on a file that the system refused.
struct FileError: Error, Sendable, CustomStringConvertible {
    var path: String
    /// What was tried: `open`, `write`.
    var call: String
    var code: Int32

    var description: String { "cannot \(call) '\(path)': \(String(cString: strerror(code)))" }
}

/// The few calls on files that reading and writing need, blocking and without buffers of their own.
enum FileCalls {
    /// An open file, closed when it is let go.
    final class Handle: Sendable {
        let path: String
        let descriptor: Int32

        init(_ path: String, _ flags: Int32) throws(FileError) {
            self.path = path
            descriptor = open(path, flags | O_CLOEXEC, 0o644)
            if descriptor < 0 { throw FileError(path: path, call: "open", code: errno) }
        }

        deinit { close(descriptor) }

        /// The bytes from `offset` on, at most `count`; fewer only at the end of the file.
        func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
            var code: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let done = pread(
                        descriptor, buffer.baseAddress.map { $0 + filled }, count - filled,
                        off_t(offset) + off_t(filled))
                    if done < 0, errno == EINTR { continue }
                    if done < 0 { code = errno }
                    if done <= 0 { return }
                    filled += done
                }
            }
            if code != 0 { throw FileError(path: path, call: "read", code: code) }
            return bytes
        }

        func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
            var written = 0
            while written < bytes.count {
                let done = bytes.withUnsafeBytes {
                    pwrite(
                        descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written,
                        off_t(offset) + off_t(written))
                }
                if done < 0, errno == EINTR { continue }
                if done < 0 { throw FileError(path: path, call: "write", code: errno) }
                written += done
            }
        }

        func truncate(to length: Int64) throws(FileError) {
            if ftruncate(descriptor, off_t(length)) != 0 { throw FileError(path: path, call: "cut", code: errno) }
        }

        /// Returns when what was written outlasts a crash of the machine.
        func synchronize() throws(FileError) {
            if fsync(descriptor) != 0 { throw FileError(path: path, call: "write to disk", code: errno) }
        }
    }

    /// A new file that no folder names any more.
    static func temporary(in folder: String) throws(FileError) -> Handle {
        let path = "\(folder)/streamtop-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let handle = try Handle(path, O_RDWR | O_CREAT | O_EXCL)
        try remove(path)
        return handle
    }

    /// How a file is opened: to be read, to be written from its beginning, or where it is.
    static let reading = O_RDONLY
    static let writingNew = O_WRONLY | O_CREAT | O_TRUNC
    static let writing = O_WRONLY

    static func remove(_ path: String) throws(FileError) {
        if unlink(path) != 0, errno != ENOENT { throw FileError(path: path, call: "remove", code: errno) }
    }

    /// A regular file's size; nil where there is none.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    /// Puts a file in another's place, at once.
    static func move(_ path: String, to target: String) throws(FileError) {
        if rename(path, target) != 0 { throw FileError(path: target, call: "write", code: errno) }
    }

    /// The regular files that a pattern means, by name.
    static func expand(_ pattern: String) -> [String] {
        if size(pattern) != nil { return [pattern] }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
            .filter { size($0) != nil }
    }

    /// Makes the folders that a path needs.
    static func makeFolder(of path: String) throws(FileError) {
        var position = path.startIndex
        while let slash = path[position...].firstIndex(of: "/") {
            let folder = String(path[..<slash])
            if !folder.isEmpty, mkdir(folder, 0o755) != 0, errno != EEXIST {
                throw FileError(path: folder, call: "make the folder", code: errno)
            }
            position = path.index(after: slash)
        }
    }
}
