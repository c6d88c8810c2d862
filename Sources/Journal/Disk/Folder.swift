#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder of the file system, as far as journals need one.
struct Folder: Sendable {
    let path: String

    /// Creates the folder and those above it where they are missing.
    func create() throws(JournalError) {
        if mkdir(path, 0o755) == 0 { return }
        switch errno {
        case EEXIST:
            guard isFolder else { throw JournalError("create a folder there", path, errno: ENOTDIR) }
        case ENOENT:
            let parent = Folder.parent(of: path)
            guard parent.path != path else { throw JournalError("create it", path, errno: ENOENT) }
            try parent.create()
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
                throw JournalError("create it", path, errno: errno)
            }
        default:
            throw JournalError("create it", path, errno: errno)
        }
    }

    private var isFolder: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in the folder, in no order.
    func names() throws(JournalError) -> [String] {
        guard let handle = opendir(path) else { throw JournalError("list it", path, errno: errno) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes creations, renames and removals in this folder survive a power cut.
    func sync() throws(JournalError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalError("open it", path, errno: errno) }
        defer { close(descriptor) }
        // Some file systems cannot flush folders, and need not.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw JournalError("flush it to the disk", path, errno: errno)
        }
    }

    /// Deletes the folder, unless somebody has put something else into it.
    func removeIfEmpty() throws(JournalError) {
        guard rmdir(path) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST else {
            throw JournalError("delete it", path, errno: errno)
        }
    }

    static func parent(of path: String) -> Folder {
        guard let slash = path.lastIndex(of: "/") else { return Folder(path: ".") }
        return Folder(path: slash == path.startIndex ? "/" : String(path[..<slash]))
    }

    /// Renames a file; one that stands at the new name is replaced, atomically.
    static func move(_ old: String, to new: String) throws(JournalError) {
        guard rename(old, new) == 0 else { throw JournalError("rename it to \(new)", old, errno: errno) }
    }

    /// Deletes a file; one that is not there is fine.
    static func remove(_ path: String) throws(JournalError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw JournalError("delete it", path, errno: errno) }
    }

    /// Bytes of a file.
    static func size(_ path: String) throws(JournalError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw JournalError("examine it", path, errno: errno) }
        return Int(status.st_size)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
