import MessageFormats

/// A schema with its revisions, the oldest first, each read.
struct LiveSchema: Sendable {
    let id: UInt64
    let name: ResourceName
    let revisions: [PubSubSchema]
    private let rules: [MessageRule]

    /// A schema has no more revisions than that (Pub/Sub documentation, "Schema revisions").
    static let maximumRevisions = 20

    init(id: UInt64, name: ResourceName, revisions: [PubSubSchema]) throws(PubSubError) {
        self.id = id
        self.name = name
        self.revisions = revisions
        var rules: [MessageRule] = []
        for revision in revisions { rules.append(try LiveSchema.rule(of: revision, name)) }
        self.rules = rules
    }

    /// Reads a definition; throws INVALID_ARGUMENT.
    static func rule(of schema: PubSubSchema, _ name: ResourceName) throws(PubSubError) -> MessageRule {
        guard schema.definition.utf8.count <= 300_000 else {
            throw PubSubError(
                .invalidArgument,
                "\(name): the definition has \(schema.definition.utf8.count) bytes; 300000 are allowed.")
        }
        do {
            return try MessageRule(schema.type, schema.definition)
        } catch {
            throw PubSubError(.invalidArgument, "Invalid schema (resource=\(name.id)): \(error).")
        }
    }

    /// The position of a revision; throws NOT_FOUND.
    func index(ofRevision id: String) throws(PubSubError) -> Int {
        if let index = revisions.firstIndex(where: { $0.revisionID == id }) { return index }
        throw PubSubError(.notFound, "Resource not found (resource=\(name.id)@\(id)).")
    }

    /// The revision that a message follows, of those between two, the newest first; throws INVALID_ARGUMENT with what
    /// the newest has against it.
    func check(_ message: [UInt8], _ settings: SchemaSettings) throws(PubSubError) -> PubSubSchema {
        let first = settings.firstRevisionID.isEmpty ? 0 : try index(ofRevision: settings.firstRevisionID)
        let last =
            settings.lastRevisionID.isEmpty ? revisions.count - 1 : try index(ofRevision: settings.lastRevisionID)
        var problem: SchemaProblem?
        for index in stride(from: last, through: min(first, last), by: -1) {
            do {
                try rules[index].check(message, settings.encoding)
                return revisions[index]
            } catch {
                problem = problem ?? error
            }
        }
        throw PubSubError(
            .invalidArgument,
            "Request contains an invalid argument: the message does not follow the schema (resource=\(name.id)): "
                + "\(problem.map(\.description) ?? "it has no revision").")
    }

    /// Throws INVALID_ARGUMENT when a new revision is not compatible with the newest one: what both have must be the
    /// same, and what only one has must be optional.
    func checkCompatible(_ new: PubSubSchema) throws(PubSubError) {
        guard let old = rules.last, let type = revisions.last?.type else { return }
        guard type == new.type else {
            throw PubSubError(.invalidArgument, "\(name): the type of a schema cannot be changed.")
        }
        let problem: String? =
            switch (old, try LiveSchema.rule(of: new, name)) {
            case (.avro(let old), .avro(let new)): AvroSchema.incompatibility(old, new)
            case (.proto(let old), .proto(let new)): ProtoDefinition.incompatibility(old, new)
            default: nil
            }
        if let problem {
            throw PubSubError(.invalidArgument, "\(name): incompatible with the last revision: \(problem).")
        }
    }
}

extension AvroSchema {
    /// Why one of two schemas cannot read what the other has written; nil when each can.
    static func incompatibility(_ old: AvroSchema, _ new: AvroSchema) -> String? {
        guard old.root == new.root else { return "the record has another name" }
        for (name, fields) in old.records.sorted(by: { $0.key < $1.key }) {
            guard let others = new.records[name] else { continue }
            for field in fields {
                if let other = others.first(where: { $0.name == field.name }) {
                    if other.kind != field.kind { return "field '\(field.name)' has another type" }
                } else if !field.hasDefault {
                    return "field '\(field.name)', which has no default, is gone"
                }
            }
            for field in others where !field.hasDefault && !fields.contains(where: { $0.name == field.name }) {
                return "the new field '\(field.name)' has no default"
            }
        }
        return nil
    }
}

extension ProtoDefinition {
    /// Why one of two definitions cannot read what the other has written; nil when each can.
    static func incompatibility(_ old: ProtoDefinition, _ new: ProtoDefinition) -> String? {
        guard old.root == new.root else { return "the message has another name" }
        for (name, fields) in old.messages.sorted(by: { $0.key < $1.key }) {
            guard let others = new.messages[name] else { continue }
            for field in fields {
                if let other = others.first(where: { $0.number == field.number }) {
                    if other != field { return "field \(field.number) of '\(name)' is another one" }
                } else if field.label == .required {
                    return "the required field '\(field.name)' of '\(name)' is gone"
                }
            }
            for field in others where field.label == .required && !fields.contains(where: { $0.number == field.number })
            {
                return "the new field '\(field.name)' of '\(name)' is required"
            }
        }
        return nil
    }
}
