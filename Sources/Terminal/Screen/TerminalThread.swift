import Foundation
import Synchronization

/// The one thread that calls ncurses: it runs the terminal's jobs and, between them, waits for input.
///
/// Waiting is poll(2) on the terminal and on a pipe that jobs write to, so that neither keys nor frames wait for each
/// other. It wakes ten times a second while a terminal is watched, because ncurses notes a SIGWINCH that another thread
/// may have received, and tells of it only when asked.
final class TerminalThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
        var watched: Int32?
        var onWake: (@Sendable (Int16) -> Void)?
        var thread: ObjectIdentifier?
    }

    private let state = Mutex(State())
    private let wakeReader: Int32
    private let wakeWriter: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (wakeReader, wakeWriter) = (ends[0], ends[1])
        let thread = Thread { [self] in run() }
        thread.name = "terminal"
        let identity = ObjectIdentifier(thread)
        state.withLock { $0.thread = identity }
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        wake()
    }

    func checkIsolated() {
        precondition(isCurrent, "only the terminal's thread may call ncurses")
    }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Watches a descriptor: `onWake` runs on the thread with what poll(2) reports, and at least ten times a second.
    func watch(_ descriptor: Int32?, onWake: (@Sendable (Int16) -> Void)?) {
        state.withLock {
            $0.watched = descriptor
            $0.onWake = onWake
        }
        wake()
    }

    /// Ends the thread after the jobs that wait.
    func stop() {
        state.withLock { $0.isStopped = true }
        wake()
    }

    private var isCurrent: Bool {
        let current = ObjectIdentifier(Thread.current)
        return state.withLock { $0.thread == current }
    }

    private func wake() {
        var byte: UInt8 = 1
        _ = write(wakeWriter, &byte, 1)
    }

    private func run() {
        while true {
            let (jobs, isStopped) = state.withLock { state in
                defer { state.jobs.removeAll(keepingCapacity: true) }
                return (state.jobs, state.isStopped)
            }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            if !jobs.isEmpty { continue }
            if isStopped { break }
            wait()
        }
        close(wakeReader)
        close(wakeWriter)
        state.withLock { $0.thread = nil }
    }

    private func wait() {
        let (watched, onWake) = state.withLock { ($0.watched, $0.onWake) }
        var polled = [
            pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: watched ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&polled, 2, watched == nil ? -1 : 100)
        var scratch: [UInt8] = Array(repeating: 0, count: 64)
        while read(wakeReader, &scratch, scratch.count) == scratch.count {}
        onWake?(polled[1].revents)
    }
}
