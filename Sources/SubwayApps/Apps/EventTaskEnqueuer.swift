public import Pipes
public import Run
internal import Time

/// The service `event-task-enqueuer`: turns one firing of the trigger into three tasks, 0, 20 and 40 seconds after the
/// time of the firing, each of which polls the feed once. Cron knows no seconds; a queue does.
///
/// The tasks are named by the time of the firing (`X-CloudScheduler-ScheduleTime`, else now), so that a firing that is
/// delivered twice makes no doubles.
///
/// Environment, all optional: `TASK_QUEUE` (`event-feed-queue`), `PROCESSOR_URL` (`http://mta-processor-endpoint/`).
public struct EventTaskEnqueuer: RequestHandler {
    /// Seconds after the firing.
    static let offsets: [Int64] = [0, 20, 40]

    /// Made anew for each instance of the service; there is nothing to set.
    public init() {}

    /// Creates the tasks: 200 with how many, 400 for an unreadable schedule time, 405 for other methods than POST. Throws
    /// what the queue does; the firing then fails and may be delivered again.
    public func handle(_ request: HTTPRequest, context: ServiceContext) async throws -> HTTPResponse {
        guard request.method == "POST" else {
            return HTTPResponse(status: 405, text: "event-task-enqueuer takes POST, not \(request.method)")
        }
        let firing: Timestamp
        if let header = request.header("X-CloudScheduler-ScheduleTime") {
            guard let time = Timestamp(rfc3339: header) else {
                return HTTPResponse(
                    status: 400, text: "X-CloudScheduler-ScheduleTime is '\(header)', which is not an RFC 3339 time")
            }
            firing = time
        } else {
            firing = context.clock.now
        }
        let queue = context.environment["TASK_QUEUE"] ?? "event-feed-queue"
        let url = context.environment["PROCESSOR_URL"] ?? "http://mta-processor-endpoint/"
        var created = 0
        for task in Self.tasks(forFiringAt: firing, url: url)
        where try await context.tasks.createTask(task, in: queue) != nil {
            created += 1
        }
        let known = Self.offsets.count - created
        return HTTPResponse(
            status: 200,
            text: "\(created) tasks created in \(queue) for \(firing.rfc3339)"
                + (known > 0 ? "; \(known) were there already" : ""))
    }

    /// The tasks of one firing; their names hold nothing but letters, digits and hyphens, as Cloud Tasks wants it.
    static func tasks(forFiringAt firing: Timestamp, url: String) -> [NewTask] {
        let stamp = firing.rfc3339.filter { $0 != "-" && $0 != ":" }.map { $0 == "." ? "-" : String($0) }.joined()
        return offsets.map { offset in
            NewTask(
                name: "poll-\(stamp)-\(offset)", request: HTTPRequest(method: "POST", url: url),
                scheduleTime: firing + .seconds(offset))
        }
    }
}
