import Pipes
import Time

/// A task that is not finished.
struct QueuedTask: Sendable, Equatable {
    /// Ascending in the order of creation.
    var id: UInt64
    /// Nil when the queue named it: then its name is its id.
    var givenName: String?
    var request: HTTPRequest
    /// When it is due, or was for the first time.
    var scheduleTime: Timestamp
    var createTime: Timestamp
    var dispatchDeadline: Duration

    /// Begun, whatever became of them.
    var attempts = 0
    /// Attempts that were answered, whatever the answer.
    var responses = 0
    var firstAttempt: Timestamp?
    /// HTTP status of the last answer.
    var previousStatus: Int?
    var retryReason: String?

    /// The attempt that is under way.
    var flight: UInt64?
    /// Not durable yet: it holds its name but is not dispatched.
    var isPending = false

    var name: String { givenName ?? String(id) }
    var isAttempted: Bool { attempts > 0 }

    init(id: UInt64, _ task: NewTask, at now: Timestamp) {
        self.id = id
        givenName = task.name.map(Queue.shortName)
        request = task.request
        scheduleTime = task.scheduleTime ?? now
        createTime = now
        dispatchDeadline = task.dispatchDeadline ?? .seconds(600)
    }

    /// The request of the attempt that has begun, with Cloud Tasks' headers.
    func request(ofQueue queue: String) -> HTTPRequest {
        var request = request
        request.headers = request.headers.filter {
            let name = $0.key.lowercased()
            return !name.hasPrefix("x-cloudtasks-") && name != "user-agent"
        }
        func add(_ name: String, _ value: String) {
            if request.header(name) == nil { request.headers[name] = value }
        }
        add("X-CloudTasks-QueueName", queue)
        add("X-CloudTasks-TaskName", name)
        add("X-CloudTasks-TaskRetryCount", String(max(0, attempts - 1)))
        add("X-CloudTasks-TaskExecutionCount", String(responses))
        add("X-CloudTasks-TaskETA", Self.epochSeconds(scheduleTime))
        if let previousStatus { add("X-CloudTasks-TaskPreviousResponse", String(previousStatus)) }
        if let retryReason { add("X-CloudTasks-TaskRetryReason", Self.headerSafe(retryReason)) }
        add("User-Agent", "Google-Cloud-Tasks")
        if !request.body.isEmpty { add("Content-Type", "application/octet-stream") }
        return request
    }

    /// A target's words, which could hold anything, as a header's value: printable ASCII (RFC 9110, section 5.5).
    private static func headerSafe(_ text: String) -> String {
        String(
            decoding: text.utf8.prefix(200).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// Seconds since the epoch with all six digits: `1772239225.000000`.
    private static func epochSeconds(_ time: Timestamp) -> String {
        let (seconds, micros) = time.micros.dividedFloored(by: 1_000_000)
        return "\(seconds)." + String(1_000_000 + micros).dropFirst()
    }
}
