import Synchronization

/// A process that dies at a chosen point: from then on everything outside throws, until it is restarted.
final class CrashPlan: Sendable {
    struct Dead: Error, CustomStringConvertible { var description: String { "the process is dead" } }

    private struct State {
        var countdown: Int?
        var isDead = false
        var passed = 0
    }

    private let state = Mutex(State())

    /// Dies at the `point`-th point from now, counted from 1; nil: never.
    func restart(dyingAt point: Int?) {
        state.withLock { $0 = State(countdown: point) }
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// How many points were passed since the restart.
    var passed: Int { state.withLock { $0.passed } }

    /// A point at which the process may die.
    func point() throws {
        try state.withLock { state in
            if state.isDead { throw Dead() }
            state.passed += 1
            guard let countdown = state.countdown else { return }
            state.countdown = countdown - 1
            if countdown <= 1 {
                state.isDead = true
                throw Dead()
            }
        }
    }
}
