public import Pipes
import Time

extension Queue {
    /// Everything that is wrong with the declaration, a message for each field at fault; empty when it can run.
    public var problems: [QueueError] {
        var found: [QueueError] = []
        func complain(_ field: String, _ message: String) {
            found.append(QueueError(.invalid, field: field, "queue \(shortName): \(message)"))
        }
        if !Self.isID(shortName) || shortName.count > 100 {
            complain("name", "'\(shortName)' is not a queue id; write letters, digits and '-', at most 100")
        }
        if state == .disabled { complain("state", "a queue is declared RUNNING or PAUSED, not DISABLED") }
        let rate = rateLimits.maxDispatchesPerSecond
        if !(rate > 0 && RateLimits.rates.contains(rate)) {
            complain("rateLimits.maxDispatchesPerSecond", "\(rate) is outside the rates above 0 up to 500")
        }
        if !RateLimits.concurrencies.contains(rateLimits.maxConcurrentDispatches) {
            complain("rateLimits.maxConcurrentDispatches", "\(rateLimits.maxConcurrentDispatches) is outside 1–5000")
        }
        if retryConfig.maxAttempts < -1 || retryConfig.maxAttempts == 0 {
            complain(
                "retryConfig.maxAttempts",
                "\(retryConfig.maxAttempts) attempts are not possible; write 1 or more, or -1")
        }
        if retryConfig.maxRetryDuration < .zero {
            complain("retryConfig.maxRetryDuration", "a duration is not negative; write 0s for no limit")
        }
        if retryConfig.minBackoff < .zero || retryConfig.maxBackoff < retryConfig.minBackoff {
            complain("retryConfig.maxBackoff", "the longest wait is shorter than the first; raise maxBackoff")
        }
        if retryConfig.maxDoublings < 0 {
            complain(
                "retryConfig.maxDoublings", "\(retryConfig.maxDoublings) doublings are not possible; write 0 or more")
        }
        return found
    }

    static func isID(_ text: String) -> Bool {
        (1...500).contains(text.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}

extension NewTask {
    /// What a dispatch deadline may be.
    public static let dispatchDeadlines: ClosedRange<Duration> = .seconds(15) ... .seconds(1800)
    /// The largest body, bytes: Cloud Tasks' maximum size of a task.
    public static let bodyLimit = 1 << 20

    /// The first thing that is wrong with the task; nil when it can be queued.
    func problem(in queue: String) -> QueueError? {
        func complaint(_ field: String, _ message: String) -> QueueError {
            QueueError(.invalid, field: field, "queue \(queue): \(message)")
        }
        if let name, !Queue.isID(Queue.shortName(name)) {
            return complaint("name", "'\(name)' is not a task id; write letters, digits, '-' and '_', at most 500")
        }
        if !request.url.hasPrefix("http://"), !request.url.hasPrefix("https://") {
            return complaint("httpRequest.url", "'\(request.url)' is not a URL; write http://SERVICE/PATH")
        }
        if request.body.count > Self.bodyLimit {
            return complaint(
                "httpRequest.body", "the body has \(request.body.count) bytes; at most \(Self.bodyLimit) fit")
        }
        if let dispatchDeadline, !Self.dispatchDeadlines.contains(dispatchDeadline) {
            return complaint("dispatchDeadline", "\(dispatchDeadline.secondsText) is outside 15s–1800s")
        }
        return nil
    }
}
