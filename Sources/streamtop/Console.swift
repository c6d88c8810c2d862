import ArgumentParser
import Foundation
import Host

/// The program's words on standard output and standard error.
enum Console {
    /// The exit code of a program that wrote to a reader who had gone: 128 and the number of SIGPIPE.
    private static let readerGone = ExitCode(128 + SIGPIPE)

    /// Writes a line to standard error. One that nobody can read is lost: it must not stop what it tells of.
    static func say(_ text: String) {
        _ = write(Data((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Writes to standard output. Throws `HostError` with the system's reason, and `ExitCode` when the reader has gone:
    /// `| head -1` has what it wanted.
    static func write(_ data: Data) throws {
        let reason = write(data, to: STDOUT_FILENO)
        if reason == EPIPE { throw readerGone }
        if reason != 0 {
            throw HostError(
                .output, "standard output: \(String(cString: strerror(reason)))",
                remedy: "send it to a file or program that takes it")
        }
    }

    /// Puts something harmless in the place of standard streams that came closed: the next file opened, a journal, would
    /// else get their number and every line that is said. Call it before any file is opened.
    static func claimDescriptors() {
        for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
        where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is this one. Written to, standard output fails, as it should.
            _ = open("/dev/null", mode)
        }
    }

    /// Lets a pipe whose reader has gone cost its lines only: a stack that runs goes on.
    static func outliveReaders() { signal(SIGPIPE, SIG_IGN) }

    /// Writes all of it; returns the `errno` of what went wrong, 0 when nothing did.
    private static func write(_ data: Data, to descriptor: Int32) -> Int32 {
        data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                rest = rest.dropFirst(count)
            }
            return 0
        }
    }
}
