import GRPCCore
import Synchronization

/// What the calls of one connection have been given to send and their client has not taken yet.
///
/// Messages are handed out to a call while the connection has less than its limit, and room has been set aside for
/// them. The limit may be exceeded by messages that are larger than an answer is meant to be.
final class UnreadAnswers: Sendable {
    fileprivate struct Call {
        /// Set aside for an answer that has not come by yet.
        var reserved = 0
        var unwritten = 0
        let changed: AsyncStream<Void>.Continuation

        var isClear: Bool { reserved == 0 && unwritten == 0 }
    }

    fileprivate struct State {
        var total = 0
        var calls: [Int: Call] = [:]
        var isClosed = false
    }

    private let limit: Int
    fileprivate let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// How many bytes, set aside or given.
    var bytes: Int { state.withLock { $0.total } }

    fileprivate func change(_ call: Int, _ body: (inout Call) -> Void) {
        state.withLock { state in
            guard var changed = state.calls[call] else { return }
            let (before, wasFull) = (changed.reserved + changed.unwritten, state.total >= limit)
            body(&changed)
            state.calls[call] = changed
            state.total += changed.reserved + changed.unwritten - before
            changed.changed.yield()
            // Others may have waited for that.
            if wasFull, state.total < limit { for call in state.calls.values { call.changed.yield() } }
        }
    }

    /// Sets `bytes` aside for the call if the connection has room; nil when the call has ended.
    fileprivate func reserve(_ bytes: Int, for call: Int) -> Bool? {
        state.withLock { state in
            guard state.calls[call] != nil, !state.isClosed else { return nil }
            guard state.total < limit else { return false }
            state.calls[call]?.reserved += bytes
            state.total += bytes
            return true
        }
    }

    /// The connection is gone, and all its calls with it.
    func close() {
        state.withLock { state in
            state.isClosed = true
            for call in state.calls.values { call.changed.yield() }
        }
    }
}

/// One call's answers on their way: told by the handlers of its channel what has been written, asked by the method
/// whether there may be more.
final class CallOutput: Sendable {
    /// That of the call that is being served.
    @TaskLocal static var current: CallOutput?

    private let answers: UnreadAnswers
    private let number: Int
    private let changes: AsyncStream<Void>
    /// Returns when what was written before has come by.
    private let barrier: @Sendable () async -> Void

    private static let numbers = Atomic<Int>(0)

    init(_ answers: UnreadAnswers, barrier: @escaping @Sendable () async -> Void = {}) {
        self.answers = answers
        self.barrier = barrier
        number = CallOutput.numbers.add(1, ordering: .relaxed).newValue
        let (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.changes = changes
        answers.state.withLock { $0.calls[number] = UnreadAnswers.Call(changed: change) }
    }

    /// By which the method's call finds it.
    var name: String { String(number) }

    // MARK: For the method; one at a time

    /// Returns when up to `bytes` may be handed out. They are set aside until they come by, or `release`. Throws
    /// `CancellationError`, and UNAVAILABLE when the connection is gone.
    func waitForRoom(_ bytes: Int) async throws {
        var changes = changes.makeAsyncIterator()
        while true {
            try Task.checkCancellation()
            guard let isReserved = answers.reserve(bytes, for: number) else { throw CallOutput.gone }
            if isReserved { return }
            await changes.next()
        }
    }

    /// Nothing was handed out after all.
    func release() { answers.change(number) { $0.reserved = 0 } }

    /// Returns when everything that was given to write has been taken by the client. Throws `CancellationError`, and
    /// UNAVAILABLE when the call has ended otherwise.
    func waitUntilWritten() async throws {
        await barrier()
        var changes = changes.makeAsyncIterator()
        while true {
            try Task.checkCancellation()
            let isClear = answers.state.withLock { state in state.isClosed ? nil : state.calls[number]?.isClear }
            guard let isClear else { throw CallOutput.gone }
            if isClear { return }
            await changes.next()
        }
    }

    private static let gone = APIError(.unavailable, "The connection is gone.")

    // MARK: For the handlers

    /// An answer has come by, and is to be written.
    func willWrite(_ bytes: Int) {
        answers.change(number) { call in
            call.reserved = 0
            call.unwritten += bytes
        }
    }

    /// So much of it has been written.
    func didWrite(_ bytes: Int) { answers.change(number) { $0.unwritten -= bytes } }

    /// How much is to be written still.
    var unwritten: Int { answers.state.withLock { $0.calls[number]?.unwritten ?? 0 } }

    /// The call has ended: nothing of it is held any more.
    func end() {
        answers.change(number) { call in
            call.reserved = 0
            call.unwritten = 0
        }
        let call = answers.state.withLock { $0.calls.removeValue(forKey: number) }
        call?.changed.finish()
    }
}

/// The calls that are being served, by the name under which their request's head tells of them.
final class Calls: Sendable {
    /// The head's field. What a client sends under this name is taken away.
    static let field = "streamtop-call"

    private let open = Mutex<[String: CallOutput]>([:])

    func add(_ output: CallOutput) { open.withLock { $0[output.name] = output } }

    func remove(_ output: CallOutput) { open.withLock { $0[output.name] = nil } }

    /// The one whose request's head this is.
    subscript(head: Metadata) -> CallOutput? {
        guard let name = head[stringValues: Calls.field].first(where: { _ in true }) else { return nil }
        return open.withLock { $0[name] }
    }
}
