import Foundation
import Pipes
import Testing
import Time

@testable import Tasks

@Suite("Queues")
struct QueueTests {
    @Test("have Google's defaults")
    func defaults() throws {
        let queue = try JSONDecoder().decode(
            Queue.self, from: Data(#"{"name": "projects/p/locations/l/queues/q"}"#.utf8))
        #expect(
            queue == Queue(name: "projects/p/locations/l/queues/q") && queue.shortName == "q" && queue.problems.isEmpty)
        #expect(queue.rateLimits.maxDispatchesPerSecond == 500 && queue.rateLimits.maxConcurrentDispatches == 1000)
        #expect(queue.rateLimits.maxBurstSize == 100)
        #expect(queue.retryConfig.maxAttempts == 100 && queue.retryConfig.maxDoublings == 16)
        #expect(queue.retryConfig.minBackoff == .milliseconds(100) && queue.retryConfig.maxBackoff == .seconds(3600))
        #expect(queue.state == .running)
    }

    @Test("read and write Google's REST JSON")
    func json() throws {
        let text = """
            {"name": "q", "rateLimits": {"maxDispatchesPerSecond": 5.5, "maxBurstSize": 3, "maxConcurrentDispatches": 7},
             "retryConfig": {"maxAttempts": -1, "maxRetryDuration": "60s", "minBackoff": "0.5s", "maxBackoff": "10s",
             "maxDoublings": 2}, "state": "PAUSED"}
            """
        let queue = try JSONDecoder().decode(Queue.self, from: Data(text.utf8))
        let retry = QueueRetryConfig(
            maxAttempts: -1, maxRetryDuration: .seconds(60), minBackoff: .milliseconds(500), maxBackoff: .seconds(10),
            maxDoublings: 2)
        let limits = RateLimits(maxDispatchesPerSecond: 5.5, maxConcurrentDispatches: 7)
        #expect(queue == Queue(name: "q", rateLimits: limits, retryConfig: retry, state: .paused))
        let data = try JSONEncoder().encode(queue)
        #expect(try JSONDecoder().decode(Queue.self, from: data) == queue)
        #expect(String(decoding: data, as: UTF8.self).contains(#""maxBurstSize":10"#))
    }

    @Test(
        "choose their burst from their rate", arguments: [(500.0, 100), (100.0, 20), (51.0, 11), (50.0, 10), (0.1, 10)])
    func burst(rate: Double, size: Int) {
        #expect(RateLimits(maxDispatchesPerSecond: rate).maxBurstSize == size)
    }

    @Test(
        "name the field at fault",
        arguments: [
            ("name", "'a b' is not a queue id"), ("state", "declared RUNNING or PAUSED"),
            ("rateLimits.maxDispatchesPerSecond", "0.0 is outside"),
            ("rateLimits.maxConcurrentDispatches", "5001 is outside 1–5000"),
            ("retryConfig.maxAttempts", "0 attempts are not possible; write 1 or more, or -1"),
            ("retryConfig.maxRetryDuration", "write 0s for no limit"), ("retryConfig.maxBackoff", "raise maxBackoff"),
            ("retryConfig.maxDoublings", "-1 doublings"),
        ])
    func problems(field: String, message: String) {
        var queue = Queue(name: "q")
        switch field {
        case "name": queue.name = "a b"
        case "state": queue.state = .disabled
        case "rateLimits.maxDispatchesPerSecond": queue.rateLimits.maxDispatchesPerSecond = 0
        case "rateLimits.maxConcurrentDispatches": queue.rateLimits.maxConcurrentDispatches = 5001
        case "retryConfig.maxAttempts": queue.retryConfig.maxAttempts = 0
        case "retryConfig.maxRetryDuration": queue.retryConfig.maxRetryDuration = .seconds(-1)
        case "retryConfig.maxBackoff": queue.retryConfig.maxBackoff = .milliseconds(99)
        default: queue.retryConfig.maxDoublings = -1
        }
        #expect(queue.problems.map(\.field) == [field])
        #expect(queue.problems.first?.message.contains(message) == true, "\(queue.problems)")
    }

    @Test(
        "give a task up only when attempts and time are used up",
        arguments: [
            // max attempts, max duration s, attempts, age s, another one
            (3, 0, 2, 9_999, true), (3, 0, 3, 0, false), (3, 60, 3, 59, true), (3, 60, 3, 60, false),
            (3, 60, 2, 61, true),
            (-1, 0, 1_000_000, 1_000_000, true), (-1, 60, 5, 61, true), (1, 0, 1, 0, false),
        ])
    func givingUp(maxAttempts: Int, maxDuration: Int, attempts: Int, age: Int, another: Bool) {
        let config = QueueRetryConfig(maxAttempts: maxAttempts, maxRetryDuration: .seconds(maxDuration))
        #expect(config.allowsRetry(afterAttempts: attempts, age: .seconds(age)) == another)
    }
}

@Suite("Tasks")
struct QueuedTaskTests {
    let start = time("2026-02-28T00:40:25.5Z")

    @Test("carry Cloud Tasks' headers, which nobody can forge")
    func headers() {
        let request = HTTPRequest(
            method: "POST", url: "http://s/",
            headers: ["x-cloudtasks-taskname": "forged", "User-Agent": "me", "A": "b"], body: [1])
        var task = QueuedTask(id: 7, NewTask(name: "n", request: request), at: start)
        task.attempts = 1
        var common = [
            "X-CloudTasks-QueueName": "q", "X-CloudTasks-TaskName": "n", "X-CloudTasks-TaskRetryCount": "0",
            "X-CloudTasks-TaskExecutionCount": "0", "X-CloudTasks-TaskETA": "1772239225.500000",
            "User-Agent": "Google-Cloud-Tasks", "Content-Type": "application/octet-stream", "A": "b",
        ]
        #expect(task.request(ofQueue: "q").headers == common)
        (task.attempts, task.responses, task.previousStatus, task.retryReason) = (4, 2, 503, "HTTP 503: über\r\nvoll")
        common["X-CloudTasks-TaskRetryCount"] = "3"
        common["X-CloudTasks-TaskExecutionCount"] = "2"
        common["X-CloudTasks-TaskPreviousResponse"] = "503"
        common["X-CloudTasks-TaskRetryReason"] = "HTTP 503: ??ber??voll"
        #expect(task.request(ofQueue: "q").headers == common)
        #expect(task.request(ofQueue: "q").body == [1] && task.request(ofQueue: "q").url == "http://s/")
    }

    @Test("come out of the ledger as they went in")
    func roundTrip() throws {
        let request = HTTPRequest(method: "PUT", url: "http://s/x?y", headers: ["a": "ü"], body: [0, 255, 10])
        var task = QueuedTask(
            id: 1_772_239_225_500_000,
            NewTask(
                name: "q/tasks/n", request: request, scheduleTime: start + .seconds(5), dispatchDeadline: .seconds(15)),
            at: start)
        #expect(task.name == "n" && task.dispatchDeadline == .seconds(15))
        #expect(try JSONDecoder().decode(QueuedTask.self, from: JSONEncoder().encode(task)) == task)
        (task.attempts, task.responses, task.firstAttempt, task.previousStatus, task.retryReason) = (
            3, 2, start, 500, "why"
        )
        #expect(try JSONDecoder().decode(QueuedTask.self, from: JSONEncoder().encode(task)) == task)
    }

    @Test(
        "are refused with the field at fault",
        arguments: [
            ("name", "'a b' is not a task id"), ("httpRequest.url", "'nowhere' is not a URL"),
            ("httpRequest.body", "the body has 1048577 bytes; at most 1048576 fit"),
            ("dispatchDeadline", "14s is outside 15s–1800s"),
        ])
    func problems(field: String, message: String) {
        var task = NewTask(request: HTTPRequest(url: "http://s/"))
        #expect(task.problem(in: "q") == nil)
        switch field {
        case "name": task.name = "a b"
        case "httpRequest.url": task.request.url = "nowhere"
        case "httpRequest.body": task.request.body = Array(repeating: 0, count: 1_048_577)
        default: task.dispatchDeadline = .seconds(14)
        }
        #expect(task.problem(in: "q")?.field == field)
        #expect(task.problem(in: "q")?.message.contains(message) == true)
    }
}
