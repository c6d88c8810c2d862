import Pipes
import Time

/// What became of an attempt.
struct AttemptOutcome: Equatable, Sendable {
    enum Kind: Equatable {
        case succeeded
        case failed
        /// The queue was stopped: the task is due again.
        case abandoned
    }

    var kind: Kind
    /// Of the answer; nil when none came.
    var status: Int?
    /// Of a failure, for people.
    var reason = ""
    var retryAfter: Duration?

    /// 429 and 503 say that the target has too much to do.
    var isOverload: Bool { status == 429 || status == 503 }

    static let abandoned = AttemptOutcome(kind: .abandoned)

    static func timedOut(after deadline: Duration) -> AttemptOutcome {
        AttemptOutcome(kind: .failed, reason: "DEADLINE_EXCEEDED: no answer within \(deadline.secondsText)")
    }

    init(kind: Kind, status: Int? = nil, reason: String = "", retryAfter: Duration? = nil) {
        self.kind = kind
        self.status = status
        self.reason = reason
        self.retryAfter = retryAfter
    }

    init(_ response: HTTPResponse, at now: Timestamp) {
        if response.isSuccess {
            self.init(kind: .succeeded, status: response.status)
            return
        }
        let line = String(decoding: response.body.prefix(200), as: UTF8.self).split(whereSeparator: \.isNewline).first
        self.init(
            kind: .failed, status: response.status, reason: "HTTP \(response.status)\(line.map { ": \($0)" } ?? "")",
            retryAfter: response.header("Retry-After").flatMap { RetryAfter.parse($0, at: now) })
    }

    init(_ error: any Error) {
        guard let failure = error as? HTTPFailure else {
            self.init(kind: .failed, reason: "INTERNAL: \(error)")
            return
        }
        self.init(kind: .failed, reason: "\(failure.reason.rawValue): \(failure.message)")
    }
}
