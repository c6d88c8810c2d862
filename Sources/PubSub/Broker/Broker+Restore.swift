import Journal
import Pipes
import Synchronization
import Time

extension Broker {
    /// Opens what the catalog names.
    func restore() async throws {
        let catalog = registry.withLock { $0.catalog }
        for (id, revisions) in catalog.schemas {
            guard let first = revisions.first else { continue }
            let name = try ResourceName(first.name, in: .schemas, project: project)
            let schema = try LiveSchema(id: id, name: name, revisions: revisions)
            registry.withLock { $0.schemas[name.description] = schema }
        }
        var topics: [UInt64: LiveTopic] = [:]
        for (id, entry) in catalog.topics.sorted(by: { $0.key < $1.key }) {
            let topic = try open(entry.topic, id: id, isDeleted: entry.isDeleted)
            topics[id] = topic
            registry.withLock { registry in
                if entry.isDeleted { registry.deletedTopics[id] = topic } else { registry.insert(topic) }
            }
        }
        for (id, entry) in catalog.subscriptions.sorted(by: { $0.key < $1.key }) {
            guard let topic = topics[entry.topicID] else { continue }
            let subscription = try await open(entry.subscription, id: id, topic: topic)
            topic.add(subscription)
            registry.withLock { $0.insert(subscription) }
        }
        for (id, entry) in catalog.snapshots.sorted(by: { $0.key < $1.key }) {
            guard let topic = topics[entry.topicID] else { continue }
            let name = try ResourceName(entry.snapshot.name, in: .snapshots, project: project)
            let log = try snapshotLog(id, name)
            note(log.recovery, of: name.description)
            var settled = try log.load()
            settled.truncate(to: topic.journal.nextSequence)
            let snapshot = LiveSnapshot(
                id: id, snapshot: entry.snapshot, name: name, topic: topic, settled: settled, log: log)
            topic.add(snapshot)
            registry.withLock { $0.insert(snapshot) }
        }
        for topic in topics.values { topic.sweepSoon() }
        expirations.start(self)
        let changes = catalog.changes
        if ledger.recordCount > 2 * changes.count + 100 { try await ledger.compact(to: changes) }
    }

    func open(_ topic: Topic, id: UInt64, isDeleted: Bool = false) throws -> LiveTopic {
        let name = try ResourceName(topic.name, in: .topics, project: project)
        let place = "topics/\(Broker.fileName(id, name))"
        let journal = try Journal(
            folder: "\(folder)/\(place)", owner: place, segmentBytes: segmentBytes, cache: cache, calls: calls)
        note(journal.recovery, of: name.description)
        return try LiveTopic(
            id: id, topic: topic, name: name, isDeleted: isDeleted, journal: journal, clock: clock, timer: timer)
    }

    private func open(_ subscription: Subscription, id: UInt64, topic: LiveTopic) async throws -> LiveSubscription {
        let name = try ResourceName(subscription.name, in: .subscriptions, project: project)
        let log = try cursorLog(id, name)
        note(log.recovery, of: name.description)
        var settled = try log.load()
        let (first, end) = (topic.journal.firstSequence, topic.journal.nextSequence)
        if settled.end > end || settled.floor > end {
            // The topic has lost its end: the numbers will be given to new messages, which nobody has acknowledged.
            settled.truncate(to: end)
            let truncated = settled
            try await log.replace { truncated }
            notes.withLock { $0.append("\(name): \(topic.name) has lost messages that were acknowledged here") }
        }
        if settled.floor < first { _ = settled.insert(settled.floor..<first) }
        return try live(subscription, id: id, name: name, topic: topic, settled: settled, log: log)
    }

    func cursorLog(_ id: UInt64, _ name: ResourceName) throws(JournalError) -> CursorLog {
        try CursorLog(path: "\(folder)/subscriptions/\(Broker.fileName(id, name)).cursor", calls: calls)
    }

    func live(
        _ subscription: Subscription, id: UInt64, name: ResourceName, topic: LiveTopic, settled: SettledSet,
        log: CursorLog
    ) throws -> LiveSubscription {
        try LiveSubscription(
            id: id, subscription: subscription, name: name, topic: topic, settled: settled, log: log, timer: timer
        ) { [weak self] messages, topic in
            guard let self else { return }
            _ = try await publish(messages, to: topic)
        }
    }

    /// Unique by the id; the name is for people who look into the folder.
    static func fileName(_ id: UInt64, _ name: ResourceName) -> String { "\(id)-\(name.id.prefix(100))" }
}
