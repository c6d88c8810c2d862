import Control
import Telemetry
import Time

extension SampleSnapshots {
    /// Topics and subscriptions of every kind and in every state, served to clients outside.
    static func pubsub() -> Snapshot {
        var snapshot = subway()
        let now = snapshot.takenAt
        snapshot.pubsub = PubSubDoor(address: "127.0.0.1:8085", project: "streamtop")
        snapshot.topics = [
            TopicFigures(
                name: "orders", published: 1_204_331, publishRate: 2150, publishedBytes: 251_000_000,
                byteRate: 447_000, retainedMessages: 1_204_331, storedBytes: 262_000_000,
                latency: quantiles(0.00042, 0.0031), schema: "order (JSON)", retention: 86_400),
            TopicFigures(
                name: "orders-dead-letters", published: 12, publishRate: 0, publishedBytes: 2900, byteRate: 0,
                retainedMessages: 12, storedBytes: 4096),
            TopicFigures(
                name: "payments", published: 88, publishRate: 0, publishedBytes: 21_000, byteRate: 0,
                retainedMessages: 88, storedBytes: 23_000,
                problem: "/var/lib/streamtop/pubsub/t3: cannot write to it: No space left "
                    + "on device. Free some space on this disk; nothing was lost.",
                health: .resourceExhausted, latency: quantiles(0.0011, 0.0094)),
            TopicFigures(
                name: "shipments", published: 5, publishRate: 0.2, publishedBytes: 900, byteRate: 36,
                retainedMessages: 900, storedBytes: 180_000,
                problem:
                    "/var/lib/streamtop/pubsub/t4/00000000000000000001.log: records 41 to 57 are damaged (3400 bytes "
                    + "at offset 8200); restore the file from a backup, or go on without",
                health: .dataLoss),
            TopicFigures(name: "projects/other/topics/clicks"),
        ]
        snapshot.subscriptions = [
            SubscriptionFigures(
                name: "billing", topic: "orders", backlogMessages: 341, backlogBytes: 71_000,
                oldestUnacknowledged: now - .milliseconds(1400), outstanding: 250, consumers: 4, delivered: 1_204_512,
                deliverRate: 2161, acknowledged: 1_203_990, ackRate: 2149, negativeAcks: 181, nackRate: 1.8,
                expiredDeadlines: 37, deadLettered: 12,
                terms: SubscriptionTerms(
                    ackDeadline: 30, retainsAcknowledged: true, isOrdered: true, isExactlyOnce: true,
                    filter: "attributes.kind = \"paid\" AND hasPrefix(attributes.region, \"eu-\")",
                    deadLetterTopic: "orders-dead-letters", maxDeliveryAttempts: 5)),
            SubscriptionFigures(
                name: "mailer", topic: "orders", backlogMessages: 52_000, backlogBytes: 10_800_000,
                oldestUnacknowledged: now - .seconds(312), outstanding: 3, consumers: 1, delivered: 900,
                deliverRate: 0.4, acknowledged: 3, ackRate: 0, negativeAcks: 897, nackRate: 0.4,
                problem: "https://mail.example.com/hooks/orders answered 503", health: .unavailable,
                terms: SubscriptionTerms(pushEndpoint: "https://mail.example.com/hooks/orders")),
            SubscriptionFigures(
                name: "audit", topic: "orders", terms: SubscriptionTerms(isDetached: true)),
            SubscriptionFigures(
                name: "refunds", topic: "payments", backlogMessages: 1, backlogBytes: 210,
                oldestUnacknowledged: now - .seconds(9000), delivered: 87, deliverRate: 0, acknowledged: 87, ackRate: 0,
                nackRate: 0, terms: SubscriptionTerms()),
            SubscriptionFigures(
                name: "orphans", topic: "_deleted-topic_", consumers: 1, delivered: 7, deliverRate: 0, acknowledged: 7,
                ackRate: 0, nackRate: 0, terms: SubscriptionTerms()),
            SubscriptionFigures(
                name: "projects/other/subscriptions/counter", topic: "projects/other/topics/clicks",
                terms: SubscriptionTerms()),
        ]
        return snapshot
    }
}
