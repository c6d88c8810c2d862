import Pipes
import Synchronization
import Time

extension Broker {
    /// The newest revisions of all schemas, by name.
    public var schemas: [PubSubSchema] {
        registry.withLock { Array($0.schemas.values) }.compactMap(\.revisions.last).sorted { $0.name < $1.name }
    }

    /// A schema by its short or full name, behind which `@` and a revision may stand; without one, the newest.
    public func schema(_ name: String) throws -> PubSubSchema {
        let (schema, revision) = try find(name)
        let index = try revision.map { id throws(PubSubError) in try schema.index(ofRevision: id) }
        return schema.revisions[index ?? schema.revisions.count - 1]
    }

    /// All revisions of a schema, the newest first.
    public func schemaRevisions(_ name: String) throws -> [PubSubSchema] { try find(name).schema.revisions.reversed() }

    /// Creates a schema with its first revision; throws ALREADY_EXISTS, or INVALID_ARGUMENT for a bad definition.
    @discardableResult
    public func createSchema(_ declaration: PubSubSchema) async throws -> PubSubSchema {
        try declaration.check(project: project)
        let name = try ResourceName(declaration.name, in: .schemas, project: project)
        let id = try registry.withLock { (registry) throws(PubSubError) in
            try registry.reserve(name)
            return registry.catalog.newID()
        }
        defer { registry.withLock { _ = $0.reserved.remove(name) } }
        let revision = newRevision(of: declaration, name)
        try await keep([revision], id: id, name)
        return revision
    }

    /// Makes a schema be as declared: creates it when it is missing, adds a revision when its definition is another one.
    func declare(_ declaration: PubSubSchema) async throws {
        let name = try ResourceName(declaration.name, in: .schemas, project: project).description
        guard let newest = registry.withLock({ $0.schemas[name] })?.revisions.last else {
            try await createSchema(declaration)
            return
        }
        guard newest.type != declaration.type || newest.definition != declaration.definition else { return }
        try await commitSchema(declaration)
    }

    /// Adds a revision; throws NOT_FOUND, or INVALID_ARGUMENT when it is not compatible with the last one.
    @discardableResult
    public func commitSchema(_ declaration: PubSubSchema) async throws -> PubSubSchema {
        let schema = try find(declaration.name).schema
        try schema.checkCompatible(declaration)
        let revision = newRevision(of: declaration, schema.name)
        return try await add(revision, to: schema)
    }

    /// Adds a revision that is a copy of an earlier one.
    @discardableResult
    public func rollbackSchema(_ name: String, toRevision id: String) async throws -> PubSubSchema {
        let schema = try find(name).schema
        let index = try schema.index(ofRevision: id)
        return try await add(newRevision(of: schema.revisions[index], schema.name), to: schema)
    }

    private func add(_ revision: PubSubSchema, to schema: LiveSchema) async throws -> PubSubSchema {
        guard schema.revisions.count < LiveSchema.maximumRevisions else {
            throw PubSubError(
                .failedPrecondition,
                "\(schema.name) has \(LiveSchema.maximumRevisions) revisions, the most there may be. Delete one first.")
        }
        try await keep(schema.revisions + [revision], id: schema.id, schema.name)
        return revision
    }

    /// Deletes the revision that stands behind the `@`; throws FAILED_PRECONDITION for the only one.
    @discardableResult
    public func deleteSchemaRevision(_ name: String) async throws -> PubSubSchema {
        let (schema, revision) = try find(name)
        guard let revision else {
            throw PubSubError(.invalidArgument, "\(schema.name): name the revision, as in \(schema.name)@REVISION.")
        }
        let index = try schema.index(ofRevision: revision)
        guard schema.revisions.count > 1 else {
            throw PubSubError(
                .failedPrecondition, "\(schema.name) has one revision only. Delete the schema instead.")
        }
        var revisions = schema.revisions
        revisions.remove(at: index)
        try await keep(revisions, id: schema.id, schema.name)
        return try self.schema(schema.name.description)
    }

    /// Deletes a schema. Topics that have it name it `_deleted-schema_`, and take no messages until they get another.
    public func deleteSchema(_ name: String) async throws {
        let schema = try find(name).schema
        try await remember(.deletedSchema(id: schema.id), of: schema.name)
        registry.withLock { $0.schemas[schema.name.description] = nil }
        for topic in registry.withLock({ Array($0.topics.values) }) {
            guard topic.topic.schemaSettings?.schema == schema.name.description else { continue }
            var orphan = topic.topic
            orphan.schemaSettings?.schema = SchemaSettings.deletedSchema
            try await remember(.topic(id: topic.id, topic: orphan), of: topic.name)
            topic.topic = orphan
        }
    }

    /// Throws INVALID_ARGUMENT with what is wrong with a definition.
    public func validateSchema(_ declaration: PubSubSchema) throws {
        let name = declaration.name.isEmpty ? "unnamed" : declaration.name
        _ = try LiveSchema.rule(of: declaration, try ResourceName(name, in: .schemas, project: project))
    }

    /// Throws INVALID_ARGUMENT with why a message does not follow a definition.
    public func validateMessage(
        _ message: [UInt8], encoding: SchemaSettings.Encoding, under declaration: PubSubSchema
    ) throws {
        let text = declaration.name.isEmpty ? "unnamed" : declaration.name
        let name = try ResourceName(text, in: .schemas, project: project)
        let schema = try LiveSchema(id: 0, name: name, revisions: [declaration])
        _ = try schema.check(message, SchemaSettings(schema: text, encoding: encoding))
    }

    // MARK: Inside

    /// A message as it is published to a topic with a schema: checked, and with the attributes that say by what.
    func checked(
        _ message: OutgoingMessage, _ settings: SchemaSettings, topic: ResourceName
    ) throws -> OutgoingMessage {
        guard settings.schema != SchemaSettings.deletedSchema else {
            throw PubSubError(
                .failedPrecondition, "\(topic): its schema has been deleted. Give the topic another one, or none.")
        }
        let revision = try find(settings.schema).schema.check(message.data, settings)
        var message = message
        message.attributes["googclient_schemaencoding"] = settings.encoding.rawValue
        message.attributes["googclient_schemaname"] = revision.name
        message.attributes["googclient_schemarevisionid"] = revision.revisionID
        return message
    }

    /// Settings with the schema's full name; throws NOT_FOUND for a schema or revision that there is not.
    func checked(_ settings: SchemaSettings) throws -> SchemaSettings {
        if settings.schema == SchemaSettings.deletedSchema { return settings }
        let schema = try find(settings.schema).schema
        for revision in [settings.firstRevisionID, settings.lastRevisionID] where !revision.isEmpty {
            _ = try schema.index(ofRevision: revision)
        }
        var settings = settings
        settings.schema = schema.name.description
        return settings
    }

    private func find(_ text: String) throws(PubSubError) -> (schema: LiveSchema, revision: String?) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = try ResourceName(parts[0], in: .schemas, project: project)
        let schemas = registry.withLock { $0.schemas }
        guard let schema = schemas[name.description] else {
            throw .notFound(name, among: schemas.values.map(\.name.id))
        }
        return (schema, parts.count > 1 ? parts[1] : nil)
    }

    private func newRevision(of declaration: PubSubSchema, _ name: ResourceName) -> PubSubSchema {
        var revision = declaration
        revision.name = name.description
        revision.revisionID = String((0..<8).map { _ in "0123456789abcdef".randomElement() ?? "0" })
        revision.revisionCreateTime = clock.now
        return revision
    }

    private func keep(_ revisions: [PubSubSchema], id: UInt64, _ name: ResourceName) async throws {
        let schema = try LiveSchema(id: id, name: name, revisions: revisions)
        try await remember(.schema(id: id, revisions: revisions), of: name)
        registry.withLock { $0.schemas[name.description] = schema }
    }
}
