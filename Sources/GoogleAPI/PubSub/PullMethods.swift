import GRPCProtobuf
import PubSub
import SwiftProtobuf
import Time

/// What of `google.pubsub.v1.Subscriber` hands out and acknowledges messages by calls of their own.
struct PullMethods: Sendable {
    let broker: Broker
    let acknowledgements: Acknowledgements
    /// Real time, as the client has it.
    let lifetimes: any WallClock

    /// How long a pull waits for a message, if it does not return at once.
    static let patience = Duration.seconds(20)
    private static let maximumMessages = 1000
    /// A client that sets no limit of its own reads 4 MB (gRPC's default). A message that has more goes alone.
    private static let maximumBytes = 3 << 20

    var all: [APIMethod] {
        let service = SubscriberMethods.service
        return [
            service.unary(
                "Pull", [.whole(.post, "{projects/*/subscriptions/*}:pull") { $0.subscription = $1 }], waits: true,
                decoder: ProtobufDeserializer<PBPullRequest>(), encoder: DeliveryEncoder(), call: pull,
                respond: { (request: PBPullRequest) in
                    let delivery = try await pull(request)
                    var response = PBPullResponse()
                    response.receivedMessages = delivery.messages.map {
                        PBReceivedMessage($0, countsAttempts: delivery.countsAttempts)
                    }
                    return response
                }),
            service.unary(
                "Acknowledge", [.whole(.post, "{projects/*/subscriptions/*}:acknowledge") { $0.subscription = $1 }]
            ) { (request: PBAcknowledgeRequest) in
                try check(request.subscription, request.ackIds)
                let outcome = try await acknowledgements.acknowledge(request.ackIds, of: request.subscription)
                try report(outcome, of: request.subscription)
                return Google_Protobuf_Empty()
            },
            service.unary(
                "ModifyAckDeadline",
                [.whole(.post, "{projects/*/subscriptions/*}:modifyAckDeadline") { $0.subscription = $1 }]
            ) { (request: PBModifyAckDeadlineRequest) in
                try check(request.subscription, request.ackIds)
                let outcome = try acknowledgements.modify(
                    request.ackIds, seconds: Int(request.ackDeadlineSeconds), of: request.subscription)
                try report(outcome, of: request.subscription, isExtension: request.ackDeadlineSeconds > 0)
                return Google_Protobuf_Empty()
            },
        ]
    }

    private func pull(_ request: PBPullRequest) async throws -> Delivery {
        try FullName.check(request.subscription, in: .subscriptions)
        guard request.maxMessages > 0 else {
            throw APIError.invalidArgument(
                "\(request.subscription): max_messages is \(request.maxMessages); it must be positive.")
        }
        let reader = try broker.reader(for: request.subscription)
        var messages = try await take(request, reader)
        if messages.isEmpty, !request.returnImmediately {
            try await wait(for: reader)
            messages = try await take(request, reader)
        }
        return Delivery(messages: messages, countsAttempts: reader.declaration.deadLetterPolicy != nil)
    }

    private func take(_ request: PBPullRequest, _ reader: SubscriptionReader) async throws -> [ReceivedMessage] {
        let output = CallOutput.current
        try await output?.waitForRoom(PullMethods.maximumBytes)
        let messages = try reader.pull(
            limit: min(Int(request.maxMessages), PullMethods.maximumMessages), byteLimit: PullMethods.maximumBytes,
            ackDeadline: .seconds(reader.declaration.ackDeadlineSeconds))
        if messages.isEmpty { output?.release() }
        return messages
    }

    /// Until there is a message, or patience has an end.
    private func wait(for reader: SubscriptionReader) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await reader.waitForMessages() }
            group.addTask { try await lifetimes.sleep(for: PullMethods.patience) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func check(_ subscription: String, _ ids: [String]) throws {
        try FullName.check(subscription, in: .subscriptions)
        guard !ids.isEmpty else {
            throw APIError.invalidArgument("\(subscription): no ack ids specified. Name at least one in ack_ids.")
        }
        _ = try broker.subscription(subscription)
    }

    /// Throws when ids were malformed, or did not count under exactly-once delivery.
    private func report(
        _ outcome: Acknowledgements.Outcome, of subscription: String, isExtension: Bool = false
    ) throws {
        guard !outcome.invalid.isEmpty || !outcome.unordered.isEmpty else { return }
        guard try broker.subscription(subscription).enableExactlyOnceDelivery else {
            throw APIError.invalidArgument(
                "\(subscription): You have passed an invalid ack ID to the service (ack_id=\(outcome.invalid[0])).")
        }
        throw APIError(exactlyOnce: outcome, of: subscription, isExtension: isExtension)
    }
}
