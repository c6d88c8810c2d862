import Pipes
import PipesTestSupport
import Synchronization
import TestSupport
import Time

@testable import Scheduler

extension FakeTarget {
    /// Minutes and seconds of the calls, in their hour.
    var times: [String] { calls.map { String($0.time.rfc3339.dropFirst(14).prefix(5)) } }
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
