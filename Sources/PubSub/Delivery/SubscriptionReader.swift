import Pipes
import Telemetry
import Time

/// One reader of a subscription over the network: what it pulls is leased to it for a while, and acknowledged by id.
///
/// Let it go, and its leases run on to their ends: who read has the messages, and may acknowledge them by other ways.
public final class SubscriptionReader: Sendable {
    private let subscription: LiveSubscription
    private let consumer: UInt32

    init(_ subscription: LiveSubscription) {
        self.subscription = subscription
        consumer = subscription.newConsumer()
        subscription.consumers.add(1)
    }

    deinit { subscription.consumers.add(-1) }

    /// The subscription's declaration as it stands now.
    public var declaration: Subscription { subscription.subscription }

    /// Up to `limit` messages that take at most `byteLimit` bytes together in an answer (ids and times included), but at
    /// least one when there is one, however large. They are leased for `ackDeadline`. Empty when nothing waits. Throws
    /// FAILED_PRECONDITION when the subscription is detached.
    public func pull(limit: Int, byteLimit: Int, ackDeadline: Duration) throws -> [ReceivedMessage] {
        let delivery = try subscription.pull(
            limit: limit, byteLimit: byteLimit, consumer: consumer, until: subscription.topic.clock.now + ackDeadline)
        return delivery.received
    }

    /// What was pulled and could not be passed on comes again, for this reader or another, as if it had never been
    /// handed out: it has not failed.
    public func takeBack(_ ids: [AckID]) { subscription.takeBack(ids) }

    /// Returns when there is something to pull, or throws when the subscription is detached or deleted.
    public func waitForMessages() async throws { try await subscription.waitForMessages(consumer) }
}

extension Broker {
    /// A reader of the subscription with that short or full name. Throws NOT_FOUND, or FAILED_PRECONDITION when the
    /// subscription is detached.
    public func reader(for subscription: String) throws -> SubscriptionReader {
        let subscription = try live(subscription)
        try subscription.checkAttached()
        try subscription.checkPulled()
        return SubscriptionReader(subscription)
    }
}

extension LiveSubscription.Delivery {
    var received: [ReceivedMessage] {
        zip(messages, leases).map { message, lease in
            ReceivedMessage(ackID: AckID(sequence: message.sequence, lease: lease), message: message)
        }
    }
}
