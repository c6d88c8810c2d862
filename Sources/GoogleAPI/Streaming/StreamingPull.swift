import GRPCCore
import GRPCProtobuf
import Pipes
import PubSub
import Time

/// `StreamingPull`: messages go out as they come, acknowledgements come in.
struct StreamingPull: Sendable {
    let broker: Broker
    let acknowledgements: Acknowledgements
    let clock: any WallClock
    /// Real time: a stream does not age because the broker's time runs ahead.
    let lifetimes: any WallClock
    /// How long an answer may wait for its client to read.
    let writeTime: Duration

    /// A stream is ended after so long, and the client opens another (Pub/Sub documentation, "StreamingPull": streams
    /// end with an error that is to be retried).
    static let maximumAge = Duration.seconds(1800)
    /// How often a client hears of the server that wants to.
    static let heartbeat = Duration.seconds(30)

    var method: APIMethod {
        let descriptor = MethodDescriptor(
            fullyQualifiedService: SubscriberMethods.service.name, method: "StreamingPull",
            type: .bidirectionalStreaming)
        return APIMethod(
            descriptor: descriptor,
            register: { router, calls in
                router.registerHandler(
                    forMethod: descriptor, deserializer: ProtobufDeserializer<PBStreamingPullRequest>(),
                    serializer: DeliveryEncoder()
                ) { request, context in
                    let output = calls[request.metadata]
                    return StreamingServerResponse { writer in
                        do {
                            try await whileWanted(context) { try await run(request.messages, writer, output) }
                        } catch {
                            throw APIError(error)
                        }
                        return [:]
                    }
                }
            }, routes: [])
    }

    /// Ends when the client has said its last word, or with an error.
    func run(
        _ requests: RPCAsyncSequence<PBStreamingPullRequest, any Error>, _ writer: RPCWriter<Delivery>,
        _ output: CallOutput?
    ) async throws {
        var inbound = Inbound(iterator: requests.makeAsyncIterator())
        guard let opening = try await inbound.iterator.next() else {
            throw APIError.invalidArgument("A StreamingPull stream needs a first request that names the subscription.")
        }
        let session = try StreamingPullSession(opening: opening)
        let wishes = try StreamingPullSession.wishes(opening: opening)
        let reader = try broker.reader(for: session.subscription)
        let stream = OpenStream(session)
        acknowledgements.streams.add(stream, to: session.subscription)
        defer { acknowledgements.streams.remove(stream, from: session.subscription) }
        try await writer.write(Delivery(rest: properties(of: reader)))

        let later = inbound
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await take(wishes, of: session.subscription, reader, writer)
                var later = later
                while let request = try await later.iterator.next() {
                    let wishes = try stream.withSession { try $0.take(request) }
                    try await take(wishes, of: session.subscription, reader, writer)
                }
            }
            group.addTask { try await deliver(stream, reader, writer, output) }
            group.addTask { try await end(session, reader, writer) }
            group.addTask { try await stream.waitForEnd() }
            defer { group.cancelAll() }
            // The first to end ends the stream: mostly the client's last word.
            try await group.next()
        }
    }

    /// A stream's requests may be iterated once.
    ///
    /// `@unchecked`: whoever has read the first hands it on to the one task that reads the others.
    private struct Inbound: @unchecked Sendable {
        var iterator: RPCAsyncSequence<PBStreamingPullRequest, any Error>.AsyncIterator
    }

    private func take(
        _ wishes: StreamingPullSession.Wishes, of subscription: String, _ reader: SubscriptionReader,
        _ writer: RPCWriter<Delivery>
    ) async throws {
        var answer = properties(of: reader)
        if !wishes.acknowledged.isEmpty {
            let outcome = try await acknowledgements.acknowledge(wishes.acknowledged, of: subscription)
            answer.acknowledgeConfirmation.ackIds = outcome.accepted
            answer.acknowledgeConfirmation.invalidAckIds = outcome.invalid
            answer.acknowledgeConfirmation.unorderedAckIds = outcome.unordered
        }
        var groups: [Int: [String]] = [:]
        for deadline in wishes.deadlines { groups[deadline.seconds, default: []].append(deadline.ackID) }
        for (seconds, ids) in groups {
            let outcome = try acknowledgements.modify(ids, seconds: seconds, of: subscription)
            answer.modifyAckDeadlineConfirmation.ackIds += outcome.accepted
            answer.modifyAckDeadlineConfirmation.invalidAckIds += outcome.invalid
        }
        // Only under exactly-once delivery does the client wait for an answer.
        guard reader.declaration.enableExactlyOnceDelivery,
            answer.hasAcknowledgeConfirmation || answer.hasModifyAckDeadlineConfirmation
        else { return }
        try await writer.write(Delivery(rest: answer))
    }

    /// Heartbeats until the stream has lived long enough.
    private func end(
        _ session: StreamingPullSession, _ reader: SubscriptionReader, _ writer: RPCWriter<Delivery>
    ) async throws {
        let end = lifetimes.now + StreamingPull.maximumAge
        while session.wantsHeartbeats, lifetimes.now + StreamingPull.heartbeat < end {
            try await lifetimes.sleep(for: StreamingPull.heartbeat)
            try await writer.write(Delivery(rest: properties(of: reader)))
        }
        try await lifetimes.sleep(until: end)
        throw APIError(
            .unavailable, "\(session.subscription): the stream has been open for half an hour. Open it anew.")
    }

    func properties(of reader: SubscriptionReader) -> PBStreamingPullResponse {
        var response = PBStreamingPullResponse()
        let declaration = reader.declaration
        response.subscriptionProperties.exactlyOnceDeliveryEnabled = declaration.enableExactlyOnceDelivery
        response.subscriptionProperties.messageOrderingEnabled = declaration.enableMessageOrdering
        return response
    }
}
