import Pipes
import Telemetry
import Time

/// One reader of a subscription in the process: what it pulls stays leased to it until it acknowledges, or is let go.
final class SubscriptionSource: MessageSource {
    private let subscription: LiveSubscription
    private let consumer: UInt32

    /// One pull gives no more than this, so that large messages do not fill the memory.
    private static let byteLimit = 16 << 20

    init(_ subscription: LiveSubscription) {
        self.subscription = subscription
        consumer = subscription.newConsumer()
        subscription.consumers.add(1)
    }

    deinit {
        subscription.consumers.add(-1)
        subscription.release(consumer: consumer)
    }

    func pull(limit: Int) async throws -> [IncomingMessage] {
        try subscription.pull(
            limit: limit, byteLimit: SubscriptionSource.byteLimit, consumer: consumer, until: .distantFuture
        ).messages
    }

    func waitForMessages() async throws { try await subscription.waitForMessages(consumer) }

    func acknowledge(_ sequences: SequenceSet) async throws { try await subscription.acknowledge(sequences) }

    func resume(committed: SequenceSet) async throws {
        subscription.release(consumer: consumer)
        try await subscription.acknowledge(committed)
    }

    func backlog() async -> Backlog { subscription.backlog() }

    func oldestUnacknowledged(timestampAttribute: String?) async -> Timestamp? {
        subscription.oldestUnacknowledged(timestampAttribute)
    }
}
