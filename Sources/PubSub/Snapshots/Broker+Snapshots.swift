import Journal
import Pipes
import Synchronization
public import Time

extension Broker {
    /// How long a snapshot's oldest message is kept, from when it was published (`google.pubsub.v1`, `CreateSnapshot`).
    static let snapshotLifetime = Duration.seconds(7 * 86_400)
    /// A snapshot that would live for less is refused.
    static let shortestSnapshotLifetime = Duration.seconds(3600)

    /// All snapshots, by name.
    public var snapshots: [SubscriptionSnapshot] {
        registry.withLock { Array($0.snapshots.values) }.map(\.snapshot).sorted { $0.name < $1.name }
    }

    /// One snapshot.
    public func snapshot(_ name: String) throws -> SubscriptionSnapshot {
        try registry.withLock { (registry) throws(PubSubError) in try registry.snapshot(name) }.snapshot
    }

    /// The snapshots of a topic, by name.
    public func snapshots(ofTopic name: String) throws -> [SubscriptionSnapshot] {
        let topic = try registry.withLock { (registry) throws(PubSubError) in try registry.topic(name) }
        return snapshots.filter { $0.topic == topic.name.description }
    }

    /// Keeps what a subscription has not acknowledged now, and everything published from now on, until the snapshot
    /// expires or is deleted.
    ///
    /// Throws ALREADY_EXISTS, NOT_FOUND for the subscription, or FAILED_PRECONDITION when its oldest message is so old
    /// that the snapshot would expire within the hour.
    @discardableResult
    public func createSnapshot(
        _ name: String, ofSubscription subscription: String, labels: [String: String] = [:]
    ) async throws -> SubscriptionSnapshot {
        let name = try ResourceName(name, in: .snapshots, project: project)
        try name.check()
        try DeclarationRules.check(labels: labels, of: name)
        let origin = try live(subscription)
        try origin.checkAttached()
        let topic = origin.topic
        let oldest = origin.oldestPublishTime() ?? clock.now
        let expiry = min(oldest + Broker.snapshotLifetime, clock.now + Broker.snapshotLifetime)
        guard expiry - clock.now >= Broker.shortestSnapshotLifetime else {
            throw PubSubError(
                .failedPrecondition,
                "\(name): the oldest unacknowledged message of \(origin.name) was published at \(oldest.rfc3339); "
                    + "a snapshot ends seven days after it. Acknowledge it, or seek forward, first.")
        }
        let id = try registry.withLock { (registry) throws(PubSubError) in
            try registry.reserve(name)
            return registry.catalog.newID()
        }
        defer { registry.withLock { _ = $0.reserved.remove(name) } }
        let settled = origin.state.withLock { $0.settled }
        let log = try remembering(name) { try snapshotLog(id, name) }
        try await remembering(name) { try await log.replace { settled } }
        let snapshot = SubscriptionSnapshot(
            name: name.description, topic: origin.subscription.topic, expireTime: expiry, labels: labels)
        let opened = LiveSnapshot(id: id, snapshot: snapshot, name: name, topic: topic, settled: settled, log: log)
        // It holds the topic's messages before it is remembered, lest retention deletes what it starts with.
        topic.add(opened)
        do {
            try await remember(.snapshot(id: id, topicID: topic.id, snapshot: snapshot), of: name)
        } catch {
            topic.remove(opened)
            try? await log.delete()
            throw error
        }
        registry.withLock { $0.insert(opened) }
        expirations.look(at: expiry)
        return snapshot
    }

    /// Changes a snapshot's labels or the time of its end.
    @discardableResult
    public func updateSnapshot(
        _ name: String, labels: [String: String]? = nil, expireTime: Timestamp? = nil
    ) async throws -> SubscriptionSnapshot {
        let opened = try registry.withLock { (registry) throws(PubSubError) in try registry.snapshot(name) }
        var snapshot = opened.snapshot
        if let labels {
            try DeclarationRules.check(labels: labels, of: opened.name)
            snapshot.labels = labels
        }
        if let expireTime {
            guard expireTime > clock.now, expireTime <= clock.now + Broker.snapshotLifetime else {
                throw PubSubError(
                    .invalidArgument, "\(opened.name): expireTime must be within the next seven days.")
            }
            snapshot.expireTime = expireTime
        }
        try await remember(.snapshot(id: opened.id, topicID: opened.topic.id, snapshot: snapshot), of: opened.name)
        opened.snapshot = snapshot
        expirations.look(at: snapshot.expireTime)
        return snapshot
    }

    /// Deletes a snapshot: messages that it alone has kept go.
    public func deleteSnapshot(_ name: String) async throws {
        let snapshot = try registry.withLock { (registry) throws(PubSubError) in try registry.snapshot(name) }
        try await remember(.deletedSnapshot(id: snapshot.id), of: snapshot.name)
        registry.withLock { $0.remove(snapshot) }
        snapshot.topic.remove(snapshot)
        try await remembering(snapshot.name) { try await snapshot.log.delete() }
        try await deleteIfUnneeded(snapshot.topic)
        snapshot.topic.sweepSoon()
    }

    /// Hands out anew what was not acknowledged when the snapshot was made, and everything published since.
    ///
    /// Throws NOT_FOUND, or FAILED_PRECONDITION when the snapshot is of another topic.
    /// - Returns: how many messages wait now.
    @discardableResult
    public func seek(subscription name: String, toSnapshot snapshot: String) async throws -> Int {
        let subscription = try live(name)
        try subscription.checkAttached()
        let snapshot = try registry.withLock { (registry) throws(PubSubError) in try registry.snapshot(snapshot) }
        guard snapshot.topic === subscription.topic else {
            throw PubSubError(
                .failedPrecondition,
                "\(subscription.name) reads \(subscription.topic.name), but \(snapshot.name) is of "
                    + "\(snapshot.topic.name). Choose a snapshot of the subscription's own topic.")
        }
        try await subscription.seek(to: snapshot.settled)
        return subscription.backlog().messages
    }

    func snapshotLog(_ id: UInt64, _ name: ResourceName) throws(JournalError) -> CursorLog {
        try CursorLog(path: "\(folder)/snapshots/\(Broker.fileName(id, name)).cursor", calls: calls)
    }
}
