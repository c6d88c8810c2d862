import Dispatch
import Synchronization

/// The few threads on which files are written and flushed, so that the disk never blocks a task's thread: each runs one
/// file's work at a time.
final class DiskWorkers: Sendable {
    static let shared = DiskWorkers(width: 8)

    private struct State {
        var running = 0
        var waiting = Ring<@Sendable () -> Void>()
    }

    private let width: Int
    private let state = Mutex(State())

    init(width: Int) { self.width = width }

    /// Runs `work` on one of the threads, after what waits already.
    func run(_ work: @escaping @Sendable () -> Void) {
        let starts = state.withLock { state in
            state.waiting.append(work)
            guard state.running < width else { return false }
            state.running += 1
            return true
        }
        if starts { DispatchQueue.global().async { self.drain() } }
    }

    private func drain() {
        while true {
            let work = state.withLock { state -> (@Sendable () -> Void)? in
                if let next = state.waiting.popFirst() { return next }
                state.running -= 1
                return nil
            }
            guard let work else { return }
            work()
        }
    }
}
