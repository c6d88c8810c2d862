public import Time

/// A job of Cloud Scheduler, with the field names of `google.cloud.scheduler.v1.Job` in REST.
public struct Job: Sendable, Hashable, Codable {
    /// Short, or `projects/P/locations/L/jobs/ID`.
    public var name: String
    /// For people.
    public var description: String?
    /// In the unix cron format.
    public var schedule: String
    /// Of the tz database.
    public var timeZone: String
    /// As declared: what a job that was never paused or resumed starts in.
    public var state: State
    /// Where it sends its request, if it calls a URL.
    public var httpTarget: HTTPTargetSettings?
    /// Where it publishes, if it sends a message.
    public var pubsubTarget: PubsubTargetSettings?
    /// What happens after a failed attempt.
    public var retryConfig: JobRetryConfig
    /// After this an attempt has failed: 15 s to 30 min, by default 3 min.
    public var attemptDeadline: Duration
    /// Output: when it fires next; nil while it is paused.
    public var scheduleTime: Timestamp?
    /// Output: when the last attempt began.
    public var lastAttemptTime: Timestamp?
    /// Output: how the last attempt ended.
    public var status: JobStatus?

    /// A job as somebody declares it.
    public init(
        name: String, description: String? = nil, schedule: String, timeZone: String = "Etc/UTC",
        state: State = .enabled,
        httpTarget: HTTPTargetSettings? = nil, pubsubTarget: PubsubTargetSettings? = nil,
        retryConfig: JobRetryConfig = JobRetryConfig(), attemptDeadline: Duration = .seconds(180)
    ) {
        self.name = name
        self.description = description
        self.schedule = schedule
        self.timeZone = timeZone
        self.state = state
        self.httpTarget = httpTarget
        self.pubsubTarget = pubsubTarget
        self.retryConfig = retryConfig
        self.attemptDeadline = attemptDeadline
    }

    /// Google's job states. A declaration says `ENABLED` or `PAUSED`.
    public enum State: String, Sendable, Codable, CaseIterable {
        case enabled = "ENABLED", paused = "PAUSED", disabled = "DISABLED", updateFailed = "UPDATE_FAILED"
    }

    /// What `attemptDeadline` may be.
    public static let attemptDeadlines: ClosedRange<Duration> = .seconds(15) ... .seconds(1800)

    /// The name without project and location.
    public var shortName: String { Self.shortName(name) }

    static func shortName(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }

    /// Where it sends, for people: a URL or a topic.
    public var target: String { httpTarget?.uri ?? pubsubTarget?.topicName ?? "" }
}

/// A request to send: `google.cloud.scheduler.v1.HttpTarget`.
public struct HTTPTargetSettings: Sendable, Hashable, Codable {
    /// Absolute; a bare service name as host reaches a service of the workspace.
    public var uri: String
    /// POST unless said otherwise.
    public var httpMethod: Method
    /// Those that start with `X-CloudScheduler` are replaced.
    public var headers: [String: String]
    /// Base64 in JSON. Only for POST, PUT and PATCH.
    public var body: [UInt8]

    /// A request.
    public init(uri: String, httpMethod: Method = .post, headers: [String: String] = [:], body: [UInt8] = []) {
        self.uri = uri
        self.httpMethod = httpMethod
        self.headers = headers
        self.body = body
    }

    /// `google.cloud.scheduler.v1.HttpMethod`.
    public enum Method: String, Sendable, Codable, CaseIterable {
        case post = "POST", get = "GET", head = "HEAD", put = "PUT", delete = "DELETE", patch = "PATCH", options =
            "OPTIONS"
    }
}

/// A message to publish: `google.cloud.scheduler.v1.PubsubTarget`.
public struct PubsubTargetSettings: Sendable, Hashable, Codable {
    /// Short, or `projects/P/topics/T`.
    public var topicName: String
    /// Base64 in JSON.
    public var data: [UInt8]
    /// With an empty `data` there must be at least one.
    public var attributes: [String: String]

    /// A message.
    public init(topicName: String, data: [UInt8] = [], attributes: [String: String] = [:]) {
        self.topicName = topicName
        self.data = data
        self.attributes = attributes
    }
}

/// What happens after a failed attempt: `google.cloud.scheduler.v1.RetryConfig`.
///
/// With neither `retryCount` nor `maxRetryDuration` a failed attempt waits for the next scheduled time. With both, retries end
/// when both limits are reached. The next scheduled time always ends them.
public struct JobRetryConfig: Sendable, Hashable, Codable {
    /// 0 to 5.
    public var retryCount: Int
    /// From the first attempt; zero is no limit.
    public var maxRetryDuration: Duration
    /// Before the first retry, 5 s unless said otherwise.
    public var minBackoffDuration: Duration
    /// At most an hour unless said otherwise.
    public var maxBackoffDuration: Duration
    /// 5 unless said otherwise.
    public var maxDoublings: Int

    /// The defaults are Google's.
    public init(
        retryCount: Int = 0, maxRetryDuration: Duration = .zero, minBackoffDuration: Duration = .seconds(5),
        maxBackoffDuration: Duration = .seconds(3600), maxDoublings: Int = 5
    ) {
        self.retryCount = retryCount
        self.maxRetryDuration = maxRetryDuration
        self.minBackoffDuration = minBackoffDuration
        self.maxBackoffDuration = maxBackoffDuration
        self.maxDoublings = maxDoublings
    }

    /// What `retryCount` may be.
    public static let retryCounts = 0...5

    /// Whether another attempt follows after `failures` failed ones, the first of which began `age` ago.
    func allowsRetry(afterFailures failures: Int, age: Duration) -> Bool {
        let hasTimeLeft = maxRetryDuration > .zero && age < maxRetryDuration
        return failures <= retryCount || hasTimeLeft
    }
}
