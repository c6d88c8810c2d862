import PubSub
import Synchronization
import Time

/// A StreamingPull stream that is open: its session, and who waits for it to have room.
final class OpenStream: Sendable {
    private let session: Mutex<StreamingPullSession>
    /// Something may have changed for who waits for room.
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation
    /// Ends when the server does.
    private let life: AsyncStream<Void>
    private let ending: AsyncStream<Void>.Continuation

    init(_ session: StreamingPullSession) {
        self.session = Mutex(session)
        (life, ending) = AsyncStream.makeStream()
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func withSession<Result>(_ body: (inout sending StreamingPullSession) throws -> sending Result) rethrows -> Result {
        try session.withLock(body)
    }

    /// What may be sent, once there is room. For one caller. Throws `CancellationError`.
    func waitForRoom(_ clock: any WallClock) async throws -> StreamingPullSession.Room {
        var changes = changes.makeAsyncIterator()
        while true {
            try Task.checkCancellation()
            let (room, next) = session.withLock { ($0.room(at: clock.now), $0.nextRoom) }
            if room != .none { return room }
            let alarm = next.map { time in
                Task { [change] in
                    try await clock.sleep(until: time)
                    change.yield()
                }
            }
            defer { alarm?.cancel() }
            await changes.next()
        }
    }

    /// Throws UNAVAILABLE once the server shuts down: clients open the stream anew. For one caller.
    func waitForEnd() async throws {
        for await _ in life {}
        throw APIError(CancellationError())
    }

    fileprivate func end() { ending.finish() }

    fileprivate func settle(_ sequences: [UInt64]) {
        if session.withLock({ $0.settle(sequences) }) { change.yield() }
    }

    fileprivate func extend(_ sequences: [UInt64], until deadline: Timestamp) {
        session.withLock { $0.extend(sequences, until: deadline) }
        change.yield()
    }
}

/// The streams that are open, by subscription: an acknowledgement by a call of its own makes room on a stream, too.
final class OpenStreams: Sendable {
    private let streams = Mutex<[String: [OpenStream]]>([:])
    private let isEnding = Atomic<Bool>(false)

    func add(_ stream: OpenStream, to subscription: String) {
        streams.withLock { $0[subscription, default: []].append(stream) }
        if isEnding.load(ordering: .sequentiallyConsistent) { stream.end() }
    }

    /// Ends all streams, and those that are opened later.
    func end() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        for stream in streams.withLock({ $0.values.joined() }) { stream.end() }
    }

    func remove(_ stream: OpenStream, from subscription: String) {
        streams.withLock { streams in
            streams[subscription]?.removeAll { $0 === stream }
            if streams[subscription]?.isEmpty == true { streams[subscription] = nil }
        }
    }

    /// Messages of a subscription are acknowledged or given back.
    func settle(_ ids: [AckID], of subscription: String) {
        let open = streams.withLock { $0[subscription] ?? [] }
        guard !open.isEmpty else { return }
        let sequences = ids.map(\.sequence)
        for stream in open { stream.settle(sequences) }
    }

    /// Leases of a subscription's messages are extended.
    func extend(_ ids: [AckID], of subscription: String, until deadline: Timestamp) {
        let open = streams.withLock { $0[subscription] ?? [] }
        guard !open.isEmpty else { return }
        let sequences = ids.map(\.sequence)
        for stream in open { stream.extend(sequences, until: deadline) }
    }
}
