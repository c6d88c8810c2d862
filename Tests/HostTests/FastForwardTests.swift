import Synchronization
import Testing
import Time

@testable import Host

@Suite struct FastForwardTests {
    @Test func timeJumpsOnlyWhileNothingIsUnderWay() async throws {
        let clock = ManualClock(now: Timestamp(seconds: 0))
        let isQuiet = Mutex(false)
        let looks = AsyncStream<Void>.makeStream()
        let forward = Task {
            try await FastForward(
                clock: clock,
                isQuiet: {
                    looks.continuation.yield()
                    return isQuiet.withLock { $0 }
                },
                nextDue: { nil }
            ).run()
        }
        let sleeper = Task { try await clock.sleep(until: Timestamp(seconds: 3600)) }
        await clock.waitForSleepers()
        var seen = 0
        for await _ in looks.stream {
            seen += 1
            if seen == 5 { break }
        }
        #expect(clock.now == Timestamp(seconds: 0))
        isQuiet.withLock { $0 = true }
        try await sleeper.value
        #expect(clock.now == Timestamp(seconds: 3600))
        forward.cancel()
        await #expect(throws: CancellationError.self) { try await forward.value }
    }
}
