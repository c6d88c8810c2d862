import Control
import PubSub
import Time

extension SubscriptionFigures {
    /// - Parameter project: the host's, which is left out of names.
    init(_ metrics: SubscriptionMetrics, project: String, rates: inout RateBook, at now: Timestamp) {
        let name = metrics.name.withoutProject(project)
        let terms = SubscriptionTerms(metrics.declaration, project: project)
        self.init(
            name: name, topic: metrics.topic.withoutProject(project), backlogMessages: metrics.backlogMessages,
            backlogBytes: metrics.backlogBytes, oldestUnacknowledged: metrics.oldestUnacknowledged,
            outstanding: metrics.outstanding, consumers: metrics.consumers, delivered: metrics.delivered,
            deliverRate: rates.rate("deliver \(name)", metrics.delivered, at: now),
            acknowledged: metrics.acknowledged, ackRate: rates.rate("ack \(name)", metrics.acknowledged, at: now),
            negativeAcks: metrics.negativeAcks, nackRate: rates.rate("nack \(name)", metrics.negativeAcks, at: now),
            expiredDeadlines: metrics.expiredDeadlines, deadLettered: metrics.deadLettered, dropped: metrics.dropped,
            // A person wanted it detached: its terms say so, and nothing is wrong.
            problem: terms.isDetached ? nil : metrics.health.problem?.withoutPrefix("\(metrics.name): "),
            health: terms.isDetached ? nil : metrics.health.code, lastProblem: metrics.lastProblem,
            lastProblemAt: metrics.lastProblemTime, terms: terms)
    }
}

extension SubscriptionTerms {
    init(_ declaration: Subscription, project: String) {
        self.init(
            ackDeadline: Double(declaration.ackDeadlineSeconds),
            retention: declaration.messageRetentionDuration.inSeconds,
            retainsAcknowledged: declaration.retainAckedMessages, isOrdered: declaration.enableMessageOrdering,
            isExactlyOnce: declaration.enableExactlyOnceDelivery,
            filter: declaration.filter.isEmpty ? nil : declaration.filter,
            pushEndpoint: declaration.pushConfig?.pushEndpoint,
            deadLetterTopic: declaration.deadLetterPolicy?.deadLetterTopic.withoutProject(project),
            maxDeliveryAttempts: declaration.deadLetterPolicy?.maxDeliveryAttempts,
            isDetached: declaration.detached)
    }
}
