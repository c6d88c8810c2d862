import Foundation
import Pipes
import Synchronization
import Time

@testable import Scheduler

/// Takes requests, notes them, and answers as it is told.
final class FakeTarget: HTTPTarget {
    struct Call: Sendable {
        var time: Timestamp
        var request: HTTPRequest
        var timeout: Duration
    }

    private let clock: ManualClock
    private let noted = Mutex<[Call]>([])
    /// Given the request and its number, from 1.
    private let respond: @Sendable (HTTPRequest, Int) async throws -> HTTPResponse

    init(clock: ManualClock, respond: @escaping @Sendable (HTTPRequest, Int) async throws -> HTTPResponse) {
        self.clock = clock
        self.respond = respond
    }

    /// Answers with these statuses in turn, and from then on with the last.
    convenience init(clock: ManualClock, statuses: [Int] = [200]) {
        self.init(clock: clock) { _, number in HTTPResponse(status: statuses[min(number, statuses.count) - 1]) }
    }

    var calls: [Call] { noted.withLock { $0 } }
    /// Minutes and seconds of the calls, in their hour.
    var times: [String] { calls.map { String($0.time.rfc3339.dropFirst(14).prefix(5)) } }

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

/// Notes what is published.
final class FakeBroker: MessagePublisher {
    private let noted = Mutex<[(topic: String, message: OutgoingMessage)]>([])

    var published: [(topic: String, message: OutgoingMessage)] { noted.withLock { $0 } }

    func publish(_ messages: [OutgoingMessage], to topic: String) async throws -> [UInt64] {
        noted.withLock { noted in
            for message in messages { noted.append((topic, message)) }
            return messages.indices.map { UInt64($0) }
        }
    }
}

/// Looks again and again, giving way to the others between two looks. A test's time limit ends what never comes.
func eventually(_ condition: () async -> Bool) async {
    while await !condition() { await Task.yield() }
}

extension SchedulerService {
    /// Lets time run until `end`, from one due thing to the next, each of which comes to its end before time goes on.
    nonisolated func play(_ clock: ManualClock, until end: Timestamp) async {
        while true {
            await eventually { await !self.hasWorkInFlight }
            guard let next = await nextWake, next <= end else { break }
            clock.advance(to: next)
        }
        clock.advance(to: end)
    }
}

/// Runs `body` beside the service, and stops the service after it.
func running(_ service: SchedulerService, _ body: () async throws -> Void) async rethrows {
    let run = Task { await service.run() }
    await eventually { await service.isRunning }
    do {
        try await body()
    } catch {
        run.cancel()
        await run.value
        throw error
    }
    run.cancel()
    await run.value
}

/// Runs `body` with a new folder that is removed after it.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "scheduler-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}
