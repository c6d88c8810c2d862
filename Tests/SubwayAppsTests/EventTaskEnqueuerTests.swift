import Logging
import Pipes
import Run
import Testing
import Time

@testable import SubwayApps

@Suite struct EventTaskEnqueuerTests {
    private let tasks = FakeTasks()
    private let clock = ManualClock(now: Timestamp(micros: 1_772_239_225_250_000))

    @Test func aFiringBecomesThreeTasksTwentySecondsApart() async throws {
        let response = try await fire(at: "2026-02-28T00:40:00Z")
        #expect(response.status == 200)
        #expect(tasks.all.map(\.queue) == Array(repeating: "event-feed-queue", count: 3))
        #expect(
            tasks.all.map(\.task.scheduleTime?.rfc3339)
                == ["2026-02-28T00:40:00Z", "2026-02-28T00:40:20Z", "2026-02-28T00:40:40Z"])
        let processor = HTTPRequest(method: "POST", url: "http://mta-processor-endpoint/")
        #expect(tasks.all.allSatisfy { $0.task.request == processor })
    }

    @Test func theSameFiringDeliveredTwiceMakesNoDoubles() async throws {
        _ = try await fire(at: "2026-02-28T00:40:00Z")
        let again = try await fire(at: "2026-02-28T00:40:00.000Z")
        #expect(tasks.all.count == 3)
        #expect(again.status == 200)
        #expect(String(decoding: again.body, as: UTF8.self).contains("3 were there already"))
        _ = try await fire(at: "2026-02-28T00:41:00Z")
        #expect(tasks.all.count == 6)
    }

    @Test func aRunByHandIsNamedByTheClock() async throws {
        _ = try await fire(at: nil)
        clock.advance(by: .milliseconds(10))
        _ = try await fire(at: nil)
        #expect(tasks.all.count == 6)
        #expect(tasks.all.first?.task.scheduleTime == Timestamp(micros: 1_772_239_225_250_000))
        #expect(tasks.all.first?.task.name == "poll-20260228T004025-250Z-0")
    }

    @Test func namesAreWhatCloudTasksAllows() async throws {
        _ = try await fire(at: "2026-02-28T00:40:00.123456+01:00")
        for task in tasks.all {
            let name = try #require(task.task.name)
            #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        }
    }

    @Test func anUnreadableScheduleTimeIsRefused() async throws {
        #expect(try await fire(at: "yesterday").status == 400)
        #expect(tasks.all.isEmpty)
    }

    @Test func onlyPOSTCreatesTasks() async throws {
        let request = HTTPRequest(url: "http://event-task-enqueuer/")
        let response = try await EventTaskEnqueuer().handle(request, context: context)
        #expect(response.status == 405)
        #expect(tasks.all.isEmpty)
    }

    private var context: ServiceContext {
        ServiceContext(
            clock: clock, http: FakeHTTP { _ in HTTPResponse(status: 500) }, publisher: FakePublisher(), tasks: tasks,
            environment: [:], logger: Logger(label: "test"))
    }

    private func fire(at time: String?) async throws -> HTTPResponse {
        var request = HTTPRequest(method: "POST", url: "http://event-task-enqueuer/")
        request.headers["x-cloudscheduler-scheduletime"] = time
        return try await EventTaskEnqueuer().handle(request, context: context)
    }
}
