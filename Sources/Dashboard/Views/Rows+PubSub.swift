import Control
import Terminal
import Time

/// The rows of topics and subscriptions.
extension Renderer {
    func row(_ topic: TopicFigures) -> TableRow {
        if let problem = topic.problem {
            return trouble(
                topic.name.resourceLabel, topic.health, [("\(Figures.rate(topic.publishRate)) in", .text)], problem)
        }
        return TableRow(
            lamp: .good,
            fields: [
                .text(topic.name.resourceLabel, .text), .blank, .blank, rate(topic.publishRate, .download), .blank,
                .blank, .blank, .blank, .blank, .blank, bytes(topic.storedBytes), count(topic.published),
            ])
    }

    func row(_ subscription: SubscriptionFigures) -> TableRow {
        let name = "└ " + subscription.name.resourceLabel
        if subscription.terms?.isDetached == true {
            return TableRow(
                lamp: .idle, indent: 1, fields: [.text(name, .text)],
                sentence: [(cut(name, beside: "DETACHED", indent: 1), .text), ("DETACHED", .warning)])
        }
        if let problem = subscription.problem {
            let waiting = Figures.count(subscription.backlogMessages)
            return trouble(name, subscription.health, [("\(waiting) waiting", .text)], problem, indent: 1)
        }
        // Whose topic has been deleted stands below none.
        let isOrphan = subscription.topic == Snapshot.deletedTopic
        return TableRow(
            lamp: isOrphan ? .warning : subscription.consumers == 0 ? .idle : .none, indent: isOrphan ? 0 : 1,
            fields: [
                .text(isOrphan ? subscription.name.resourceLabel : name, .text),
                count(Int64(subscription.backlogMessages)),
                waiting(subscription.oldestUnacknowledged), rate(subscription.deliverRate, .upload),
                count(Int64(subscription.consumers)), rate(subscription.ackRate, .upload),
                count(Int64(subscription.outstanding)), alarmingRate(subscription.nackRate),
                warn(subscription.expiredDeadlines), alarm(subscription.deadLettered),
                bytes(Int64(subscription.backlogBytes)), count(subscription.delivered),
            ])
    }

    /// A row in which something is wrong: the code stands beside the name on any screen; figures and the reason follow
    /// where there is room.
    private func trouble(
        _ name: String, _ code: HealthCode?, _ figures: [(text: String, tone: Look.Tone)], _ problem: String,
        indent: Int = 0
    ) -> TableRow {
        let code = code?.rawValue ?? "PROBLEM"
        return TableRow(
            lamp: .bad, indent: indent, fields: [.text(name, .text)],
            sentence: [(cut(name, beside: code, indent: indent), .text), (code, .bad)] + figures + [(problem, .bad)])
    }

    /// A name cut such that a word has room after it.
    private func cut(_ name: String, beside word: String, indent: Int) -> String {
        let width = (state.layout.rect(of: .topics)?.columns ?? 0) - 2 - Self.lampWidth(.topics) - indent
        return name.cut(to: max(8, width - word.count - 2), .middle)
    }

    /// A rate that should be 0.
    private func alarmingRate(_ value: Double?) -> Field {
        .text(Figures.rate(value), (value ?? 0) > 0 ? .warning : .dim)
    }
}

extension Snapshot {
    /// What stands for the topic of a subscription whose topic has been deleted (`google.pubsub.v1`, `Subscription`).
    static let deletedTopic = "_deleted-topic_"
}
