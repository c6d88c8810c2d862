public import Pipes
import Synchronization
public import Time

/// A subscription in memory; what is acknowledged outlasts the process that reads it.
public final class FakeSubscription: MessageSource {
    private struct State {
        var messages: [IncomingMessage] = []
        var acknowledged = SequenceSet()
        var held = SequenceSet()
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var nextWaiter: UInt64 = 0
        var cancelled: Set<UInt64> = []
        var acknowledgements = 0
        var pullError: String?
        var point: @Sendable () throws -> Void

        func isFree(_ message: IncomingMessage) -> Bool {
            !acknowledged.contains(message.sequence) && !held.contains(message.sequence)
        }
    }

    /// What `failPulls` was given.
    public struct Failure: Error, CustomStringConvertible {
        /// Why.
        public var description: String
    }

    private let state: Mutex<State>
    private let clock: any WallClock
    private let pullLimit: Int

    /// - Parameters:
    ///   - clock: gives the times of publishing.
    ///   - pullLimit: no pull gives more messages than this.
    ///   - point: called wherever the reading process may die; what it throws, the caller gets.
    public init(
        clock: any WallClock, pullLimit: Int = .max, point: @escaping @Sendable () throws -> Void = {}
    ) {
        self.clock = clock
        self.pullLimit = pullLimit
        state = Mutex(State(point: point))
    }

    /// Called wherever the reading process may die.
    public var point: @Sendable () throws -> Void {
        get { state.withLock { $0.point } }
        set { state.withLock { $0.point = newValue } }
    }

    /// Publishes each text with the same attributes; now, when no time is given.
    public func publish(_ texts: [String], attributes: [String: String] = [:], at time: Timestamp? = nil) {
        publish(texts.map { OutgoingMessage(data: Array($0.utf8), attributes: attributes) }, at: time)
    }

    /// Publishes messages; now, when no time is given.
    public func publish(_ messages: [OutgoingMessage], at time: Timestamp? = nil) {
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

    /// Has pulls fail for a reason, or with nil succeed again.
    public func failPulls(_ reason: String?) { state.withLock { $0.pullError = reason } }

    /// How many messages are not acknowledged.
    public var unacknowledged: Int { state.withLock { $0.messages.count - $0.acknowledged.count } }
    /// How often somebody acknowledged.
    public var acknowledgements: Int { state.withLock { $0.acknowledgements } }

    /// The first free messages, which are held until `resume`.
    public func pull(limit: Int) async throws -> [IncomingMessage] {
        try point()
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

    /// Returns once a message is free.
    public func waitForMessages() async throws {
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

    /// Settles messages.
    public func acknowledge(_ sequences: SequenceSet) async throws {
        try point()
        state.withLock { state in
            state.acknowledged.formUnion(sequences)
            state.acknowledgements += 1
        }
        try point()
    }

    /// Settles messages, and frees those that were held.
    public func resume(committed: SequenceSet) async throws {
        try point()
        state.withLock { state in
            state.acknowledged.formUnion(committed)
            state.held = SequenceSet()
        }
        try point()
    }

    /// What is not acknowledged.
    public func backlog() async -> Backlog {
        state.withLock { state in
            let waiting = state.messages.filter { !state.acknowledged.contains($0.sequence) }
            return Backlog(
                messages: waiting.count, bytes: waiting.reduce(0) { $0 + $1.data.count },
                oldestPublishTime: waiting.map(\.publishTime).min())
        }
    }

    /// The earliest event time among what is not acknowledged.
    public func oldestUnacknowledged(timestampAttribute: String?) async -> Timestamp? {
        state.withLock { state in
            state.messages.filter { !state.acknowledged.contains($0.sequence) }.map { message in
                timestampAttribute.flatMap { message.attributes[$0] }.flatMap(TimestampAttribute.parse)
                    ?? message.publishTime
            }.min()
        }
    }
}
