public import Foundation

/// The claim of one running instance on a data folder: an advisory lock on `streamtop.pid`, which the kernel lets go of
/// however the process ends.
public final class DataFolderLock: Sendable {
    private let descriptor: Int32

    /// Creates the folder if need be, for this user alone, and claims it. Throws `HostError.dataFolderInUse` with the
    /// owner's pid when another instance has it.
    public init(folder: URL) throws {
        do {
            // Messages and rows are nobody else's business.
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw HostError(
                .dataFolder, "\(folder.path): cannot create the data folder: \(error.systemReason)",
                remedy: "choose another with --data DIR")
        }
        let path = folder.appendingPathComponent("streamtop.pid").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw HostError(
                .dataFolder, "\(path): \(String(cString: strerror(errno)))",
                remedy: "make the folder writable, or choose another with --data DIR")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = Self.owner(of: descriptor)
            close(descriptor)
            throw HostError(
                .dataFolderInUse,
                "\(folder.path) is in use by another streamtop\(owner.map { " (pid \($0))" } ?? "")",
                remedy: "stop that one, or choose another folder with --data DIR")
        }
        let text = "\(getpid())\n"
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.utf8.count, 0) == text.utf8.count else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw HostError(
                .dataFolder, "\(path): \(reason)",
                remedy: "make room on the disk, or choose another folder with --data DIR")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private static func owner(of descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
