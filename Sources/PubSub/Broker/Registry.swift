/// The topics, subscriptions and snapshots of a broker, by name.
struct Registry: Sendable {
    let project: String
    var catalog: Catalog
    /// By full name; without the deleted.
    private(set) var topics: [String: LiveTopic] = [:]
    /// The same, for those of this project by short name.
    private var ownTopics: [String: LiveTopic] = [:]
    /// By full name.
    private(set) var subscriptions: [String: LiveSubscription] = [:]
    /// By full name.
    private(set) var snapshots: [String: LiveSnapshot] = [:]
    /// By full name.
    var schemas: [String: LiveSchema] = [:]
    /// Deleted, but some subscription still has messages of them. By id.
    var deletedTopics: [UInt64: LiveTopic] = [:]
    /// Names that are being created.
    var reserved: Set<ResourceName> = []

    init(project: String, catalog: Catalog) {
        self.project = project
        self.catalog = catalog
    }

    mutating func insert(_ topic: LiveTopic) {
        topics[topic.name.description] = topic
        if topic.name.project == project { ownTopics[topic.name.id] = topic }
    }

    mutating func insert(_ subscription: LiveSubscription) {
        subscriptions[subscription.name.description] = subscription
    }

    mutating func insert(_ snapshot: LiveSnapshot) { snapshots[snapshot.name.description] = snapshot }

    mutating func remove(_ snapshot: LiveSnapshot) { snapshots[snapshot.name.description] = nil }

    mutating func remove(_ topic: LiveTopic) {
        topics[topic.name.description] = nil
        if topic.name.project == project { ownTopics[topic.name.id] = nil }
    }

    mutating func remove(_ subscription: LiveSubscription) {
        subscriptions[subscription.name.description] = nil
    }

    /// The topic with a short or full name; throws NOT_FOUND with the nearest one.
    func topic(_ name: String) throws(PubSubError) -> LiveTopic {
        if let topic = ownTopics[name] ?? topics[name] { return topic }
        let resource = try ResourceName(name, in: .topics, project: project)
        throw .notFound(resource, among: topics.values.lazy.map(\.name.id))
    }

    /// The subscription with a short or full name; throws NOT_FOUND with the nearest one.
    func subscription(_ name: String) throws(PubSubError) -> LiveSubscription {
        if let subscription = subscriptions[name] { return subscription }
        let resource = try ResourceName(name, in: .subscriptions, project: project)
        if let subscription = subscriptions[resource.description] { return subscription }
        throw .notFound(resource, among: subscriptions.values.lazy.map(\.name.id))
    }

    /// The snapshot with a short or full name; throws NOT_FOUND with the nearest one.
    func snapshot(_ name: String) throws(PubSubError) -> LiveSnapshot {
        let resource = try ResourceName(name, in: .snapshots, project: project)
        if let snapshot = snapshots[resource.description] { return snapshot }
        throw .notFound(resource, among: snapshots.values.lazy.map(\.name.id))
    }

    /// Takes a name for something that is being created; throws ALREADY_EXISTS.
    mutating func reserve(_ name: ResourceName) throws(PubSubError) {
        let isTaken =
            switch name.collection {
            case .topics: topics[name.description] != nil
            case .subscriptions: subscriptions[name.description] != nil
            case .snapshots: snapshots[name.description] != nil
            case .schemas: schemas[name.description] != nil
            }
        guard !isTaken, reserved.insert(name).inserted else { throw .alreadyExists(name) }
    }
}
