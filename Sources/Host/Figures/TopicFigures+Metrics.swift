import Control
import PubSub
import Time

extension TopicFigures {
    init(_ metrics: TopicMetrics, rates: inout RateBook, at now: Timestamp) {
        self.init(
            name: metrics.id, published: metrics.publishedMessages,
            publishRate: rates.rate("topic \(metrics.id)", metrics.publishedMessages, at: now),
            publishedBytes: metrics.publishedBytes, retainedMessages: metrics.retainedMessages,
            storedBytes: metrics.journalBytes,
            problem: metrics.health.problem, latency: metrics.publishLatency)
    }
}

extension SubscriptionFigures {
    init(_ metrics: SubscriptionMetrics, rates: inout RateBook, at now: Timestamp) {
        self.init(
            name: metrics.id, topic: metrics.topic.shortName, backlogMessages: metrics.backlogMessages,
            backlogBytes: metrics.backlogBytes, oldestUnacknowledged: metrics.oldestUnacknowledged,
            outstanding: metrics.outstanding, consumers: metrics.consumers, delivered: metrics.delivered,
            deliverRate: rates.rate("deliver \(metrics.id)", metrics.delivered, at: now),
            acknowledged: metrics.acknowledged,
            ackRate: rates.rate("ack \(metrics.id)", metrics.acknowledged, at: now), negativeAcks: metrics.negativeAcks,
            expiredDeadlines: metrics.expiredDeadlines, deadLettered: metrics.deadLettered,
            problem: metrics.health.problem)
    }
}
