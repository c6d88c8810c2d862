import Control
import PubSub
import Time

extension TopicFigures {
    /// - Parameter project: the host's, which is left out of names.
    init(_ metrics: TopicMetrics, project: String, rates: inout RateBook, at now: Timestamp) {
        let name = metrics.name.withoutProject(project)
        let settings = metrics.declaration.schemaSettings
        self.init(
            name: name, published: metrics.publishedMessages,
            publishRate: rates.rate("topic \(name)", metrics.publishedMessages, at: now),
            publishedBytes: metrics.publishedBytes,
            byteRate: rates.rate("topic bytes \(name)", metrics.publishedBytes, at: now),
            retainedMessages: metrics.retainedMessages, storedBytes: metrics.journalBytes,
            problem: metrics.health.problem?.withoutPrefix("\(metrics.name): "), health: metrics.health.code,
            latency: metrics.publishLatency,
            schema: settings.map { "\($0.schema.withoutProject(project)) (\($0.encoding.rawValue))" },
            retention: metrics.declaration.messageRetentionDuration?.inSeconds)
    }
}

extension Health {
    var code: HealthCode? {
        switch self {
        case .ok: nil
        case .resourceExhausted: .resourceExhausted
        case .unavailable: .unavailable
        case .dataLoss: .dataLoss
        }
    }
}

extension String {
    /// A resource's name as people of `project` call it: `projects/P/topics/T` is `T` there, and stays whole elsewhere.
    func withoutProject(_ project: String) -> String {
        let parts = split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "projects", parts[1] == project else { return self }
        return String(parts[3])
    }

    /// An error's text without the resource's name, where that stands beside it.
    func withoutPrefix(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
