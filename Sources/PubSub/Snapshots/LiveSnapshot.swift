import Journal
import Synchronization
import Time

/// A snapshot at work: what was settled, and the topic that keeps the rest for it.
final class LiveSnapshot: Sendable {
    let id: UInt64
    let name: ResourceName
    let topic: LiveTopic
    let settled: SettledSet
    let log: CursorLog
    private let state: Mutex<SubscriptionSnapshot>

    init(
        id: UInt64, snapshot: SubscriptionSnapshot, name: ResourceName, topic: LiveTopic, settled: SettledSet,
        log: CursorLog
    ) {
        self.id = id
        self.name = name
        self.topic = topic
        self.settled = settled
        self.log = log
        state = Mutex(snapshot)
    }

    var snapshot: SubscriptionSnapshot {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
