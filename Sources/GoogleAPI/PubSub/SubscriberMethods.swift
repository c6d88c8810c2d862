import GRPCProtobuf
import PubSub
import SwiftProtobuf

/// `google.pubsub.v1.Subscriber`, but for what hands out and acknowledges messages.
struct SubscriberMethods: Sendable {
    let broker: Broker

    static let service = APIService(name: "google.pubsub.v1.Subscriber")
    private static let mutable: Set<String> = [
        "ack_deadline_seconds", "retain_acked_messages", "message_retention_duration", "labels", "expiration_policy",
        "dead_letter_policy", "retry_policy", "push_config", "enable_exactly_once_delivery",
    ]
    private static let fixed: Set<String> = [
        "name", "topic", "filter", "enable_message_ordering", "detached", "state", "topic_message_retention_duration",
        "bigquery_config", "bigtable_config", "cloud_storage_config", "message_transforms", "tags",
        "analytics_hub_subscription_info",
    ]

    var all: [APIMethod] {
        let service = SubscriberMethods.service
        return [
            service.unary(
                "CreateSubscription", [.whole(.put, "{projects/*/subscriptions/*}") { $0.name = $1 }]
            ) { (subscription: PBSubscription) in
                try FullName.check(subscription.name, in: .subscriptions)
                try FullName.check(subscription.topic, in: .topics)
                return wire(try await broker.createSubscription(try Subscription(subscription)))
            },
            service.unary(
                "GetSubscription",
                [RestBinding(.get, "{projects/*/subscriptions/*}", path: { $0.subscription = $1 })]
            ) { (request: PBGetSubscriptionRequest) in
                try FullName.check(request.subscription, in: .subscriptions)
                return wire(try broker.subscription(request.subscription))
            },
            service.unary(
                "UpdateSubscription",
                [.whole(.patch, "{projects/*/subscriptions/*}") { $0.subscription.name = $1 }], update),
            service.unary(
                "ListSubscriptions",
                [
                    RestBinding(
                        .get, "{projects/*}/subscriptions", path: { $0.project = $1 },
                        query: PBListSubscriptionsRequest.pageQuery)
                ], list),
            service.unary(
                "DeleteSubscription",
                [RestBinding(.delete, "{projects/*/subscriptions/*}", path: { $0.subscription = $1 })]
            ) { (request: PBDeleteSubscriptionRequest) in
                try FullName.check(request.subscription, in: .subscriptions)
                try await broker.deleteSubscription(request.subscription)
                return Google_Protobuf_Empty()
            },
            service.unary(
                "ModifyPushConfig",
                [.whole(.post, "{projects/*/subscriptions/*}:modifyPushConfig") { $0.subscription = $1 }]
            ) { (request: PBModifyPushConfigRequest) in
                try FullName.check(request.subscription, in: .subscriptions)
                var subscription = try broker.subscription(request.subscription)
                subscription.pushConfig = PushConfig(request.pushConfig)
                try await broker.updateSubscription(subscription)
                return Google_Protobuf_Empty()
            },
            service.unary(
                "Seek", [.whole(.post, "{projects/*/subscriptions/*}:seek") { $0.subscription = $1 }], seek),
        ]
    }

    private func wire(_ subscription: Subscription) -> PBSubscription {
        PBSubscription(subscription, topic: try? broker.topic(subscription.topic))
    }

    private func update(_ request: PBUpdateSubscriptionRequest) async throws -> PBSubscription {
        let name = request.subscription.name
        try FullName.check(name, in: .subscriptions)
        let mask = try UpdateMask(
            request.updateMask, of: "UpdateSubscriptionRequest", resource: name, allowed: SubscriberMethods.mutable,
            fixed: SubscriberMethods.fixed, partial: PartialUpdates.subscription.paths)
        var subscription = try broker.subscription(name)
        let wanted = try Subscription(
            PartialUpdates.subscription.complete(
                request.subscription, by: mask, from: PBSubscription(subscription, topic: nil)))
        for field in mask.fields {
            switch field {
            case "ack_deadline_seconds": subscription.ackDeadlineSeconds = wanted.ackDeadlineSeconds
            case "retain_acked_messages": subscription.retainAckedMessages = wanted.retainAckedMessages
            case "message_retention_duration":
                subscription.messageRetentionDuration = wanted.messageRetentionDuration
            case "labels": subscription.labels = wanted.labels
            case "expiration_policy": subscription.expirationPolicy = wanted.expirationPolicy
            case "dead_letter_policy": subscription.deadLetterPolicy = wanted.deadLetterPolicy
            case "retry_policy": subscription.retryPolicy = wanted.retryPolicy
            case "push_config": subscription.pushConfig = wanted.pushConfig
            default: subscription.enableExactlyOnceDelivery = wanted.enableExactlyOnceDelivery
            }
        }
        return wire(try await broker.updateSubscription(subscription))
    }

    private func list(_ request: PBListSubscriptionsRequest) throws -> PBListSubscriptionsResponse {
        let prefix = try FullName.prefix(ofProject: request.project)
        let page = try Page(
            of: broker.subscriptions.filter { $0.name.hasPrefix(prefix) }, size: request.pageSize,
            token: request.pageToken, name: \.name)
        var response = PBListSubscriptionsResponse()
        response.subscriptions = page.elements.map(wire)
        response.nextPageToken = page.nextToken
        return response
    }

    private func seek(_ request: PBSeekRequest) async throws -> PBSeekResponse {
        try FullName.check(request.subscription, in: .subscriptions)
        switch request.target {
        case .time(let time):
            _ = try await broker.seek(subscription: request.subscription, to: .init(time))
        case .snapshot(let snapshot):
            try FullName.check(snapshot, in: .snapshots)
            _ = try await broker.seek(subscription: request.subscription, toSnapshot: snapshot)
        case nil:
            throw APIError.invalidArgument(
                "\(request.subscription): a seek needs a target. Set time or snapshot.")
        }
        return PBSeekResponse()
    }
}
