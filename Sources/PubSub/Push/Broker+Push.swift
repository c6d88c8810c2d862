public import Pipes
import Synchronization

/// The push subscriptions of a broker at work.
struct Pushing: Sendable {
    fileprivate var target: (any HTTPTarget)?
    /// By subscription's id, with what is running for it.
    fileprivate var tasks: [UInt64: (config: PushConfig, task: Task<Void, Never>)] = [:]
}

extension Broker {
    /// Begins to send the messages of push subscriptions, now and later ones, through `target`.
    public func startPushing(through target: any HTTPTarget) {
        pushing.withLock { $0.target = target }
        for subscription in registry.withLock({ Array($0.subscriptions.values) }) { push(subscription) }
    }

    /// Makes a subscription pull or push; a nil endpoint makes it pull.
    public func modifyPushConfig(_ config: PushConfig?, subscription name: String) async throws {
        var subscription = try live(name).subscription
        subscription.pushConfig = config
        try await updateSubscription(subscription)
    }

    /// Makes what runs for a subscription be what its declaration says.
    func push(_ subscription: LiveSubscription) {
        let config = subscription.isGone ? nil : subscription.subscription.pushConfig
        pushing.withLock { pushing in
            guard pushing.tasks[subscription.id]?.config != config else { return }
            pushing.tasks[subscription.id]?.task.cancel()
            pushing.tasks[subscription.id] = nil
            guard let config, let target = pushing.target else { return }
            let pusher = Pusher(subscription: subscription, config: config, target: target)
            pushing.tasks[subscription.id] = (config, Task { await pusher.run() })
        }
    }

    func stopPushing() {
        pushing.withLock { pushing in
            for (_, task) in pushing.tasks.values { task.cancel() }
            pushing.tasks = [:]
            pushing.target = nil
        }
    }
}
