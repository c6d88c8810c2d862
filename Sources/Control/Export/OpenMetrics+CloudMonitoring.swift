import Telemetry
import Time

/// Topics and subscriptions under the names that PromQL has for Cloud Monitoring's metrics of `pubsub.googleapis.com`, so
/// that queries, dashboards and alerts written for Google's service find the same figures here: the first `/` of a metric
/// type is a `:`, every other sign a `_` (Cloud Monitoring documentation, "Mapping Cloud Monitoring metric names to
/// PromQL"; "Google Cloud metrics", `pubsub`).
///
/// Counters have no `_total` there, which OpenMetrics demands of them: here they are of type `unknown`. Nacks have no
/// metric of Google's; they are `streamtop_subscription_negative_acks`.
extension Snapshot {
    var cloudMonitoringFamilies: [MetricFamily] { googleTopicFamilies + googleSubscriptionFamilies }

    private var googleTopicFamilies: [MetricFamily] {
        let labels = topics.map { googleLabels("topic", $0.name) }
        var sizes = MetricFamily(
            named: Self.googleName("topic", "message_sizes"), .summary, "Messages published and their bytes, as stored."
        )
        for (topic, labels) in zip(topics, labels) {
            sizes.add(count: topic.published, sum: topic.publishedBytes, labels)
        }
        func family(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ value: (TopicFigures) -> Int64
        ) -> MetricFamily {
            var family = MetricFamily(named: Self.googleName("topic", name), kind, help)
            for (topic, labels) in zip(topics, labels) { family.add(value(topic), labels) }
            return family
        }
        return [
            family("send_message_operation_count", .unknown, "Messages published.") { $0.published }, sizes,
            family("num_retained_messages", .gauge, "Messages kept.") { $0.retainedMessages },
            family("retained_bytes", .gauge, "Bytes on disk.") { $0.storedBytes },
        ]
    }

    private var googleSubscriptionFamilies: [MetricFamily] {
        let labels = subscriptions.map { googleLabels("subscription", $0.name) }
        func family(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ value: (SubscriptionFigures) -> Double
        ) -> MetricFamily {
            var family = MetricFamily(named: Self.googleName("subscription", name), kind, help)
            for (subscription, labels) in zip(subscriptions, labels) { family.add(value(subscription), labels) }
            return family
        }
        return [
            family("num_undelivered_messages", .gauge, "Messages not acknowledged.") { Double($0.backlogMessages) },
            family("backlog_bytes", .gauge, "Bytes not acknowledged.") { Double($0.backlogBytes) },
            family("oldest_unacked_message_age", .gauge, "In seconds; 0 when nothing waits.") {
                $0.oldestUnacknowledged.map { max(0, (takenAt - $0).inSeconds) } ?? 0
            },
            family("num_outstanding_messages", .gauge, "Messages handed out and not acknowledged.") {
                Double($0.outstanding)
            },
            family("open_streaming_pulls", .gauge, "Subscribers connected.") { Double($0.consumers) },
            family("sent_message_count", .unknown, "Messages handed out.") { Double($0.delivered) },
            family("ack_message_count", .unknown, "Messages acknowledged.") { Double($0.acknowledged) },
            family("expired_ack_deadlines_count", .unknown, "Ack deadlines that passed.") {
                Double($0.expiredDeadlines)
            },
            family("dead_letter_message_count", .unknown, "Messages sent to the dead-letter topic.") {
                Double($0.deadLettered)
            },
        ]
    }

    private static func googleName(_ resource: String, _ metric: String) -> String {
        "pubsub_googleapis_com:\(resource)_\(metric)"
    }

    /// - Parameter name: short in the host's project, else full.
    private func googleLabels(_ resource: String, _ name: String) -> MetricFamily.Labels {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isFull = parts.count == 4 && parts[0] == "projects"
        return [
            ("monitored_resource", "pubsub_\(resource)"),
            ("project_id", isFull ? parts[1] : pubsub?.project ?? "streamtop"),
            ("\(resource)_id", isFull ? parts[3] : name),
        ]
    }
}
