import Control
import PubSub
import Time

/// Carries out commands on subscriptions; names are short in the host's project, else full.
struct SubscriptionDesk {
    let broker: Broker
    let clock: any WallClock

    /// Seconds: a topic keeps its messages for 31 days at most.
    private static let seekable = 0.0...2_678_400

    /// Acknowledges everything that waits.
    func purge(_ name: String) async throws -> CommandAnswer {
        let count = try await broker.purge(subscription: name)
        return .done("subscription \(name): \(Self.messages(count)) acknowledged unread")
    }

    /// Hands out anew what was published in the last so many seconds.
    func seek(_ name: String, secondsBack seconds: Double) async throws -> CommandAnswer {
        guard Self.seekable.contains(seconds) else {
            return .refused(
                "a subscription goes back 0 to \(Int(Self.seekable.upperBound)) s (31 days), not \(seconds) s")
        }
        return try await seek(name, to: clock.now - .seconds(seconds), "back \(Int(seconds)) s")
    }

    /// Hands out anew what was published since a time that has been.
    func seek(_ name: String, to time: Timestamp) async throws -> CommandAnswer {
        let back = (clock.now - time).inSeconds
        guard Self.seekable.contains(back) else {
            return .refused(
                back < 0
                    ? "\(time.rfc3339) is still to come; choose a time before \(clock.now.rfc3339), or purge"
                    : "\(time.rfc3339) is more than 31 days ago; a topic keeps no message longer")
        }
        return try await seek(name, to: time, "back to \(time.rfc3339)")
    }

    private func seek(_ name: String, to time: Timestamp, _ place: String) async throws -> CommandAnswer {
        let count = try await broker.seek(subscription: name, to: time)
        let waiting = "\(Self.messages(count)) wait\(count == 1 ? "s" : "") again"
        let lost = try keepsAcknowledged(name) ? "" : "; acknowledged ones are not kept"
        return .done("subscription \(name) goes \(place): \(waiting)\(lost)")
    }

    /// Whether the subscription or its topic keeps messages that have been acknowledged.
    private func keepsAcknowledged(_ name: String) throws -> Bool {
        let subscription = try broker.subscription(name)
        if subscription.retainAckedMessages { return true }
        // A topic that is gone keeps nothing.
        return (try? broker.topic(subscription.topic))?.messageRetentionDuration != nil
    }

    /// Detaches the subscription from its topic.
    func detach(_ name: String) async throws -> CommandAnswer {
        guard try !broker.subscription(name).detached else { return .done("subscription \(name) is detached already") }
        try await broker.detach(subscription: name)
        return .done("subscription \(name) is detached from its topic")
    }

    private static func messages(_ count: Int) -> String { "\(count) message\(count == 1 ? "" : "s")" }
}
