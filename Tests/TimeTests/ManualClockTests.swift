import Testing
import Time

@Suite("The manual clock")
struct ManualClockTests {
    private let start = Timestamp(seconds: 1_000)

    @Test("stands still until it is moved, and never moves back")
    func moves() {
        let clock = ManualClock(now: start)
        #expect(clock.now == start)
        clock.advance(by: .seconds(5))
        #expect(clock.now == start + .seconds(5))
        clock.advance(to: start)
        #expect(clock.now == start + .seconds(5))
    }

    @Test("wakes a sleeper at its deadline, not before")
    func deadline() async throws {
        let clock = ManualClock(now: start)
        let sleeper = Task {
            try await clock.sleep(for: .seconds(10))
            return clock.now
        }
        await clock.waitForSleepers(1)
        #expect(clock.nextDeadline == start + .seconds(10))
        clock.advance(by: .microseconds(9_999_999))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .microseconds(1))
        #expect(try await sleeper.value == start + .seconds(10))
        #expect(clock.sleeperCount == 0 && clock.nextDeadline == nil)
    }

    @Test("returns at once for a deadline that has come")
    func past() async throws {
        let clock = ManualClock(now: start)
        try await clock.sleep(until: start)
        try await clock.sleep(until: .distantPast)
        #expect(clock.sleeperCount == 0)
    }

    @Test("wakes only those whose deadline has come")
    func several() async throws {
        let clock = ManualClock(now: start)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for delay in [30, 10, 20] {
                group.addTask {
                    try await clock.sleep(for: .seconds(delay))
                    return delay
                }
            }
            await clock.waitForSleepers(3)
            #expect(clock.nextDeadline == start + .seconds(10))
            clock.advance(by: .seconds(20))
            #expect(clock.sleeperCount == 1)
            let woken = [try await group.next(), try await group.next()]
            #expect(Set(woken) == [10, 20])
            clock.advance(by: .seconds(10))
            #expect(try await group.next() == 30)
        }
    }

    @Test("lets a cancelled sleeper go with CancellationError")
    func cancellation() async {
        let clock = ManualClock(now: start)
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.waitForSleepers(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.sleeperCount == 0)
    }

    @Test("refuses to sleep in a task that is already cancelled")
    func cancelledBefore() async {
        let clock = ManualClock(now: start)
        let sleeper = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(for: .seconds(10))
        }
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test("tells every waiter when enough sleepers have come")
    func waiters() async {
        let clock = ManualClock(now: start)
        await withTaskGroup(of: Void.self) { group in
            for count in [1, 2, 3] { group.addTask { await clock.waitForSleepers(count) } }
            for _ in 0..<3 { group.addTask { try? await clock.sleep(for: .seconds(1)) } }
            // The three waiters end on their own; the sleepers when time moves.
            await group.next()
            await group.next()
            await group.next()
            clock.advance(by: .seconds(1))
        }
        #expect(clock.sleeperCount == 0)
    }

    @Test("survives sleepers that come, wake and are cancelled from many threads")
    func storm() async {
        let clock = ManualClock(now: start)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let sleeper = Task { try? await clock.sleep(for: .milliseconds(number % 50)) }
                    if number % 3 == 0 { sleeper.cancel() }
                    await sleeper.value
                }
            }
            group.addTask {
                for _ in 0..<200 {
                    clock.advance(by: .milliseconds(1))
                    await Task.yield()
                }
                // Whoever came late: until all have been let go.
                clock.advance(to: .distantFuture)
            }
        }
        #expect(clock.sleeperCount == 0)
    }
}
