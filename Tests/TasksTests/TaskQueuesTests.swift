import Foundation
import Pipes
import PipesTestSupport
import Telemetry
import TestSupport
import Testing
import Time

@testable import Tasks

@Suite("A queue", .timeLimit(.minutes(1)))
struct TaskQueuesTests {
    let clock = ManualClock(now: time("2026-02-28T00:40:25Z"))
    var start: Timestamp { time("2026-02-28T00:40:25Z") }

    @Test("dispatches each task at its time, once")
    func schedule() async throws {
        let target = FakeTarget(clock: clock)
        try await queues(target).running { queues in
            for delay in [40, 0, 20] {
                #expect(
                    try await queues.createTask(task("t\(delay)", at: start + .seconds(delay)), in: "q") == "t\(delay)")
            }
            #expect(
                try await queues.createTask(task(at: start + .seconds(5)), in: "projects/p/locations/l/queues/q") != nil
            )
            await queues.play(clock, until: start + .seconds(60))
            let metrics = try #require(await queues.metrics().first)
            #expect(
                metrics.depth == 0 && metrics.dispatched == 4 && metrics.succeeded == 4 && metrics.latency?.count == 4)
            #expect(metrics.retries == 0 && metrics.failedAttempts == 0 && metrics.lastError == nil)
        }
        #expect(target.times == [0, 5, 20, 40])
        #expect(target.names.enumerated().filter { $0.offset != 1 }.map(\.element) == ["t0", "t20", "t40"])
        #expect(target.calls.allSatisfy { $0.timeout == .seconds(600) && $0.request.method == "POST" })
        #expect(target.calls[2].request.header("X-CloudTasks-TaskETA") == "1772239245.000000")
    }

    @Test("dispatches a burst at once, and the rest at its rate")
    func rate() async throws {
        let target = FakeTarget(clock: clock)
        var queue = Queue(name: "q")
        queue.rateLimits.maxDispatchesPerSecond = 4
        try await queues(target, queue).running { queues in
            for _ in 0..<14 { _ = try await queues.createTask(task(), in: "q") }
            await queues.play(clock, until: start + .seconds(10))
        }
        #expect(target.times == Array(repeating: 0, count: 10) + [0.25, 0.5, 0.75, 1])
    }

    @Test("has no more attempts under way than it may, and takes the next as soon as one ends")
    func concurrency() async throws {
        let gates = (0..<5).map { _ in Gate() }
        let target = FakeTarget(clock: clock) { _, number in
            await gates[number - 1].pass()
            return HTTPResponse(status: 200)
        }
        var queue = Queue(name: "q")
        queue.rateLimits.maxConcurrentDispatches = 2
        try await queues(target, queue).running { queues in
            for number in 0..<5 { _ = try await queues.createTask(task("t\(number)"), in: "q") }
            await eventually { target.calls.count == 2 }
            let metrics = try #require(await queues.metrics().first)
            #expect(metrics.inFlight == 2 && metrics.due == 3 && metrics.depth == 5 && metrics.attemptedUnfinished == 2)
            #expect(metrics.oldestDue == start)
            gates[1].open()
            await eventually { target.calls.count == 3 }
            for gate in gates { gate.open() }
            await eventually { await !queues.hasWorkInFlight() }
        }
        #expect(Set(target.names) == ["t0", "t1", "t2", "t3", "t4"])
    }

    @Test("retries with backoff until it succeeds, and tells the target what happened")
    func retries() async throws {
        let target = FakeTarget(clock: clock) { _, number in
            switch number {
            case 1: throw HTTPFailure(.unreachable, "http://app/: nobody listens")
            case 2...5: HTTPResponse(status: 500, text: "attempt \(number)")
            default: HTTPResponse(status: 204)
            }
        }
        var queue = Queue(name: "q")
        queue.retryConfig = QueueRetryConfig(minBackoff: .seconds(10), maxBackoff: .seconds(100), maxDoublings: 2)
        try await queues(target, queue).running { queues in
            _ = try await queues.createTask(task("t"), in: "q")
            await eventually { await queues.metrics().first?.failedAttempts == 1 }
            var metrics = try #require(await queues.metrics().first)
            #expect(
                metrics.retrying == 1 && metrics.attemptedUnfinished == 1 && metrics.inFlight == 0
                    && metrics.scheduled == 0)
            #expect(metrics.lastError == "task t: UNAVAILABLE: http://app/: nobody listens")
            await queues.play(clock, until: start + .seconds(1000))
            metrics = try #require(await queues.metrics().first)
            #expect(
                metrics.dispatched == 6 && metrics.retries == 5 && metrics.failedAttempts == 5 && metrics.succeeded == 1
            )
            #expect(metrics.depth == 0 && metrics.attemptedUnfinished == 0 && metrics.dropped == 0)
            #expect(metrics.lastError == "task t: HTTP 500: attempt 5")
        }
        // 10, 20, 40, then linearly by 40.
        #expect(target.times == [0, 10, 30, 70, 150, 250])
        let headers = target.calls.map { call in
            ["RetryCount", "ExecutionCount", "PreviousResponse", "RetryReason"].map {
                call.request.header("X-CloudTasks-Task\($0)") ?? "-"
            }
        }
        #expect(headers[0] == ["0", "0", "-", "-"])
        #expect(headers[1] == ["1", "0", "-", "UNAVAILABLE: http://app/: nobody listens"])
        #expect(headers[2] == ["2", "1", "500", "HTTP 500: attempt 2"])
        #expect(headers[5] == ["5", "4", "500", "HTTP 500: attempt 5"])
    }

    @Test("gives a task up after its last attempt")
    func givesUp() async throws {
        let target = FakeTarget(clock: clock, statuses: [404])
        var queue = Queue(name: "q")
        queue.retryConfig = QueueRetryConfig(maxAttempts: 3, minBackoff: .seconds(1))
        try await queues(target, queue).running { queues in
            _ = try await queues.createTask(task("t"), in: "q")
            await queues.play(clock, until: start + .seconds(60))
            let metrics = try #require(await queues.metrics().first)
            #expect(
                metrics.dropped == 1 && metrics.depth == 0 && metrics.failedAttempts == 3
                    && metrics.lastError == "task t: HTTP 404")
        }
        #expect(target.times == [0, 1, 3])
    }

    @Test("slows down as a whole while targets are overloaded, and recovers")
    func overload() async throws {
        let target = FakeTarget(clock: clock, statuses: Array(repeating: 503, count: 10) + [200])
        var queue = Queue(name: "q", rateLimits: RateLimits(maxDispatchesPerSecond: 100))
        queue.retryConfig.minBackoff = .seconds(3600)
        try await queues(target, queue).running { queues in
            for _ in 0..<40 { _ = try await queues.createTask(task(at: start + .seconds(1)), in: "q") }
            await queues.play(clock, until: start + .seconds(1))
            #expect(await queues.metrics().first?.effectiveRate == 10, "half of what it really had, the burst of 20")
            await queues.play(clock, until: start + .seconds(60))
            let metrics = try #require(await queues.metrics().first)
            #expect(metrics.effectiveRate == 100 && metrics.retrying == 10 && metrics.succeeded == 30)
        }
        #expect(target.times.prefix(20).allSatisfy { $0 == 1 } && target.times.count == 40)
        let slow = target.times.dropFirst(20)
        #expect(zip(slow.dropFirst(), slow).allSatisfy { $0 - $1 > 0.08 && $0 - $1 < 0.101 })
    }

    @Test("obeys Retry-After: a 503's for the whole queue, any for its task", arguments: [503, 500])
    func retryAfter(status: Int) async throws {
        let target = FakeTarget(clock: clock) { request, number in
            number == 1 ? HTTPResponse(status: status, headers: ["retry-after": "30"]) : HTTPResponse(status: 200)
        }
        try await queues(target).running { queues in
            _ = try await queues.createTask(task("first"), in: "q")
            await eventually { await queues.metrics().first?.failedAttempts == 1 }
            _ = try await queues.createTask(task("second", at: start + .seconds(1)), in: "q")
            await queues.play(clock, until: start + .seconds(60))
        }
        #expect(target.names.first == "first" && target.times.first == 0)
        let times = Dictionary(uniqueKeysWithValues: zip(target.names.dropFirst(), target.times.dropFirst()))
        #expect(times.keys.sorted() == ["first", "second"])
        #expect((times["first"] ?? 0) >= 30)
        #expect(times["second"].map { status == 503 ? $0 >= 30 : $0 == 1 } == true)
    }

    @Test("calls an attempt failed that outlasts its deadline, and tries again")
    func deadline() async throws {
        let clock = clock
        let target = FakeTarget(clock: clock) { _, number in
            if number == 1 { try await clock.sleep(until: .distantFuture) }
            return HTTPResponse(status: 200)
        }
        try await queues(target).running { queues in
            var task = task("t")
            task.dispatchDeadline = .seconds(15)
            _ = try await queues.createTask(task, in: "q")
            await eventually { target.calls.count == 1 }
            #expect(await queues.nextWake() == start + .seconds(15))
            clock.advance(to: start + .seconds(15))
            await eventually { await queues.metrics().first?.failedAttempts == 1 }
            #expect(await queues.metrics().first?.lastError == "task t: DEADLINE_EXCEEDED: no answer within 15s")
            await queues.play(clock, until: start + .seconds(60))
            #expect(await queues.metrics().first?.succeeded == 1)
        }
        #expect(target.times == [0, 15.1] && target.calls[0].timeout == .seconds(15))
        #expect(clock.sleeperCount == 0)
    }

    @Test("dispatches nothing while it is paused, but what is asked for by hand")
    func pausing() async throws {
        let target = FakeTarget(clock: clock)
        try await queues(target, Queue(name: "q", state: .paused)).running { queues in
            let queue = try queues.queue("q")
            for name in ["a", "b"] { _ = try await queues.createTask(task(name), in: "q") }
            #expect(await queues.nextWake() == nil)
            await queues.play(clock, until: start + .seconds(10))
            #expect(target.calls.isEmpty)
            let metrics = try #require(await queues.metrics().first)
            #expect(metrics.isPaused && metrics.due == 2 && metrics.oldestDue == start)
            try await queue.runNow("projects/p/locations/l/queues/q/tasks/b")
            await eventually { await !queues.hasWorkInFlight() }
            #expect(target.names == ["b"])
            #expect(try await queue.resume())
            #expect(try await !queue.resume())
            await eventually { await !queues.hasWorkInFlight() }
            #expect(target.names == ["b", "a"])
            #expect(try await queue.pause())
            _ = try await queues.createTask(task("c"), in: "q")
            await queues.play(clock, until: start + .seconds(20))
            #expect(target.names == ["b", "a"])
        }
    }

    @Test("runs no task twice at once, by hand neither")
    func byHand() async throws {
        let gate = Gate()
        let target = FakeTarget(clock: clock) { _, _ in
            await gate.pass()
            return HTTPResponse(status: 200)
        }
        try await queues(target).running { queues in
            let queue = try queues.queue("q")
            _ = try await queues.createTask(task("t"), in: "q")
            await eventually { target.calls.count == 1 }
            let running = await #expect(throws: QueueError.self) { try await queue.runNow("t") }
            #expect(running?.message == "queue q: task t is running already; wait until the attempt has ended")
            let missing = await #expect(throws: QueueError.self) { try await queue.runNow("x") }
            #expect(missing?.message == "queue q has no task 'x'; it may have ended")
            gate.open()
            await eventually { await !queues.hasWorkInFlight() }
        }
    }

    @Test("forgets tasks that are purged or deleted, also in flight")
    func deleting() async throws {
        let gate = Gate()
        let target = FakeTarget(clock: clock) { _, _ in
            await gate.pass()
            return HTTPResponse(status: 500)
        }
        try await queues(target).running { queues in
            let queue = try queues.queue("q")
            for (name, delay) in [("flying", 0), ("later", 10), ("deleted", 20)] {
                _ = try await queues.createTask(task(name, at: start + .seconds(delay)), in: "q")
            }
            await eventually { target.calls.count == 1 }
            try await queue.delete("deleted")
            await #expect(throws: QueueError.self) { try await queue.delete("deleted") }
            #expect(try await queue.purge() == 2)
            gate.open()
            await eventually { await !queues.hasWorkInFlight() }
            await queues.play(clock, until: start + .seconds(100))
            let metrics = try #require(await queues.metrics().first)
            #expect(target.names == ["flying"] && metrics.depth == 0 && metrics.retries == 0)
        }
    }

    @Test("refuses a name that is in use or ended less than an hour ago")
    func names() async throws {
        let target = FakeTarget(clock: clock)
        try await queues(target).running { queues in
            func create(at due: Timestamp? = nil) async throws -> String? {
                try await queues.createTask(task("t", at: due), in: "q")
            }
            var created = [try await create(at: start + .seconds(10)), try await create()]
            await queues.play(clock, until: start + .seconds(3_609))
            created.append(try await create())
            await queues.play(clock, until: start + .seconds(3_610))
            created.append(try await create())
            await eventually { await !queues.hasWorkInFlight() }
            #expect(created == ["t", nil, nil, "t"])
        }
        #expect(target.times == [10, 3_610])
    }

    @Test("takes a task once when many ask at the same time")
    func racingNames() async throws {
        let target = FakeTarget(clock: clock)
        try await withFolder { folder in
            try await queues(target, folder: folder).running { queues in
                let created = await withTaskGroup(of: Bool.self) { group in
                    for number in 0..<200 {
                        group.addTask { (try? await queues.createTask(task("t\(number % 10)"), in: "q")) != nil }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(created == 10)
                await eventually { await !queues.hasWorkInFlight() }
            }
        }
        #expect(target.names.sorted() == (0..<10).map { "t\($0)" })
    }

    @Test("is refused by an unknown name, with the nearest")
    func unknown() async throws {
        let queues = try queues(FakeTarget(clock: clock), Queue(name: "event-feed-queue"))
        let error = await #expect(throws: QueueError.self) {
            try await queues.createTask(task(), in: "event-fed-queue")
        }
        #expect(error?.description == "there is no queue 'event-fed-queue'; did you mean 'event-feed-queue'?")
        #expect(throws: QueueError.self) {
            try TaskQueues([Queue(name: "a"), Queue(name: "x/a")], http: FakeTarget(clock: clock), clock: clock)
        }
        #expect(throws: QueueError.self) {
            try TaskQueues([Queue(name: "a b")], http: FakeTarget(clock: clock), clock: clock)
        }
    }

    private func queues(_ target: FakeTarget, _ queue: Queue = Queue(name: "q"), folder: String? = nil) throws
        -> TaskQueues
    {
        try TaskQueues([queue], http: target, clock: clock, folder: folder)
    }
}

func task(_ name: String? = nil, at time: Timestamp? = nil) -> NewTask {
    NewTask(name: name, request: HTTPRequest(method: "POST", url: "http://app/"), scheduleTime: time)
}
