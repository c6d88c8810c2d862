import Synchronization

/// Tasks that wait for something to happen to a subscription.
///
/// To miss nothing: take a `ticket`, look whether there is something, and if not `wait(after:)` the ticket; a signal
/// that came in between ends the wait at once.
final class WaitList: Sendable {
    private struct State {
        var signals: UInt64 = 0
        var nextID: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())

    var ticket: UInt64 { state.withLock { $0.signals } }

    /// Lets everybody go on who waits.
    func signal() {
        let waiters = state.withLock { state in
            state.signals += 1
            defer { state.waiters.removeAll() }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when there has been a signal after `ticket` was taken.
    func wait(after ticket: UInt64) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<Void, any Error>) in
                enum Outcome { case wait, go, cancel }
                let outcome = state.withLock { state -> Outcome in
                    if state.cancelled.remove(id) != nil { return .cancel }
                    if state.signals != ticket { return .go }
                    state.waiters[id] = waiter
                    return .wait
                }
                switch outcome {
                case .wait: break
                case .go: waiter.resume()
                case .cancel: waiter.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: id)
                if waiter == nil { state.cancelled.insert(id) }
                return waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }
}
