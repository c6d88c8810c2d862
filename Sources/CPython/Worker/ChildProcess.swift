import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A child whose standard input and answers are one socket, and whose output and errors are kept for complaints.
///
/// A socket and not two pipes: writing to a child that has died gives an error there, and no signal.
final class ChildProcess: Sendable {
    /// The child is gone, or a call on its socket failed.
    struct Gone: Error, CustomStringConvertible {
        var description: String
    }

    /// What is kept of standard error: its end.
    private static let keptBytes = 4096

    let pid: pid_t
    private let socket: CInt
    private let noise = Mutex<[UInt8]>([])
    /// Set once; the one call that is made of it, to cancel it, is safe from any thread.
    private nonisolated(unsafe) let drain: any DispatchSourceRead
    private let isReaped = Mutex(false)

    init(_ executable: String, _ arguments: [String]) throws(PythonError) {
        var sockets: [CInt] = [-1, -1]
        var errors: [CInt] = [-1, -1]
        try Self.pair(&sockets)
        do {
            try Self.pair(&errors)
        } catch {
            sockets.forEach { _ = close($0) }
            throw error
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, sockets[1], 0)
        posix_spawn_file_actions_adddup2(&actions, sockets[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: Ctrl-C is for us to take, and an epoch may end in peace.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, executable, &actions, &attributes, &words, environ)
        close(sockets[1])
        close(errors[1])
        guard failure == 0 else {
            close(sockets[0])
            close(errors[0])
            throw PythonError(.worker, "\(executable) cannot be started: \(String(cString: strerror(failure)))")
        }
        pid = child
        socket = sockets[0]
        let reading = errors[0]
        _ = fcntl(reading, F_SETFL, fcntl(reading, F_GETFL) | O_NONBLOCK)
        drain = DispatchSource.makeReadSource(fileDescriptor: reading, queue: .global(qos: .utility))
        drain.setCancelHandler { close(reading) }
        drain.setEventHandler { [weak self] in self?.takeNoise(reading) }
        drain.resume()
    }

    deinit { end() }

    /// Two ends that no other child inherits: the end of one is seen when its only holder is gone.
    private static func pair(_ sockets: inout [CInt]) throws(PythonError) {
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &sockets) == 0 else {
            throw PythonError(.worker, "no socket for a Python process: \(String(cString: strerror(errno)))")
        }
    }

    private func takeNoise(_ descriptor: CInt) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count <= 0 {
            if count == 0 { drain.cancel() }
            return
        }
        noise.withLock { noise in
            noise += buffer[..<count]
            if noise.count > Self.keptBytes { noise.removeFirst(noise.count - Self.keptBytes) }
        }
    }

    /// The last of what the child wrote on standard error, or printed; nil for nothing.
    var complaint: String? {
        let text = String(decoding: noise.withLock { $0 }, as: UTF8.self)
        return text.allSatisfy(\.isWhitespace) ? nil : text
    }

    // MARK: The socket

    func write(_ bytes: [UInt8]) throws(Gone) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(socket, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, CInt(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Gone(description: "it has ended") }
            sent += count
        }
    }

    /// The child reads the end of its input.
    func endInput() { _ = shutdown(socket, CInt(SHUT_WR)) }

    /// Exactly `count` bytes.
    func read(_ count: Int) throws(Gone) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let got = recv(socket, buffer.baseAddress.map { $0 + initialized }, count - initialized, 0)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    failed = true
                    return
                }
                initialized += got
            }
        }
        if failed { throw Gone(description: "it has ended") }
        return bytes
    }

    func readToEnd() throws(Gone) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = recv(socket, &buffer, buffer.count, 0)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Gone(description: String(cString: strerror(errno))) }
            if got == 0 { return bytes }
            bytes += buffer[..<got]
        }
    }

    // MARK: The end

    /// Ends the child at once, whatever it does; whoever waits for its answer gets `Gone`.
    func kill() {
        isReaped.withLock { reaped in
            if !reaped { _ = Glibc.kill(pid, SIGKILL) }
        }
    }

    /// Ends the child and gives back what it held. Blocks for the moment that takes. Returns how it ended, in words; nil
    /// when it has ended before.
    @discardableResult
    func end() -> String? {
        isReaped.withLock { reaped -> String? in
            if reaped { return nil }
            reaped = true
            var status: CInt = 0
            // What has ended by itself says how.
            var waited = waitpid(pid, &status, WNOHANG)
            if waited == 0 {
                _ = Glibc.kill(pid, SIGKILL)
                repeat { waited = waitpid(pid, &status, 0) } while waited < 0 && errno == EINTR
            }
            close(socket)
            drain.cancel()
            let signal = status & 0x7F
            return signal == 0 ? "it left with status \(status >> 8 & 0xFF)" : "it was ended by signal \(signal)"
        }
    }
}
