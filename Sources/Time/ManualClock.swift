import Synchronization

/// A clock that stands still until it is told to move; sleepers wake in the order of their deadlines.
public final class ManualClock: WallClock {
    private struct Sleeper {
        let id: UInt64
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var nextID: UInt64 = 0
        var sleepers: [Sleeper] = []
        var cancelled: Set<UInt64> = []
        var arrivals: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    /// A clock that stands at `now`.
    public init(now: Timestamp) {
        state = Mutex(State(now: now))
    }

    /// What the clock was last moved to.
    public var now: Timestamp { state.withLock { $0.now } }

    /// The deadline that is due next, if anybody sleeps.
    public var nextDeadline: Timestamp? { state.withLock { $0.sleepers.map(\.deadline).min() } }

    /// How many tasks sleep on this clock.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Moves to `target` (never back) and wakes everyone whose deadline has come.
    public func advance(to target: Timestamp) {
        let due = state.withLock { state -> [Sleeper] in
            state.now = max(state.now, target)
            let due = state.sleepers.filter { $0.deadline <= state.now }.sorted {
                ($0.deadline, $0.id) < ($1.deadline, $1.id)
            }
            state.sleepers.removeAll { $0.deadline <= state.now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Moves on by `duration` (a negative one moves nothing) and wakes everyone whose deadline has come.
    public func advance(by duration: Duration) {
        advance(to: now + duration)
    }

    /// Suspends until at least `count` tasks sleep on this clock: how a test waits for a task to come to rest.
    public func waitForSleepers(_ count: Int = 1) async {
        while sleeperCount < count {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let ready = state.withLock { state -> Bool in
                    if state.sleepers.count >= count { return true }
                    state.arrivals.append(continuation)
                    return false
                }
                if ready { continuation.resume() }
            }
        }
    }

    /// Returns once the clock has been moved to `deadline`; at once if it stands there or later.
    public func sleep(until deadline: Timestamp) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state -> UInt64 in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                enum Outcome { case wake, cancel, wait([CheckedContinuation<Void, Never>]) }
                let outcome = state.withLock { state -> Outcome in
                    if state.cancelled.remove(id) != nil { return .cancel }
                    if deadline <= state.now { return .wake }
                    state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
                    defer { state.arrivals = [] }
                    return .wait(state.arrivals)
                }
                switch outcome {
                case .wake: continuation.resume()
                case .cancel: continuation.resume(throwing: CancellationError())
                case .wait(let arrivals): for arrival in arrivals { arrival.resume() }
                }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }
}
