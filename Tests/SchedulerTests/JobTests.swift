import Foundation
import Scheduler
import Testing
import Time

@Suite("Jobs")
struct JobTests {
    @Test("read Google's REST JSON, with Google's defaults")
    func reads() throws {
        let text = """
            {"name": "projects/p/locations/l/jobs/tick", "description": "every minute", "schedule": "* * * * *",
             "timeZone": "Europe/Berlin", "state": "PAUSED",
             "httpTarget": {"uri": "http://enqueuer/", "httpMethod": "PUT", "headers": {"a": "b"}, "body": "aGk="},
             "retryConfig": {"retryCount": 3, "maxRetryDuration": "60s", "minBackoffDuration": "0.5s"},
             "attemptDeadline": "320s"}
            """
        let job = try JSONDecoder().decode(Job.self, from: Data(text.utf8))
        var expected = Job(
            name: "projects/p/locations/l/jobs/tick", description: "every minute", schedule: "* * * * *",
            timeZone: "Europe/Berlin", state: .paused,
            httpTarget: HTTPTargetSettings(
                uri: "http://enqueuer/", httpMethod: .put, headers: ["a": "b"], body: [104, 105]),
            attemptDeadline: .seconds(320))
        expected.retryConfig = JobRetryConfig(
            retryCount: 3, maxRetryDuration: .seconds(60), minBackoffDuration: .milliseconds(500))
        #expect(job == expected)
        #expect(job.shortName == "tick" && job.target == "http://enqueuer/" && job.problems.isEmpty)
        #expect(try JSONDecoder().decode(Job.self, from: JSONEncoder().encode(job)) == job)
    }

    @Test("write and read their messages and outputs")
    func roundTrip() throws {
        var job = Job(
            name: "tick", schedule: "@daily",
            pubsubTarget: PubsubTargetSettings(topicName: "t", data: [0, 255], attributes: ["k": "v"]))
        job.scheduleTime = Timestamp(seconds: 1_772_239_260)
        job.status = JobStatus(code: 14, message: "UNAVAILABLE: nobody listens")
        let text = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
        #expect(text.contains(#""scheduleTime":"2026-02-28T00:41:00Z""#) && text.contains(#""attemptDeadline":"180s""#))
        #expect(try JSONDecoder().decode(Job.self, from: Data(text.utf8)) == job)
    }

    @Test("refuse a body that is not base64")
    func base64() {
        let text = #"{"name": "a", "schedule": "* * * * *", "httpTarget": {"uri": "http://a/", "body": "hi there"}}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Job.self, from: Data(text.utf8)) }
    }

    @Test(
        "name the field at fault",
        arguments: [
            ("schedule", "61 * * * *", "job tick: schedule '61 * * * *', column 1, minute: 61 is outside 0–59"),
            ("timeZone", "Europe/Berln", "did you mean 'Europe/Berlin'?"),
            ("state", "", "declared ENABLED or PAUSED, not DISABLED"),
            ("httpTarget", "", "it has no target"),
            ("pubsubTarget", "", "it has two targets"),
            ("pubsubTarget.data", "", "the message is empty"),
            ("httpTarget.uri", "enqueuer", "'enqueuer' is not a URL; write http://SERVICE/PATH"),
            ("httpTarget.body", "", "GET takes no body; use POST, PUT or PATCH"),
            ("retryConfig.retryCount", "", "6 retries are not possible; write 0 to 5"),
            ("retryConfig.maxBackoffDuration", "", "raise maxBackoffDuration"),
            ("retryConfig.maxDoublings", "", "-1 doublings are not possible"),
            ("attemptDeadline", "", "1801s is outside 15s–1800s"),
            ("name", "tick tock", "'tick tock' is not a job id"),
        ])
    func problems(field: String, value: String, message: String) {
        var job = Job(name: "tick", schedule: "* * * * *", httpTarget: HTTPTargetSettings(uri: "http://enqueuer/"))
        switch field {
        case "schedule": job.schedule = value
        case "timeZone": job.timeZone = value
        case "state": job.state = .disabled
        case "httpTarget": job.httpTarget = nil
        case "pubsubTarget": job.pubsubTarget = PubsubTargetSettings(topicName: "t", data: [1])
        case "pubsubTarget.data": (job.httpTarget, job.pubsubTarget) = (nil, PubsubTargetSettings(topicName: "t"))
        case "httpTarget.uri": job.httpTarget?.uri = value
        case "httpTarget.body": job.httpTarget = HTTPTargetSettings(uri: "http://a/", httpMethod: .get, body: [1])
        case "retryConfig.retryCount": job.retryConfig.retryCount = 6
        case "retryConfig.maxBackoffDuration": job.retryConfig.maxBackoffDuration = .seconds(1)
        case "retryConfig.maxDoublings": job.retryConfig.maxDoublings = -1
        case "attemptDeadline": job.attemptDeadline = .seconds(1801)
        default: job.name = value
        }
        #expect(job.problems.map(\.field) == [field])
        #expect(job.problems.first?.message.contains(message) == true, "\(job.problems)")
    }
}
