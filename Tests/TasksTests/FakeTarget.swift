import Foundation
import Pipes
import Synchronization
import Testing
import Time

@testable import Tasks

/// Takes requests, notes them, and answers as it is told.
final class FakeTarget: HTTPTarget {
    struct Call: Sendable {
        var time: Timestamp
        var request: HTTPRequest
        var timeout: Duration
    }

    private let clock: ManualClock
    private let start: Timestamp
    private let noted = Mutex<[Call]>([])
    /// Given the request and its number, from 1.
    private let respond: @Sendable (HTTPRequest, Int) async throws -> HTTPResponse

    init(clock: ManualClock, respond: @escaping @Sendable (HTTPRequest, Int) async throws -> HTTPResponse) {
        self.clock = clock
        start = clock.now
        self.respond = respond
    }

    /// Answers with these statuses in turn, and from then on with the last.
    convenience init(clock: ManualClock, statuses: [Int] = [200]) {
        self.init(clock: clock) { _, number in HTTPResponse(status: statuses[min(number, statuses.count) - 1]) }
    }

    var calls: [Call] { noted.withLock { $0 } }
    /// When the calls came, in seconds from the first moment.
    var times: [Double] { calls.map { ($0.time - start).inSeconds } }
    /// The tasks' names, in the order of the calls.
    var names: [String] { calls.map { $0.request.header("X-CloudTasks-TaskName") ?? "" } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let number = noted.withLock { calls in
            calls.append(Call(time: clock.now, request: request, timeout: timeout))
            return calls.count
        }
        return try await respond(request, number)
    }
}

/// Lets those who wait pass once it is opened.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Looks again and again, giving way to the others between two looks. A test's time limit ends what never comes.
func eventually(_ condition: () async -> Bool) async {
    while await !condition() { await Task.yield() }
}

extension TaskQueues {
    /// Lets time run until `end`, from one due thing to the next, each of which comes to its end before time goes on.
    func play(_ clock: ManualClock, until end: Timestamp) async {
        while true {
            await eventually { await !self.hasWorkInFlight() }
            guard let next = await nextWake(), next <= end else { break }
            clock.advance(to: next)
        }
        clock.advance(to: end)
    }

    /// Runs `body` beside the queues, and stops them after it.
    func running(_ body: (TaskQueues) async throws -> Void) async throws {
        let run = Task { await self.run() }
        for queue in await metrics() {
            let service = try self.queue(queue.queue.name)
            await eventually { await service.isRunning }
        }
        do {
            try await body(self)
        } catch {
            run.cancel()
            await run.value
            throw error
        }
        run.cancel()
        await run.value
    }
}

/// Runs `body` with a new folder that is removed after it.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tasks-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}

func time(_ text: String) -> Timestamp {
    guard let time = Timestamp(rfc3339: text) else {
        Issue.record("'\(text)' is not a time")
        return Timestamp(micros: 0)
    }
    return time
}
