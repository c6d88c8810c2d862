import Synchronization

/// Wakes whoever rests when something has been asked of the pipeline. A ring that nobody waits for is kept.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, any Error>?
    }

    private let state = Mutex(State())

    /// Whether somebody waits.
    var hasWaiter: Bool { state.withLock { $0.waiter != nil } }

    /// Whether it was rung and nobody has come yet.
    var isRung: Bool { state.withLock { $0.isRung } }

    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isRung = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns once it is rung; one waits at a time. Throws `CancellationError`.
    func wait() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                enum Outcome { case go, cancel, wait }
                let outcome = state.withLock { state -> Outcome in
                    if state.isRung {
                        state.isRung = false
                        return .go
                    }
                    // After the cancellation handler has run: it would not run again.
                    if Task.isCancelled { return .cancel }
                    state.waiter = continuation
                    return .wait
                }
                switch outcome {
                case .go: continuation.resume()
                case .cancel: continuation.resume(throwing: CancellationError())
                case .wait: break
                }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }
}
