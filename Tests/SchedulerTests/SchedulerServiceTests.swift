import Pipes
import PipesTestSupport
import Telemetry
import TestSupport
import Testing
import Time

@testable import Scheduler

@Suite("The scheduler", .timeLimit(.minutes(1)))
struct SchedulerServiceTests {
    let clock = ManualClock(now: time("2026-02-28T00:40:25Z"))

    @Test("calls an enabled job's target at its times, with Cloud Scheduler's headers")
    func fires() async throws {
        let target = FakeTarget(clock: clock)
        var job = job()
        job.httpTarget?.headers = [
            "X-Custom": "yes", "x-cloudscheduler-jobname": "forged", "Content-Type": "text/plain",
        ]
        job.httpTarget?.body = Array("hello".utf8)
        let service = try SchedulerService(jobs: [job], http: target, clock: clock)
        await running(service) {
            await service.play(clock, until: time("2026-02-28T00:43:30Z"))
        }
        #expect(target.times == ["41:00", "42:00", "43:00"])
        let request = try #require(target.calls.first).request
        #expect(
            request.method == "POST" && request.url == "http://enqueuer/tick" && request.body == Array("hello".utf8))
        #expect(
            request.headers == [
                "X-CloudScheduler": "true", "X-CloudScheduler-JobName": "tick", "User-Agent": "Google-Cloud-Scheduler",
                "X-CloudScheduler-ScheduleTime": "2026-02-28T00:41:00Z", "X-Custom": "yes",
                "Content-Type": "text/plain",
            ])
        #expect(target.calls.allSatisfy { $0.timeout == .seconds(180) })
        let metrics = try #require(await service.metrics.first)
        #expect(
            metrics.attempts == 3 && metrics.failures == 0 && metrics.lastResult == "OK"
                && metrics.lastSucceeded == true)
        #expect(metrics.lastRun == time("2026-02-28T00:43:00Z") && metrics.nextRun == time("2026-02-28T00:44:00Z"))
        #expect(metrics.latency?.count == 3)
    }

    @Test("leaves a paused job alone until it is resumed")
    func pausing() async throws {
        let target = FakeTarget(clock: clock)
        let service = try SchedulerService(jobs: [job(state: .paused)], http: target, clock: clock)
        try await running(service) {
            #expect(await service.nextWake == nil)
            await service.play(clock, until: time("2026-02-28T00:42:30Z"))
            #expect(target.calls.isEmpty)
            #expect(await service.metrics.first?.job.state == .paused)
            let resumed = try await service.resume("projects/p/locations/l/jobs/tick")
            #expect(resumed.job.state == .enabled && resumed.nextRun == time("2026-02-28T00:43:00Z"))
            await service.play(clock, until: time("2026-02-28T00:44:30Z"))
            #expect(target.times == ["43:00", "44:00"])
            let paused = try await service.pause("tick")
            #expect(paused.job.state == .paused && paused.nextRun == nil)
            await service.play(clock, until: time("2026-02-28T00:50:00Z"))
            #expect(target.times == ["43:00", "44:00"])
        }
    }

    @Test("runs a job by hand as soon as it has started")
    func started() async throws {
        let target = FakeTarget(clock: clock)
        let service = try SchedulerService(jobs: [job()], http: target, clock: clock)
        await #expect(throws: SchedulerError.self) { try await service.runNow("tick") }
        await service.start()
        try await service.runNow("tick")
        await running(service) {
            await eventually { target.calls.count == 1 }
            await service.play(clock, until: time("2026-02-28T00:41:30Z"))
        }
        #expect(target.times == ["40:25", "41:00"])
    }

    @Test("runs a job by hand, paused too, but not while it runs")
    func byHand() async throws {
        let gate = Gate()
        let target = FakeTarget(clock: clock) { _, number in
            if number == 1 { await gate.pass() }
            return HTTPResponse(status: 200)
        }
        let service = try SchedulerService(jobs: [job(state: .paused)], http: target, clock: clock)
        try await running(service) {
            try await service.runNow("tick")
            await eventually { target.calls.count == 1 }
            #expect(await service.hasWorkInFlight)
            #expect(await service.metrics.first?.isRunning == true)
            let error = await #expect(throws: SchedulerError.self) { try await service.runNow("tick") }
            #expect(error?.code == .refused && error?.message == "job tick is running already; wait until it has ended")
            gate.open()
            await eventually { await !service.hasWorkInFlight }
            try await service.runNow("tick")
            await eventually { await !service.hasWorkInFlight }
            #expect(target.calls.count == 2)
            #expect(target.calls[0].request.header("X-CloudScheduler-ScheduleTime") == "2026-02-28T00:40:25Z")
            #expect(await service.metrics.first?.nextRun == nil)
        }
    }

    @Test("retries with backoff until it succeeds")
    func retries() async throws {
        let target = FakeTarget(clock: clock, statuses: [500, 503, 200])
        let retry = JobRetryConfig(retryCount: 3, minBackoffDuration: .seconds(5), maxBackoffDuration: .seconds(3600))
        let service = try SchedulerService(
            jobs: [job(schedule: "41 * * * *", retry: retry)], http: target, clock: clock)
        await running(service) {
            await service.play(clock, until: time("2026-02-28T00:50:00Z"))
        }
        #expect(target.times == ["41:00", "41:05", "41:15"])
        #expect(
            Set(target.calls.map { $0.request.header("X-CloudScheduler-ScheduleTime") }) == ["2026-02-28T00:41:00Z"])
        let metrics = try #require(await service.metrics.first)
        #expect(metrics.attempts == 3 && metrics.failures == 2 && metrics.lastSucceeded == true)
    }

    @Test("gives up retrying after its count, and at the next scheduled time")
    func retriesEnd() async throws {
        let target = FakeTarget(clock: clock, statuses: [500])
        let few = JobRetryConfig(retryCount: 2, minBackoffDuration: .seconds(5), maxBackoffDuration: .seconds(5))
        let slow = JobRetryConfig(retryCount: 5, minBackoffDuration: .seconds(25), maxBackoffDuration: .seconds(25))
        let service = try SchedulerService(
            jobs: [
                job("few", schedule: "41 * * * *", retry: few), job("slow", schedule: "45-46 * * * *", retry: slow),
            ],
            http: target, clock: clock)
        await running(service) {
            await service.play(clock, until: time("2026-02-28T00:46:40Z"))
        }
        #expect(target.times == ["41:00", "41:05", "41:10", "45:00", "45:25", "45:50", "46:00", "46:25"])
        #expect(await service.metrics.first?.lastResult == "HTTP 500")
    }

    @Test("retries for a duration when there is no count")
    func retryDuration() async throws {
        let target = FakeTarget(clock: clock, statuses: [500])
        let retry = JobRetryConfig(
            maxRetryDuration: .seconds(30), minBackoffDuration: .seconds(10), maxBackoffDuration: .seconds(10))
        let service = try SchedulerService(
            jobs: [job(schedule: "41 * * * *", retry: retry)], http: target, clock: clock)
        await running(service) {
            await service.play(clock, until: time("2026-02-28T00:50:00Z"))
        }
        #expect(target.times == ["41:00", "41:10", "41:20", "41:30"])
    }

    @Test("delays a scheduled time while an attempt is under way, and fires the delayed ones once")
    func neverTwoAtOnce() async throws {
        let gate = Gate()
        let target = FakeTarget(clock: clock) { _, number in
            if number == 1 { await gate.pass() }
            return HTTPResponse(status: 200)
        }
        var job = job()
        job.attemptDeadline = .seconds(600)
        let service = try SchedulerService(jobs: [job], http: target, clock: clock)
        await running(service) {
            clock.advance(to: time("2026-02-28T00:41:00Z"))
            await eventually { target.calls.count == 1 }
            clock.advance(to: time("2026-02-28T00:44:10Z"))
            #expect(target.calls.count == 1)
            gate.open()
            await eventually { target.calls.count == 2 }
            #expect(target.calls[1].request.header("X-CloudScheduler-ScheduleTime") == "2026-02-28T00:42:00Z")
            await service.play(clock, until: time("2026-02-28T00:46:00Z"))
        }
        #expect(target.times == ["41:00", "44:10", "45:00", "46:00"])
    }

    @Test("calls an attempt failed that outlasts its deadline")
    func deadline() async throws {
        let clock = clock
        let target = FakeTarget(clock: clock) { _, number in
            if number == 1 { try await clock.sleep(until: .distantFuture) }
            return HTTPResponse(status: 200)
        }
        var job = job(schedule: "41 * * * *", retry: JobRetryConfig(retryCount: 1))
        job.attemptDeadline = .seconds(15)
        let service = try SchedulerService(jobs: [job], http: target, clock: clock)
        await running(service) {
            clock.advance(to: time("2026-02-28T00:41:00Z"))
            await eventually { target.calls.count == 1 }
            clock.advance(to: time("2026-02-28T00:41:15Z"))
            await eventually { await service.metrics.first?.failures == 1 }
            #expect(
                await service.metrics.first?.job.status
                    == JobStatus(code: 4, message: "DEADLINE_EXCEEDED: no answer within 15s"))
            await service.play(clock, until: time("2026-02-28T00:42:00Z"))
        }
        #expect(target.times == ["41:00", "41:20"])
        #expect(await service.metrics.first?.lastResult == "OK")
    }

    @Test(
        "says what went wrong",
        arguments: [
            (HTTPResponse(status: 404, text: "no such page\nat all"), "HTTP 404: no such page", 5),
            (HTTPResponse(status: 429), "HTTP 429", 8), (HTTPResponse(status: 302), "HTTP 302", 2),
            (nil, "UNAVAILABLE: http://enqueuer/tick: nobody listens", 14),
        ] as [(HTTPResponse?, String, Int)])
    func failures(response: HTTPResponse?, message: String, code: Int) async throws {
        let target = FakeTarget(clock: clock) { request, _ in
            guard let response else { throw HTTPFailure(.unreachable, "\(request.url): nobody listens") }
            return response
        }
        let service = try SchedulerService(jobs: [job()], http: target, clock: clock)
        await running(service) {
            await service.play(clock, until: time("2026-02-28T00:41:00Z"))
            await eventually { await service.metrics.first?.failures == 1 }
        }
        #expect(await service.metrics.first?.job.status == JobStatus(code: code, message: message))
        #expect(await service.metrics.first?.lastSucceeded == false)
    }

    @Test("publishes for a Pub/Sub target")
    func publishes() async throws {
        let broker = FakeBroker()
        let job = Job(
            name: "tick", schedule: "@hourly", state: .enabled,
            pubsubTarget: PubsubTargetSettings(topicName: "projects/p/topics/t", data: [1, 2], attributes: ["a": "b"]))
        let service = try SchedulerService(jobs: [job], http: FakeTarget(clock: clock), publisher: broker, clock: clock)
        await running(service) {
            await service.play(clock, until: time("2026-02-28T01:00:00Z"))
            await eventually { await service.metrics.first?.lastSucceeded == true }
        }
        #expect(broker.published.map(\.topic) == ["projects/p/topics/t"])
        #expect(broker.published.first?.message == OutgoingMessage(data: [1, 2], attributes: ["a": "b"]))
    }

    @Test("ends attempts that are under way when it is stopped")
    func stopping() async throws {
        let clock = clock
        let target = FakeTarget(clock: clock) { _, _ in
            try await clock.sleep(until: .distantFuture)
            return HTTPResponse(status: 200)
        }
        let service = try SchedulerService(
            jobs: [job(retry: JobRetryConfig(retryCount: 5))], http: target, clock: clock)
        try await running(service) {
            try await service.runNow("tick")
            await eventually { target.calls.count == 1 }
        }
        #expect(await !service.hasWorkInFlight)
        #expect(await service.metrics.first?.lastResult == "CANCELLED: the scheduler was stopped during the attempt")
        #expect(clock.sleeperCount == 0)
    }

    @Test("refuses what it does not know, with the nearest name")
    func unknown() async throws {
        let service = try SchedulerService(
            jobs: [job("trigger-enqueuer")], http: FakeTarget(clock: clock), clock: clock)
        for command in [SchedulerService.pause, SchedulerService.resume, SchedulerService.runNow] {
            let error = await #expect(throws: SchedulerError.self) { try await command(service)("triger-enqueuer") }
            #expect(error?.description == "there is no job 'triger-enqueuer'; did you mean 'trigger-enqueuer'?")
        }
    }
}

func job(
    _ name: String = "tick", schedule: String = "* * * * *", state: Job.State = .enabled,
    retry: JobRetryConfig = JobRetryConfig()
) -> Job {
    Job(
        name: name, schedule: schedule, state: state, httpTarget: HTTPTargetSettings(uri: "http://enqueuer/tick"),
        retryConfig: retry)
}
