import Pipes
import Synchronization
import Time

/// A subscription in memory; what is acknowledged survives a crash.
final class FakeSubscription: MessageSource {
    private struct State {
        var messages: [IncomingMessage] = []
        var acknowledged = SequenceSet()
        var held = SequenceSet()
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var nextWaiter: UInt64 = 0
        var cancelled: Set<UInt64> = []
        var acknowledgements = 0
        var pullError: String?

        func isFree(_ message: IncomingMessage) -> Bool {
            !acknowledged.contains(message.sequence) && !held.contains(message.sequence)
        }
    }

    struct Failure: Error, CustomStringConvertible { var description: String }

    private let state = Mutex(State())
    private let clock: any WallClock
    private let crash: CrashPlan
    /// No pull gives more than this.
    private let pullLimit: Int

    init(clock: any WallClock, crash: CrashPlan = CrashPlan(), pullLimit: Int = .max) {
        self.clock = clock
        self.crash = crash
        self.pullLimit = pullLimit
    }

    func publish(_ texts: [String], attributes: [String: String] = [:], at time: Timestamp? = nil) {
        publish(texts.map { OutgoingMessage(data: Array($0.utf8), attributes: attributes) }, at: time)
    }

    func publish(_ messages: [OutgoingMessage], at time: Timestamp? = nil) {
        let publishTime = time ?? clock.now
        let waiters = state.withLock { state in
            for message in messages {
                state.messages.append(
                    IncomingMessage(
                        sequence: UInt64(state.messages.count), data: message.data, attributes: message.attributes,
                        orderingKey: message.orderingKey, publishTime: publishTime))
            }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    func failPulls(_ reason: String?) { state.withLock { $0.pullError = reason } }

    var unacknowledged: Int { state.withLock { $0.messages.count - $0.acknowledged.count } }
    var acknowledgements: Int { state.withLock { $0.acknowledgements } }

    func pull(limit: Int) async throws -> [IncomingMessage] {
        try crash.point()
        return try state.withLock { state in
            if let error = state.pullError { throw Failure(description: error) }
            var pulled: [IncomingMessage] = []
            for message in state.messages where pulled.count < min(limit, pullLimit) && state.isFree(message) {
                pulled.append(message)
            }
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
                enum Outcome { case go, cancel, wait }
                let outcome = state.withLock { state -> Outcome in
                    if state.cancelled.remove(id) != nil { return .cancel }
                    if state.messages.contains(where: state.isFree) { return .go }
                    state.waiters[id] = continuation
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
                if let waiter = state.waiters.removeValue(forKey: id) { return waiter }
                state.cancelled.insert(id)
                return nil
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    func acknowledge(_ sequences: SequenceSet) async throws {
        try crash.point()
        state.withLock { state in
            state.acknowledged.formUnion(sequences)
            state.acknowledgements += 1
        }
        try crash.point()
    }

    func resume(committed: SequenceSet) async throws {
        try crash.point()
        state.withLock { state in
            state.acknowledged.formUnion(committed)
            state.held = SequenceSet()
        }
        try crash.point()
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
