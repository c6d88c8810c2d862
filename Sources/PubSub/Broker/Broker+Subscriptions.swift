import Journal
import Pipes
import Synchronization
public import Time

extension Broker {
    /// The declarations of all subscriptions, by name.
    public var subscriptions: [Subscription] {
        registry.withLock { Array($0.subscriptions.values) }.map(\.subscription).sorted { $0.name < $1.name }
    }

    /// The declaration of a subscription.
    public func subscription(_ name: String) throws -> Subscription { try live(name).subscription }

    /// Creates a subscription, which gets what is published from now on; throws ALREADY_EXISTS, NOT_FOUND when a topic
    /// is missing, or INVALID_ARGUMENT with what is wrong. Returns it with full names and defaults filled in.
    @discardableResult
    public func createSubscription(_ declaration: Subscription) async throws -> Subscription {
        let subscription = try declaration.checked(project: project)
        let name = try ResourceName(subscription.name, in: .subscriptions, project: project)
        let (id, topic) = try registry.withLock { (registry) throws(PubSubError) in
            let topic = try registry.topic(subscription.topic)
            if let policy = subscription.deadLetterPolicy { _ = try registry.topic(policy.deadLetterTopic) }
            try registry.reserve(name)
            return (registry.catalog.newID(), topic)
        }
        defer { registry.withLock { _ = $0.reserved.remove(name) } }
        let log = try remembering(name) { try cursorLog(id, name) }
        let start = SettledSet(floor: topic.journal.nextSequence)
        try await remembering(name) { try await log.replace { start } }
        let opened = try live(subscription, id: id, name: name, topic: topic, settled: start, log: log)
        // It holds the topic's messages before it is remembered, lest retention deletes what it starts with.
        topic.add(opened)
        do {
            try await remember(.subscription(id: id, topicID: topic.id, subscription: subscription), of: name)
        } catch {
            topic.remove(opened)
            try? await log.delete()
            throw error
        }
        registry.withLock { $0.insert(opened) }
        if let expiry = opened.expiry { expirations.look(at: expiry) }
        push(opened)
        return subscription
    }

    /// Changes a subscription; throws NOT_FOUND, or INVALID_ARGUMENT when topic, filter or message ordering differ,
    /// which cannot be changed.
    @discardableResult
    public func updateSubscription(_ declaration: Subscription) async throws -> Subscription {
        var subscription = try declaration.checked(project: project)
        let opened = try live(subscription.name)
        let before = opened.subscription
        subscription.detached = before.detached
        if before.topic == ResourceName.deletedTopic { subscription.topic = before.topic }
        let changed = [
            (before.topic != subscription.topic, "topic (\(before.topic))"),
            (before.filter != subscription.filter, "filter (\(before.filter))"),
            (
                before.enableMessageOrdering != subscription.enableMessageOrdering,
                "enableMessageOrdering (\(before.enableMessageOrdering))"
            ),
        ].first { $0.0 }
        if let changed {
            throw PubSubError(
                .invalidArgument,
                "\(subscription.name): \(changed.1) cannot be changed. "
                    + "Create another subscription, or delete this one first."
            )
        }
        guard before != subscription else { return subscription }
        if let policy = subscription.deadLetterPolicy {
            _ = try registry.withLock { (registry) throws(PubSubError) in try registry.topic(policy.deadLetterTopic) }
        }
        try await remember(
            .subscription(id: opened.id, topicID: opened.topic.id, subscription: subscription), of: opened.name)
        opened.update(subscription)
        opened.topic.sweepSoon()
        if let expiry = opened.expiry { expirations.look(at: expiry) }
        push(opened)
        return subscription
    }

    /// Deletes a subscription and forgets what it has acknowledged.
    public func deleteSubscription(_ name: String) async throws {
        let subscription = try live(name)
        try await remember(.deletedSubscription(id: subscription.id), of: subscription.name)
        registry.withLock { $0.remove(subscription) }
        subscription.markDeleted()
        push(subscription)
        subscription.topic.remove(subscription)
        try await remembering(subscription.name) { try await subscription.log.delete() }
        try await deleteIfUnneeded(subscription.topic)
        subscription.topic.sweepAfterDeletion()
    }

    /// Makes schemas, topics and subscriptions be as declared: creates those that are missing, changes those that
    /// differ; a schema that differs gets a new revision. What is not declared stays.
    public func declare(schemas: [PubSubSchema] = [], topics: [Topic], subscriptions: [Subscription]) async throws {
        for schema in schemas { try await declare(schema) }
        for topic in topics {
            let name = try ResourceName(topic.name, in: .topics, project: project).description
            if registry.withLock({ $0.topics[name] != nil }) {
                try await updateTopic(topic)
            } else {
                try await createTopic(topic)
            }
        }
        for subscription in subscriptions {
            let name = try ResourceName(subscription.name, in: .subscriptions, project: project).description
            if registry.withLock({ $0.subscriptions[name] != nil }) {
                try await updateSubscription(subscription)
            } else {
                try await createSubscription(subscription)
            }
        }
    }

    // MARK: Operations

    /// Acknowledges everything that waits; returns how many messages that were.
    @discardableResult
    public func purge(subscription name: String) async throws -> Int {
        let subscription = try live(name)
        let waiting = subscription.backlog().messages
        let end = subscription.topic.journal.nextSequence
        try await subscription.seek(to: end, replayableFrom: end)
        return waiting
    }

    /// Acknowledges everything published before `time`, and hands out anew what was published since: acknowledged
    /// messages only as far as the subscription (`retainAckedMessages`) or its topic (`messageRetentionDuration`) keeps
    /// them.
    ///
    /// - Returns: how many messages wait now.
    @discardableResult
    public func seek(subscription name: String, to time: Timestamp) async throws -> Int {
        let subscription = try live(name)
        try subscription.checkAttached()
        let topic = subscription.topic
        let settings = subscription.subscription
        return try await remembering(subscription.name) {
            let kept = [
                settings.retainAckedMessages ? settings.messageRetentionDuration : nil,
                topic.isDeleted ? nil : topic.topic.messageRetentionDuration,
            ].compactMap { $0 }.max()
            let replayable =
                try kept.map { try topic.firstSequence(publishedFrom: clock.now - $0) } ?? topic.journal.nextSequence
            let first = try topic.firstSequence(publishedFrom: time)
            try await subscription.seek(to: first, replayableFrom: replayable)
            return subscription.backlog().messages
        }
    }

    /// Detaches a subscription from its topic: it loses its messages, gets no more, and pulling from it fails.
    public func detach(subscription name: String) async throws {
        let subscription = try live(name)
        var detached = subscription.subscription
        guard !detached.detached else { return }
        detached.detached = true
        try await remember(
            .subscription(id: subscription.id, topicID: subscription.topic.id, subscription: detached),
            of: subscription.name)
        subscription.update(detached)
        push(subscription)
        let end = subscription.topic.journal.nextSequence
        try await subscription.seek(to: end, replayableFrom: end)
    }
}
