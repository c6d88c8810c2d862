import Pipes
import PipesTestSupport
import TestSupport
import Testing
import Time

@testable import Tasks

extension FakeTarget {
    /// When the calls came, in seconds from the first moment.
    var times: [Double] { calls.map { ($0.time - start).inSeconds } }
    /// The tasks' names, in the order of the calls.
    var names: [String] { calls.map { $0.request.header("X-CloudTasks-TaskName") ?? "" } }
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

func time(_ text: String) -> Timestamp {
    guard let time = Timestamp(rfc3339: text) else {
        Issue.record("'\(text)' is not a time")
        return Timestamp(micros: 0)
    }
    return time
}
