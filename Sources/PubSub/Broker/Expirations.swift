import Synchronization
import Time

/// When to look for subscriptions that nobody uses and snapshots that have had their time, and delete them.
final class Expirations: TimerTarget {
    private struct State {
        weak var broker: Broker?
        var next = Timestamp.distantFuture
    }

    private let timer: BrokerTimer
    private let state = Mutex(State())

    init(timer: BrokerTimer) { self.timer = timer }

    /// From now on they are looked for in `broker`.
    func start(_ broker: Broker) {
        state.withLock { $0.broker = broker }
        timeHasCome()
    }

    /// Something may expire at `time`.
    func look(at time: Timestamp) {
        let isSooner = state.withLock { state in
            guard time < state.next else { return false }
            state.next = time
            return true
        }
        if isSooner { timer.schedule(self, at: time) }
    }

    func timeHasCome() {
        let broker = state.withLock { state in
            state.next = .distantFuture
            return state.broker
        }
        guard let broker else { return }
        Task { await broker.deleteExpired() }
    }
}

extension Broker {
    /// Deletes what has expired by now, and sees to being called again.
    public func deleteExpired() async {
        let now = clock.now
        let (subscriptions, snapshots) = registry.withLock {
            (Array($0.subscriptions.values), Array($0.snapshots.values))
        }
        for subscription in subscriptions {
            guard let expiry = subscription.expiry else { continue }
            if expiry > now {
                expirations.look(at: expiry)
            } else if (try? await deleteSubscription(subscription.name.description)) == nil {
                // The disk refuses now: in a while again.
                expirations.look(at: now + .seconds(3600))
            }
        }
        for snapshot in snapshots {
            let expiry = snapshot.snapshot.expireTime
            if expiry > now {
                expirations.look(at: expiry)
            } else if (try? await deleteSnapshot(snapshot.name.description)) == nil {
                expirations.look(at: now + .seconds(3600))
            }
        }
    }
}
