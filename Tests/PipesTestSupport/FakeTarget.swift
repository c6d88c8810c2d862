public import Pipes
import Synchronization
public import Time

/// Takes requests, notes them, and answers as it is told.
public final class FakeTarget: HTTPTarget {
    /// A request that came.
    public struct Call: Sendable {
        /// When.
        public var time: Timestamp
        /// What.
        public var request: HTTPRequest
        /// How long the caller waits.
        public var timeout: Duration
    }

    private let clock: ManualClock
    /// When it was made.
    public let start: Timestamp
    private let noted = Mutex<[Call]>([])
    private let respond: @Sendable (HTTPRequest, Int) async throws -> HTTPResponse

    /// Answers with what `respond` gives for the request and its number, from 1.
    public init(clock: ManualClock, respond: @escaping @Sendable (HTTPRequest, Int) async throws -> HTTPResponse) {
        self.clock = clock
        start = clock.now
        self.respond = respond
    }

    /// Answers with these statuses in turn, and from then on with the last.
    public convenience init(clock: ManualClock, statuses: [Int] = [200]) {
        self.init(clock: clock) { _, number in HTTPResponse(status: statuses[min(number, statuses.count) - 1]) }
    }

    /// What came, in its order.
    public var calls: [Call] { noted.withLock { $0 } }

    /// Takes a request.
    public func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let number = noted.withLock { calls in
            calls.append(Call(time: clock.now, request: request, timeout: timeout))
            return calls.count
        }
        return try await respond(request, number)
    }
}
