import Pipes
import Synchronization
import Time

/// A subscription in memory; what is acknowledged outlasts the process.
final class Subscription: MessageSource {
    private struct State {
        var point: @Sendable () throws -> Void = {}
        var messages: [IncomingMessage] = []
        var acknowledged = SequenceSet()
        var held = SequenceSet()
        var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
        var nextWaiter = 0
        var cancelled: Set<Int> = []

        func isFree(_ message: IncomingMessage) -> Bool {
            !acknowledged.contains(message.sequence) && !held.contains(message.sequence)
        }
    }

    private let state = Mutex(State())
    private let clock: any WallClock
    private let pullLimit: Int

    init(clock: any WallClock, pullLimit: Int) {
        self.clock = clock
        self.pullLimit = pullLimit
    }

    var point: @Sendable () throws -> Void {
        get { state.withLock { $0.point } }
        set { state.withLock { $0.point = newValue } }
    }

    func publish(_ data: String, time: Int64, id: String) {
        let waiters = state.withLock { state in
            state.messages.append(
                IncomingMessage(
                    sequence: UInt64(state.messages.count), data: Array(data.utf8),
                    attributes: ["time": "\(time)", "id": id],
                    publishTime: clock.now))
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    var unacknowledged: Int { state.withLock { $0.messages.count - $0.acknowledged.count } }

    func pull(limit: Int) async throws -> [IncomingMessage] {
        try point()
        return state.withLock { state in
            let pulled = Array(state.messages.filter(state.isFree).prefix(min(limit, pullLimit)))
            for message in pulled { state.held.insert(message.sequence) }
            return pulled
        }
    }

    func waitForMessages() async throws {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if state.messages.contains(where: state.isFree) { return .success(()) }
                    state.waiters[id] = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                if let waiter = state.waiters.removeValue(forKey: id) { return waiter }
                state.cancelled.insert(id)
                return nil
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    func acknowledge(_ sequences: SequenceSet) async throws {
        try point()
        state.withLock { $0.acknowledged.formUnion(sequences) }
        try point()
    }

    func resume(committed: SequenceSet) async throws {
        try point()
        state.withLock { state in
            state.acknowledged.formUnion(committed)
            state.held = SequenceSet()
        }
        try point()
    }

    func backlog() async -> Backlog {
        state.withLock { state in
            let waiting = state.messages.filter { !state.acknowledged.contains($0.sequence) }
            return Backlog(
                messages: waiting.count, bytes: waiting.reduce(0) { $0 + $1.data.count },
                oldestPublishTime: waiting.map(\.publishTime).min())
        }
    }

    func oldestUnacknowledged(timestampAttribute: String?) async -> Timestamp? {
        state.withLock { state in
            state.messages.filter { !state.acknowledged.contains($0.sequence) }.map { message in
                timestampAttribute.flatMap { message.attributes[$0] }.flatMap(TimestampAttribute.parse)
                    ?? message.publishTime
            }.min()
        }
    }
}
