import Control
import Telemetry
import Terminal
import Time

/// All that is known of a topic and of a subscription.
extension Renderer {
    func details(_ topic: TopicFigures) -> [Detail] {
        let readers = (state.snapshot?.subscriptions ?? []).filter { $0.topic == topic.name }
        return [
            ("topic", topic.name.resourceLabel, .title), status(topic.health, topic.problem),
            (
                "subscriptions",
                readers.isEmpty
                    ? "none: what is published reaches nobody"
                    : "\(Figures.exact(Int64(readers.count))): \(Self.list(readers.map(\.name.resourceLabel)))",
                readers.isEmpty ? .warning : .text
            ),
            ("publishes", flow(topic.publishRate, topic.published), .text),
            ("bytes", "\(Figures.byteRate(topic.byteRate)), \(Figures.bytes(topic.publishedBytes)) in all", .text),
            ("publish takes", quantiles(topic.latency), .text),
            ("retained", messages(topic.retainedMessages), .text),
            ("journal", "\(Figures.bytes(topic.storedBytes)) on disk", .text),
            ("retention", topic.retention.map { Figures.duration($0) } ?? "while needed", .text),
            ("schema", topic.schema ?? "none", topic.schema == nil ? .dim : .text),
        ]
    }

    func details(_ subscription: SubscriptionFigures) -> [Detail] {
        let hasReaders = subscription.consumers > 0
        let figures: [Detail] = [
            ("subscription", subscription.name.resourceLabel, .title), status(subscription),
            (
                "topic",
                subscription.topic == Snapshot.deletedTopic ? "deleted" : subscription.topic.resourceLabel,
                subscription.topic == Snapshot.deletedTopic ? .warning : .text
            ),
            (
                "subscribers",
                hasReaders ? "\(Figures.exact(Int64(subscription.consumers))) connected" : "none connected",
                hasReaders ? .text : subscription.backlogMessages > 0 ? .warning : .dim
            ),
            ("backlog", messages(Int64(subscription.backlogMessages)), .text),
            ("backlog size", Figures.bytes(subscription.backlogBytes), .text),
            ("oldest unacked", age(since: subscription.oldestUnacknowledged), .text),
            ("outstanding", messages(Int64(subscription.outstanding)), .text),
            ("deliveries", flow(subscription.deliverRate, subscription.delivered), .text),
            ("acks", flow(subscription.ackRate, subscription.acknowledged), .text),
            (
                "nacks", flow(subscription.nackRate, subscription.negativeAcks),
                (subscription.nackRate ?? 0) > 0 ? .warning : .text
            ),
            (
                "expired", "\(number(subscription.expiredDeadlines)) ack deadlines",
                subscription.expiredDeadlines > 0 ? .warning : .text
            ),
            ("dead-lettered", messages(subscription.deadLettered), subscription.deadLettered > 0 ? .bad : .text),
            ("given up", messages(subscription.dropped), subscription.dropped > 0 ? .bad : .text),
        ]
        return figures + (subscription.terms.map { details($0, of: subscription) } ?? []) + pastProblem(subscription)
    }

    private func details(_ terms: SubscriptionTerms, of subscription: SubscriptionFigures) -> [Detail] {
        let kept = state.acknowledgedRetention(subscription, terms)
        return [
            ("delivery", terms.pushEndpoint.map { "push to \($0)" } ?? "pull", .text),
            ("exactly once", terms.isExactlyOnce ? "yes" : "no", .text),
            ("ordering", terms.isOrdered ? "by key" : "none", .text),
            ("filter", terms.filter ?? "none", terms.filter == nil ? .dim : .text),
            ("ack deadline", Figures.duration(terms.ackDeadline), .text),
            ("retention", Figures.duration(terms.retention), .text),
            ("acked messages", kept.map { "kept for \(Figures.duration($0))" } ?? "not kept", .text),
            (
                "dead letters",
                terms.deadLetterTopic.map { topic in
                    let attempts = terms.maxDeliveryAttempts.map { " after \($0) tries" } ?? ""
                    return "to \(topic.resourceLabel)\(attempts)"
                } ?? "no topic", terms.deadLetterTopic == nil ? .dim : .text
            ),
        ]
    }

    /// What was wrong and is no longer: an endpoint that fails now and then does not look well for it.
    private func pastProblem(_ subscription: SubscriptionFigures) -> [Detail] {
        guard subscription.problem == nil, let problem = subscription.lastProblem else { return [] }
        let ago = subscription.lastProblemAt.map { "\(Figures.age(now - $0)) ago: " } ?? ""
        return [("last problem", ago + problem, .warning)]
    }

    /// What is wrong and what to do about it; a subscription suffers with its topic.
    private func status(_ subscription: SubscriptionFigures) -> Detail {
        if subscription.terms?.isDetached == true {
            return ("status", "DETACHED from its topic: create a new subscription to get messages", .warning)
        }
        if subscription.problem == nil, let topic = state.snapshot?.topic(subscription.topic), topic.problem != nil {
            let (_, text, tone) = status(topic.health, topic.problem)
            return ("status", "its topic: \(text)", tone)
        }
        return status(subscription.health, subscription.problem)
    }

    private func status(_ code: HealthCode?, _ problem: String?) -> Detail {
        guard let problem else { return ("status", "OK", .good) }
        return ("status", (code.map { "\($0.rawValue): " } ?? "") + problem, .bad)
    }

    /// The first names of many.
    private static func list(_ names: [String]) -> String {
        names.prefix(20).joined(separator: ", ") + (names.count > 20 ? " …" : "")
    }

    /// `0.05/s, 6 in all`.
    private func flow(_ rate: Double?, _ total: Int64) -> String { "\(Figures.rate(rate)), \(number(total)) in all" }

    private func messages(_ count: Int64) -> String { "\(number(count)) message\(count == 1 ? "" : "s")" }

    /// To the last digit where there is room.
    private func number(_ value: Int64) -> String { isRoomy ? Figures.exact(value) : Figures.count(value) }

    private func age(since time: Timestamp?) -> String {
        guard let time else { return "none" }
        return Figures.age(now - time) + (isRoomy ? ", since \(Figures.watermark(time, now: now)) UTC" : "")
    }

    private var isRoomy: Bool { grid.columns >= 100 }
}
