import Synchronization

extension Broker {
    /// The access policy of a topic, subscription, snapshot or schema, by full name; throws NOT_FOUND.
    public func accessPolicy(of resource: String) throws -> AccessPolicy {
        let name = try existing(resource)
        return registry.withLock { $0.catalog.accessPolicies[name.description] } ?? .initial
    }

    /// Replaces an access policy; returns it with its new etag. Throws ABORTED when it was read with another etag.
    public func setAccessPolicy(_ policy: AccessPolicy, of resource: String) async throws -> AccessPolicy {
        let name = try existing(resource)
        let before = registry.withLock { $0.catalog.accessPolicies[name.description] } ?? .initial
        guard policy.etag.isEmpty || policy.etag == before.etag else {
            throw PubSubError(
                .aborted, "\(name): the policy has been changed since it was read. Read it again, and set it then.")
        }
        var policy = policy
        // Who says nothing of a version means the first.
        policy.version = max(1, policy.version)
        let count = before.etag.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        policy.etag = withUnsafeBytes(of: (count &+ 1).bigEndian) { Array($0) }
        try await remember(.accessPolicy(resource: name.description, policy: policy), of: name)
        return policy
    }

    /// Those of `permissions` that the caller has: all, since nobody is asked who they are. Throws NOT_FOUND, or
    /// INVALID_ARGUMENT for what is no permission of Pub/Sub's.
    public func testAccess(_ permissions: [String], of resource: String) throws -> [String] {
        let name = try existing(resource)
        for permission in permissions where permission.contains("*") || !permission.hasPrefix("pubsub.") {
            throw PubSubError(
                .invalidArgument,
                "\(name): '\(permission)' is no permission; they read pubsub.\(name.collection.rawValue).get.")
        }
        return permissions
    }

    /// The name of a resource that there is.
    private func existing(_ text: String) throws -> ResourceName {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let collection = parts.count == 4 ? ResourceName.Collection(rawValue: String(parts[2])) : nil
        let name = try ResourceName(text, in: collection ?? .topics, project: project)
        switch name.collection {
        case .topics: _ = try topic(text)
        case .subscriptions: _ = try subscription(text)
        case .snapshots: _ = try snapshot(text)
        case .schemas: _ = try schema(text)
        }
        return name
    }
}
