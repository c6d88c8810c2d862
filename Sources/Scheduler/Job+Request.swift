import Pipes
import Time

extension Job {
    /// The request of an attempt, with Cloud Scheduler's headers; nil for a job that publishes.
    func request(for attempt: JobAttempt) -> HTTPRequest? {
        guard let target = httpTarget else { return nil }
        var headers = target.headers.filter {
            let name = $0.key.lowercased()
            return !name.hasPrefix("x-cloudscheduler") && name != "user-agent"
        }
        func add(_ name: String, _ value: String) {
            if !headers.keys.contains(where: { $0.lowercased() == name.lowercased() }) { headers[name] = value }
        }
        add("X-CloudScheduler", "true")
        add("X-CloudScheduler-JobName", shortName)
        add("X-CloudScheduler-ScheduleTime", attempt.scheduleTime.rfc3339)
        add("User-Agent", "Google-Cloud-Scheduler")
        if !target.body.isEmpty { add("Content-Type", "application/octet-stream") }
        return HTTPRequest(method: target.httpMethod.rawValue, url: target.uri, headers: headers, body: target.body)
    }

    /// The message of an attempt; nil for a job that calls a URL.
    var message: OutgoingMessage? {
        pubsubTarget.map { OutgoingMessage(data: $0.data, attributes: $0.attributes) }
    }
}
