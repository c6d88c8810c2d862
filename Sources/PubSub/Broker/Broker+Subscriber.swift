import Pipes
import Synchronization
import Time

extension Broker {
    /// Up to `limit` messages at once, leased for the subscription's ack deadline.
    public func pull(subscription name: String, limit: Int) throws -> [ReceivedMessage] {
        let subscription = try live(name)
        let deadline = clock.now + .seconds(subscription.subscription.ackDeadlineSeconds)
        // A unary pull is a reader of its own.
        let delivery = try subscription.pull(
            limit: limit, byteLimit: 10_000_000, consumer: subscription.newConsumer(), until: deadline)
        return zip(delivery.messages, delivery.leases).map { message, lease in
            ReceivedMessage(ackID: AckID(sequence: message.sequence, lease: lease), message: message)
        }
    }

    /// Acknowledges messages; returns when that is with the kernel. An acknowledgement after the deadline counts, too.
    /// Ids of messages that are acknowledged already are fine.
    public func acknowledge(_ ids: [AckID], subscription name: String) async throws {
        _ = try await live(name).acknowledge(ids.map(\.sequence))
    }

    /// Sets the ack deadline of messages to so many seconds from now, 0 to 600; 0 gives them back at once. Ids of
    /// earlier deliveries do nothing.
    public func modifyAckDeadline(_ ids: [AckID], seconds: Int, subscription name: String) throws {
        let subscription = try live(name)
        guard (0...600).contains(seconds) else {
            throw PubSubError(
                .invalidArgument,
                "\(subscription.name): ack deadline \(seconds) s; it must be between 0 and 600 seconds.")
        }
        if seconds == 0 {
            subscription.fail(ids.map(\.sequence), leases: ids.map(\.lease))
        } else {
            subscription.extend(ids.map(\.sequence), leases: ids.map(\.lease), by: .seconds(seconds))
        }
    }
}
