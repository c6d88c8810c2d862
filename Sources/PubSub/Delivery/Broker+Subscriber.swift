import Pipes
import Synchronization
import Time

/// What became of acknowledgements or deadlines that were sent.
public struct AckReport: Sendable, Hashable {
    /// Ids that did not count, of a subscription with exactly-once delivery: the lease has run out, or the message was
    /// handed out again. Empty for other subscriptions.
    public var invalid: [AckID]
    /// Ids that do not count yet, of a subscription with exactly-once delivery: an earlier message of their ordering key
    /// is not acknowledged. They may be sent again.
    public var unordered: [AckID]

    /// A report.
    public init(invalid: [AckID] = [], unordered: [AckID] = []) {
        self.invalid = invalid
        self.unordered = unordered
    }
}

extension Broker {
    /// Up to `limit` messages at once, leased for the subscription's ack deadline. Throws FAILED_PRECONDITION for a
    /// push subscription.
    public func pull(subscription name: String, limit: Int) throws -> [ReceivedMessage] {
        let subscription = try live(name)
        try subscription.checkPulled()
        let deadline = clock.now + .seconds(subscription.subscription.ackDeadlineSeconds)
        // A unary pull is a reader of its own.
        return try subscription.pull(
            limit: limit, byteLimit: 10_000_000, consumer: subscription.newConsumer(), until: deadline
        ).received
    }

    /// Acknowledges messages; returns when that is with the kernel, under exactly-once delivery when it is on the
    /// medium. An acknowledgement after the deadline counts, too, but not under exactly-once delivery. Ids of messages
    /// that are acknowledged already are fine; under exactly-once delivery as long as this process remembers them.
    @discardableResult
    public func acknowledge(_ ids: [AckID], subscription name: String) async throws -> AckReport {
        let subscription = try live(name)
        guard subscription.subscription.enableExactlyOnceDelivery else {
            _ = try await subscription.acknowledge(ids.map(\.sequence))
            return AckReport()
        }
        subscription.passTime(to: clock.now)
        let outcome = try await remembering(subscription.name) { try await subscription.confirm(ids) }
        return AckReport(invalid: outcome.invalid, unordered: outcome.unordered)
    }

    /// Sets the ack deadline of messages to so many seconds from now, 0 to 600; 0 gives them back at once. Ids of
    /// earlier deliveries do nothing.
    @discardableResult
    public func modifyAckDeadline(_ ids: [AckID], seconds: Int, subscription name: String) throws -> AckReport {
        let subscription = try live(name)
        guard (0...600).contains(seconds) else {
            throw PubSubError(
                .invalidArgument,
                "\(subscription.name): ack deadline \(seconds) s; it must be between 0 and 600 seconds.")
        }
        let isExactlyOnce = subscription.subscription.enableExactlyOnceDelivery
        if isExactlyOnce, seconds == 0 { return AckReport(invalid: subscription.giveBack(ids)) }
        let invalid = isExactlyOnce ? subscription.stale(ids) : []
        if seconds == 0 {
            subscription.fail(ids.map(\.sequence), leases: ids.map(\.lease))
        } else {
            subscription.extend(ids.map(\.sequence), leases: ids.map(\.lease), by: .seconds(seconds))
        }
        return AckReport(invalid: invalid)
    }
}

extension LiveSubscription {
    /// Throws FAILED_PRECONDITION when messages are pushed.
    func checkPulled() throws(PubSubError) {
        guard let config = subscription.pushConfig else { return }
        throw PubSubError(
            .failedPrecondition,
            "\(name): its messages are pushed to \(config.pushEndpoint). Take its pushConfig away to pull them.")
    }
}
