import Foundation

/// Where the admin socket of a data folder is.
///
/// A socket's path holds about 100 bytes at most, a folder's may be longer: then the socket stands in the temporary
/// folder. `admin.address` in the data folder always says where.
struct AdminSocket {
    private static let longestPath = 100

    private let folder: URL
    private var addressFile: URL { folder.appendingPathComponent("admin.address") }

    init(folder: URL) { self.folder = folder }

    /// Makes way for the socket, notes its path, and returns that.
    func claim() throws -> String {
        var path = folder.appendingPathComponent("admin.sock").path
        if path.utf8.count > Self.longestPath {
            // Owned by this user alone: nobody else may stand in for us.
            let shared = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("streamtop-\(getuid())")
            try? FileManager.default.createDirectory(
                at: shared, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            path = shared.appendingPathComponent("\(getpid()).sock").path
        }
        unlink(path)
        do {
            try Data(path.utf8).write(to: addressFile, options: .atomic)
        } catch {
            throw HostError(
                .dataFolder, "\(addressFile.path): \(error.systemReason)", remedy: "make the folder writable")
        }
        return path
    }

    func release() {
        if let path = try? path() { unlink(path) }
        try? FileManager.default.removeItem(at: addressFile)
    }

    /// Where the running instance's socket is; throws `HostError.notRunning` when there is none.
    func path() throws -> String {
        guard let data = try? Data(contentsOf: addressFile), let path = String(data: data, encoding: .utf8),
            !path.isEmpty
        else {
            throw HostError(
                .notRunning, "no streamtop runs on \(folder.path)",
                remedy: "start one, or name its data folder with --data DIR")
        }
        return path
    }
}
