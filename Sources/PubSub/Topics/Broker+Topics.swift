import Journal
import Synchronization
import Time

extension Broker {
    /// The declarations of all topics, by name.
    public var topics: [Topic] {
        registry.withLock { Array($0.topics.values) }.map(\.topic).sorted { $0.name < $1.name }
    }

    /// The declaration of a topic.
    public func topic(_ name: String) throws -> Topic {
        try registry.withLock { (registry) throws(PubSubError) in try registry.topic(name) }.topic
    }

    /// Creates a topic; throws ALREADY_EXISTS, or INVALID_ARGUMENT with what is wrong. Returns it with its full name.
    @discardableResult
    public func createTopic(_ declaration: Topic) async throws -> Topic {
        var topic = try declaration.checked(project: project)
        if let settings = topic.schemaSettings { topic.schemaSettings = try checked(settings) }
        let name = try ResourceName(topic.name, in: .topics, project: project)
        let id = try registry.withLock { (registry) throws(PubSubError) in
            try registry.reserve(name)
            return registry.catalog.newID()
        }
        defer { registry.withLock { _ = $0.reserved.remove(name) } }
        let opened = try remembering(name) { try open(topic, id: id) }
        try await remember(.topic(id: id, topic: topic), of: name)
        registry.withLock { $0.insert(opened) }
        return topic
    }

    /// Changes labels, retention and schema of a topic; throws NOT_FOUND.
    @discardableResult
    public func updateTopic(_ declaration: Topic) async throws -> Topic {
        var topic = try declaration.checked(project: project)
        if let settings = topic.schemaSettings { topic.schemaSettings = try checked(settings) }
        let opened = try registry.withLock { (registry) throws(PubSubError) in try registry.topic(topic.name) }
        guard opened.topic != topic else { return topic }
        try await remember(.topic(id: opened.id, topic: topic), of: opened.name)
        opened.topic = topic
        opened.sweepSoon()
        return topic
    }

    /// Deletes a topic. Its subscriptions stay, keep their messages, and name it `_deleted-topic_`.
    public func deleteTopic(_ name: String) async throws {
        let topic = try registry.withLock { (registry) throws(PubSubError) in try registry.topic(name) }
        try await remember(.deletedTopic(id: topic.id), of: topic.name)
        topic.isDeleted = true
        registry.withLock { registry in
            registry.remove(topic)
            registry.deletedTopics[topic.id] = topic
        }
        for subscription in topic.subscriptions {
            var orphan = subscription.subscription
            orphan.topic = ResourceName.deletedTopic
            try await remember(
                .subscription(id: subscription.id, topicID: topic.id, subscription: orphan), of: subscription.name)
            subscription.update(orphan)
        }
        for snapshot in topic.snapshots {
            var orphan = snapshot.snapshot
            orphan.topic = ResourceName.deletedTopic
            try await remember(
                .snapshot(id: snapshot.id, topicID: topic.id, snapshot: orphan), of: snapshot.name)
            snapshot.snapshot = orphan
        }
        try await deleteIfUnneeded(topic)
    }

    /// Deletes the journal of a deleted topic once neither a subscription nor a snapshot needs it.
    func deleteIfUnneeded(_ topic: LiveTopic) async throws {
        let isUnneeded = topic.isDeleted && topic.subscriptions.isEmpty && topic.snapshots.isEmpty
        guard isUnneeded, registry.withLock({ $0.deletedTopics.removeValue(forKey: topic.id) }) != nil else { return }
        try await remembering(topic.name) { try await topic.journal.delete() }
    }

    // MARK: The catalog

    func remember(_ change: Catalog.Change, of name: ResourceName) async throws {
        try await remembering(name) { try await ledger.append(change) }
        registry.withLock { $0.catalog.apply(change) }
    }

    func remembering<T>(_ name: ResourceName, _ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch { throw PubSubError(error, resource: name.description) }
    }

    func remembering<T>(_ name: ResourceName, _ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw PubSubError(error, resource: name.description) }
    }
}
