import GRPCProtobuf
import PubSub
import SwiftProtobuf

/// `google.pubsub.v1.Publisher`.
struct PublisherMethods: Sendable {
    let broker: Broker

    private static let service = APIService(name: "google.pubsub.v1.Publisher")
    private static let mutable: Set<String> = ["labels", "message_retention_duration", "schema_settings"]
    private static let fixed: Set<String> = [
        "name", "message_storage_policy", "kms_key_name", "satisfies_pzs", "state", "tags",
        "ingestion_data_source_settings", "message_transforms",
    ]

    var all: [APIMethod] {
        let service = PublisherMethods.service
        return [
            service.unary(
                "CreateTopic", [.whole(.put, "{projects/*/topics/*}") { $0.name = $1 }]
            ) { (topic: PBTopic) in
                try FullName.check(topic.name, in: .topics)
                return PBTopic(try await broker.createTopic(try Topic(topic)))
            },
            service.unary(
                "UpdateTopic", [.whole(.patch, "{projects/*/topics/*}") { $0.topic.name = $1 }], update),
            service.unary(
                "Publish", [.whole(.post, "{projects/*/topics/*}:publish") { $0.topic = $1 }],
                decoder: PublishDecoder(), encoder: ProtobufSerializer<PBPublishResponse>(), call: publish,
                respond: { (request: PBPublishRequest) in try await publish(PublishCall(request)) }),
            service.unary(
                "GetTopic", [RestBinding(.get, "{projects/*/topics/*}", path: { $0.topic = $1 })]
            ) { (request: PBGetTopicRequest) in
                try FullName.check(request.topic, in: .topics)
                return PBTopic(try broker.topic(request.topic))
            },
            service.unary(
                "ListTopics",
                [
                    RestBinding(
                        .get, "{projects/*}/topics", path: { $0.project = $1 }, query: PBListTopicsRequest.pageQuery)
                ], list),
            service.unary(
                "ListTopicSubscriptions",
                [
                    RestBinding(
                        .get, "{projects/*/topics/*}/subscriptions", path: { $0.topic = $1 },
                        query: PBListTopicSubscriptionsRequest.pageQuery)
                ], listSubscriptions),
            service.unary(
                "ListTopicSnapshots",
                [
                    RestBinding(
                        .get, "{projects/*/topics/*}/snapshots", path: { $0.topic = $1 },
                        query: PBListTopicSnapshotsRequest.pageQuery)
                ], listSnapshots),
            service.unary(
                "DeleteTopic", [RestBinding(.delete, "{projects/*/topics/*}", path: { $0.topic = $1 })]
            ) { (request: PBDeleteTopicRequest) in
                try FullName.check(request.topic, in: .topics)
                try await broker.deleteTopic(request.topic)
                return Google_Protobuf_Empty()
            },
            service.unary(
                "DetachSubscription",
                [.whole(.post, "{projects/*/subscriptions/*}:detach") { $0.subscription = $1 }]
            ) { (request: PBDetachSubscriptionRequest) in
                try FullName.check(request.subscription, in: .subscriptions)
                try await broker.detach(subscription: request.subscription)
                return PBDetachSubscriptionResponse()
            },
        ]
    }

    private func publish(_ call: PublishCall) async throws -> PBPublishResponse {
        guard call.topic.hasPrefix("projects/") else { throw try invalidName(call.topic) }
        try call.check()
        let numbers = try await broker.publish(call.messages, to: call.topic)
        var response = PBPublishResponse()
        response.messageIds = numbers.map { String($0) }
        return response
    }

    private func invalidName(_ name: String) throws -> APIError {
        try FullName.check(name, in: .topics)
        return .invalidArgument(name)
    }

    private func update(_ request: PBUpdateTopicRequest) async throws -> PBTopic {
        try FullName.check(request.topic.name, in: .topics)
        let mask = try UpdateMask(
            request.updateMask, of: "UpdateTopicRequest", resource: request.topic.name,
            allowed: PublisherMethods.mutable, fixed: PublisherMethods.fixed, partial: PartialUpdates.topic.paths)
        var topic = try broker.topic(request.topic.name)
        let wanted = try Topic(PartialUpdates.topic.complete(request.topic, by: mask, from: PBTopic(topic)))
        if mask.fields.contains("labels") { topic.labels = wanted.labels }
        if mask.fields.contains("message_retention_duration") {
            topic.messageRetentionDuration = wanted.messageRetentionDuration
        }
        if mask.fields.contains("schema_settings") { topic.schemaSettings = wanted.schemaSettings }
        return PBTopic(try await broker.updateTopic(topic))
    }

    private func list(_ request: PBListTopicsRequest) throws -> PBListTopicsResponse {
        let prefix = try FullName.prefix(ofProject: request.project)
        let page = try Page(
            of: broker.topics.filter { $0.name.hasPrefix(prefix) }, size: request.pageSize, token: request.pageToken,
            name: \.name)
        var response = PBListTopicsResponse()
        response.topics = page.elements.map { PBTopic($0) }
        response.nextPageToken = page.nextToken
        return response
    }

    private func listSubscriptions(
        _ request: PBListTopicSubscriptionsRequest
    ) throws -> PBListTopicSubscriptionsResponse {
        try FullName.check(request.topic, in: .topics)
        let topic = try broker.topic(request.topic)
        let names = broker.subscriptions.filter { $0.topic == topic.name && !$0.detached }.map(\.name)
        let page = try Page(of: names, size: request.pageSize, token: request.pageToken, name: \.self)
        var response = PBListTopicSubscriptionsResponse()
        response.subscriptions = page.elements
        response.nextPageToken = page.nextToken
        return response
    }

    private func listSnapshots(_ request: PBListTopicSnapshotsRequest) throws -> PBListTopicSnapshotsResponse {
        try FullName.check(request.topic, in: .topics)
        let names = try broker.snapshots(ofTopic: request.topic).map(\.name)
        let page = try Page(of: names, size: request.pageSize, token: request.pageToken, name: \.self)
        var response = PBListTopicSnapshotsResponse()
        response.snapshots = page.elements
        response.nextPageToken = page.nextToken
        return response
    }
}
