import Journal

/// What a broker remembers of its topics, subscriptions and snapshots: a ledger of changes.
struct Catalog: Sendable {
    /// A change, as it stands in the ledger. The shape is for ever: add cases and optional values, rename nothing.
    enum Change: Codable, Sendable {
        case topic(id: UInt64, topic: Topic)
        /// Its subscriptions may still have messages of it.
        case deletedTopic(id: UInt64)
        case subscription(id: UInt64, topicID: UInt64, subscription: Subscription)
        case deletedSubscription(id: UInt64)
        case snapshot(id: UInt64, topicID: UInt64, snapshot: SubscriptionSnapshot)
        case deletedSnapshot(id: UInt64)
        /// All revisions, the oldest first.
        case schema(id: UInt64, revisions: [PubSubSchema])
        case deletedSchema(id: UInt64)
        /// Of a resource, by full name; nil: none any more.
        case accessPolicy(resource: String, policy: AccessPolicy?)
    }

    struct TopicEntry: Sendable {
        var topic: Topic
        var isDeleted = false
    }

    struct SubscriptionEntry: Sendable {
        var topicID: UInt64
        var subscription: Subscription
    }

    struct SnapshotEntry: Sendable {
        var topicID: UInt64
        var snapshot: SubscriptionSnapshot
    }

    private(set) var topics: [UInt64: TopicEntry] = [:]
    private(set) var subscriptions: [UInt64: SubscriptionEntry] = [:]
    private(set) var snapshots: [UInt64: SnapshotEntry] = [:]
    private(set) var schemas: [UInt64: [PubSubSchema]] = [:]
    /// By the resource's full name.
    private(set) var accessPolicies: [String: AccessPolicy] = [:]
    /// Ids are never given out twice: folders are named by them.
    private(set) var lastID: UInt64 = 0

    init(_ changes: [Change]) {
        for change in changes { apply(change) }
    }

    mutating func newID() -> UInt64 {
        lastID += 1
        return lastID
    }

    mutating func apply(_ change: Change) {
        switch change {
        case .topic(let id, let topic):
            topics[id] = TopicEntry(topic: topic)
            lastID = max(lastID, id)
        case .deletedTopic(let id):
            topics[id]?.isDeleted = true
            accessPolicies[topics[id]?.topic.name ?? ""] = nil
            forgetUnneededTopics()
        case .subscription(let id, let topicID, let subscription):
            subscriptions[id] = SubscriptionEntry(topicID: topicID, subscription: subscription)
            lastID = max(lastID, id)
        case .deletedSubscription(let id):
            accessPolicies[subscriptions[id]?.subscription.name ?? ""] = nil
            subscriptions[id] = nil
            forgetUnneededTopics()
        case .snapshot(let id, let topicID, let snapshot):
            snapshots[id] = SnapshotEntry(topicID: topicID, snapshot: snapshot)
            lastID = max(lastID, id)
        case .deletedSnapshot(let id):
            accessPolicies[snapshots[id]?.snapshot.name ?? ""] = nil
            snapshots[id] = nil
            forgetUnneededTopics()
        case .schema(let id, let revisions):
            schemas[id] = revisions
            lastID = max(lastID, id)
        case .deletedSchema(let id):
            accessPolicies[schemas[id]?.first?.name ?? ""] = nil
            schemas[id] = nil
        case .accessPolicy(let resource, let policy):
            accessPolicies[resource] = policy
        }
    }

    /// A deleted topic is remembered only as long as a subscription or a snapshot has messages of it.
    private mutating func forgetUnneededTopics() {
        guard topics.values.contains(where: \.isDeleted) else { return }
        let needed = Set(subscriptions.values.map(\.topicID) + snapshots.values.map(\.topicID))
        topics = topics.filter { !$0.value.isDeleted || needed.contains($0.key) }
    }

    /// The changes that lead here from nothing.
    var changes: [Change] {
        var changes: [Change] = []
        for (id, revisions) in schemas.sorted(by: { $0.key < $1.key }) {
            changes.append(.schema(id: id, revisions: revisions))
        }
        for (id, entry) in topics.sorted(by: { $0.key < $1.key }) {
            changes.append(.topic(id: id, topic: entry.topic))
            if entry.isDeleted { changes.append(.deletedTopic(id: id)) }
        }
        for (id, entry) in subscriptions.sorted(by: { $0.key < $1.key }) {
            changes.append(.subscription(id: id, topicID: entry.topicID, subscription: entry.subscription))
        }
        for (id, entry) in snapshots.sorted(by: { $0.key < $1.key }) {
            changes.append(.snapshot(id: id, topicID: entry.topicID, snapshot: entry.snapshot))
        }
        for (resource, policy) in accessPolicies.sorted(by: { $0.key < $1.key }) {
            changes.append(.accessPolicy(resource: resource, policy: policy))
        }
        return changes
    }
}
