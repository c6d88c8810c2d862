import Time

extension Job {
    /// Everything that is wrong with the declaration, a message for each field at fault; empty when it can run.
    public var problems: [SchedulerError] {
        var found: [SchedulerError] = []
        func complain(_ field: String, _ message: String) {
            found.append(SchedulerError(.invalid, field: field, "job \(shortName): \(message)"))
        }
        if !Self.isID(shortName) {
            complain("name", "'\(shortName)' is not a job id; write letters, digits, '-' and '_', at most 500")
        }
        do { _ = try CronExpression(schedule) } catch { complain("schedule", "\(error)") }
        do { _ = try Zone(named: timeZone) } catch { complain("timeZone", "\(error)") }
        if state != .enabled && state != .paused {
            complain("state", "a job is declared ENABLED or PAUSED, not \(state.rawValue)")
        }
        switch (httpTarget, pubsubTarget) {
        case (nil, nil): complain("httpTarget", "it has no target; give it an httpTarget or a pubsubTarget")
        case (.some, .some): complain("pubsubTarget", "it has two targets; keep httpTarget or pubsubTarget")
        case (let target?, nil):
            if !target.uri.hasPrefix("http://"), !target.uri.hasPrefix("https://") {
                complain(
                    "httpTarget.uri", "'\(target.uri)' is not a URL; write http://SERVICE/PATH or https://HOST/PATH")
            }
            if !target.body.isEmpty, ![.post, .put, .patch].contains(target.httpMethod) {
                complain("httpTarget.body", "\(target.httpMethod.rawValue) takes no body; use POST, PUT or PATCH")
            }
        case (nil, let target?):
            if target.data.isEmpty, target.attributes.isEmpty {
                complain("pubsubTarget.data", "the message is empty; give it data or an attribute")
            }
        }
        if !JobRetryConfig.retryCounts.contains(retryConfig.retryCount) {
            complain("retryConfig.retryCount", "\(retryConfig.retryCount) retries are not possible; write 0 to 5")
        }
        if retryConfig.minBackoffDuration < .zero || retryConfig.maxBackoffDuration < retryConfig.minBackoffDuration {
            complain(
                "retryConfig.maxBackoffDuration", "the longest wait is shorter than the first; raise maxBackoffDuration"
            )
        }
        if retryConfig.maxDoublings < 0 {
            complain(
                "retryConfig.maxDoublings", "\(retryConfig.maxDoublings) doublings are not possible; write 0 or more")
        }
        if !Self.attemptDeadlines.contains(attemptDeadline) {
            complain("attemptDeadline", "\(attemptDeadline.secondsText) is outside 15s–1800s")
        }
        return found
    }

    private static func isID(_ text: String) -> Bool {
        (1...500).contains(text.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}
