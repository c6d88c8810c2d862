import Foundation
import Journal
import Pipes
import PipesTestSupport
import TestSupport
import Testing
import Time

@testable import Tasks

@Suite("After a restart a queue", .timeLimit(.minutes(1)))
struct TaskQueuesRestartTests {
    let clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
    var start: Timestamp { time("2026-02-28T00:40:25Z") }

    @Test("has every task that was created and not finished, and its counts")
    func durable() async throws {
        try await withFolder { folder in
            let target = FakeTarget(clock: clock, statuses: [200, 500, 200])
            try await life(folder, target) { queues in
                for number in 0..<3 {
                    _ = try await queues.createTask(task("t\(number)", at: start + .seconds(number)), in: "q")
                }
                _ = try await queues.createTask(task("later", at: start + .seconds(100)), in: "q")
                await queues.play(clock, until: start + .milliseconds(1_050))
            }
            #expect(target.names == ["t0", "t1"])
            try await life(folder, target) { queues in
                let metrics = try #require(await queues.metrics().first)
                #expect(
                    metrics.depth == 3 && metrics.retrying == 1 && metrics.attemptedUnfinished == 1
                        && metrics.scheduled == 2)
                #expect(metrics.dispatched == 2 && metrics.succeeded == 1 && metrics.failedAttempts == 1)
                #expect(metrics.lastError == "task t1: HTTP 500")
                await queues.play(clock, until: start + .seconds(200))
            }
            #expect(target.names == ["t0", "t1", "t1", "t2", "later"])
            #expect(target.times == [0, 1, 1.1, 2, 100])
            #expect(target.calls[2].request.header("X-CloudTasks-TaskPreviousResponse") == "500")
            try await life(folder, target) { queues in
                let metrics = try #require(await queues.metrics().first)
                #expect(metrics.depth == 0 && metrics.succeeded == 4 && metrics.dispatched == 5 && metrics.retries == 1)
            }
        }
    }

    @Test("says what of its ledger cannot be read, and has the rest")
    func damage() async throws {
        try await withFolder { folder in
            let target = FakeTarget(clock: clock, statuses: [200, 200])
            try await life(folder, target) { queues in
                #expect(await queues.metrics().first?.problem == nil)
                for number in 0..<3 {
                    _ = try await queues.createTask(task("t\(number)", at: start + .seconds(100 + number)), in: "q")
                }
            }
            let path = folder + "/q.ledger"
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            try await life(folder, target) { queues in
                let metrics = try #require(await queues.metrics().first)
                let problem = try #require(metrics.problem)
                #expect(
                    problem.hasPrefix(
                        "tasks may be missing, or be dispatched once more: \(path): record 2 is damaged"))
                #expect(metrics.depth == 2)
                await queues.play(clock, until: start + .seconds(200))
            }
            #expect(target.names == ["t0", "t2"])
        }
    }

    @Test("makes an attempt again that a crash or a stop cut short")
    func crash() async throws {
        try await withFolder { folder in
            let clock = clock
            let crashed = folder + "/crashed"
            let target = FakeTarget(clock: clock) { _, number in
                guard number == 1 else { return HTTPResponse(status: 200) }
                // What is on disk while the attempt is under way is what a crash leaves.
                try FileManager.default.createDirectory(atPath: crashed, withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: folder + "/q.ledger", toPath: crashed + "/q.ledger")
                try await clock.sleep(until: .distantFuture)
                return HTTPResponse(status: 200)
            }
            try await life(folder, target) { queues in
                _ = try await queues.createTask(task("t"), in: "q")
                await eventually { clock.sleeperCount == 2 }
            }
            for folder in [folder, crashed] {
                let calls = target.calls.count
                try await life(folder, target) { queues in
                    await eventually { await !queues.hasWorkInFlight() }
                    #expect(await queues.metrics().first?.succeeded == 1)
                }
                #expect(target.calls.count == calls + 1)
                #expect(target.calls.last?.request.header("X-CloudTasks-TaskRetryCount") == "1")
            }
        }
    }

    @Test("knows what was attempted, before it is attempted again")
    func attempted() async throws {
        try await withFolder { folder in
            let clock = clock
            let target = FakeTarget(clock: clock) { _, _ in
                try await clock.sleep(until: .distantFuture)
                return HTTPResponse(status: 200)
            }
            try await life(folder, target) { queues in
                for name in ["a", "b"] { _ = try await queues.createTask(task(name), in: "q") }
                _ = try await queues.createTask(task("later", at: start + .seconds(60)), in: "q")
                await eventually { target.calls.count == 2 }
            }
            let queues = try TaskQueues([Queue(name: "q")], http: target, clock: clock, folder: folder)
            let metrics = try #require(await queues.metrics().first)
            #expect(metrics.attemptedUnfinished == 2 && metrics.depth == 3 && metrics.due == 2)
        }
    }

    @Test("remembers names for an hour after their end, pause, purges and deletions")
    func memory() async throws {
        try await withFolder { folder in
            let target = FakeTarget(clock: clock)
            try await life(folder, target) { queues in
                _ = try await queues.createTask(task("done"), in: "q")
                await eventually { await !queues.hasWorkInFlight() }
                let queue = try queues.queue("q")
                try await queue.pause()
                for name in ["a", "b"] { _ = try await queues.createTask(task(name), in: "q") }
                try await queue.delete("a")
                _ = try await queue.purge()
                _ = try await queues.createTask(task("kept"), in: "q")
            }
            try await life(folder, target) { queues in
                for name in ["done", "a", "b", "kept"] {
                    let created = try await queues.createTask(task(name), in: "q")
                    #expect(created == nil)
                }
                #expect(await queues.metrics().first.map { $0.isPaused && $0.depth == 1 } == true)
                clock.advance(by: .seconds(3600))
                for name in ["done", "a", "b", "kept"] {
                    let created = try await queues.createTask(task(name), in: "q")
                    #expect(created == (name == "kept" ? nil : name))
                }
                #expect(target.names == ["done"])
            }
            // A changed declaration holds against what was remembered.
            try await life(folder, target, Queue(name: "q", state: .paused)) { queues in
                try await queues.queue("q").resume()
                await eventually { await !queues.hasWorkInFlight() }
                #expect(target.names.count == 5)
            }
            try await life(folder, target, Queue(name: "q", state: .running)) { queues in
                #expect(await queues.metrics().first?.isPaused == false)
            }
        }
    }

    @Test("has kept its ledger small, and lost nothing by it")
    func compaction() async throws {
        try await withFolder { folder in
            let target = FakeTarget(clock: clock)
            try await life(folder, target) { queues in
                _ = try await queues.createTask(task("later", at: start + .seconds(100_000)), in: "q")
                for _ in 0..<40 {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<100 { group.addTask { _ = try await queues.createTask(task(), in: "q") } }
                        try await group.waitForAll()
                    }
                    await queues.play(clock, until: clock.now + .seconds(1))
                }
                await eventually { await !queues.hasWorkInFlight() }
            }
            let ledger = try Ledger<TaskRecord>(path: folder + "/q.ledger")
            #expect(ledger.recordCount < 10_100, "12,001 records were written")
            try await ledger.close()
            try await life(folder, target) { queues in
                let metrics = try #require(await queues.metrics().first)
                #expect(metrics.succeeded == 4_000 && metrics.dispatched == 4_000 && metrics.depth == 1)
            }
        }
    }

    @Test("that cannot write refuses tasks, and says why")
    func unwritable() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let target = FakeTarget(clock: clock)
            let queues = try TaskQueues([Queue(name: "q")], http: target, clock: clock, folder: folder + "/data")
            // A file stands where the folder should be made.
            try Data().write(to: URL(fileURLWithPath: folder + "/data"))
            try await queues.running { queues in
                let error = await #expect(throws: JournalError.self) { try await queues.createTask(task("t"), in: "q") }
                #expect(error?.message.contains(folder + "/data") == true)
                #expect(await queues.metrics().first?.depth == 0)
                #expect(await !queues.hasWorkInFlight())
                // The name is free again.
                await #expect(throws: JournalError.self) { try await queues.createTask(task("t"), in: "q") }
            }
            #expect(target.calls.isEmpty)
        }
    }

    /// One life of the queue, from the ledger in the folder to a clean end.
    private func life(
        _ folder: String, _ target: FakeTarget, _ queue: Queue = Queue(name: "q"),
        _ body: (TaskQueues) async throws -> Void
    ) async throws {
        try await TaskQueues([queue], http: target, clock: clock, folder: folder, durability: .written).running(body)
    }
}
