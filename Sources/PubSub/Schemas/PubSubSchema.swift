import MessageFormats
public import Time

/// A schema that the messages of topics are checked by, with the field names of `google.pubsub.v1.Schema`.
public struct PubSubSchema: Sendable, Hashable, Codable {
    /// What language the definition is written in.
    public enum Language: String, Sendable, Codable {
        case protocolBuffer = "PROTOCOL_BUFFER"
        case avro = "AVRO"
    }

    /// `projects/P/schemas/S`.
    public var name: String
    /// The definition's language.
    public var type: Language
    /// The text of the definition: at most 300 kB.
    public var definition: String
    /// Eight hexadecimal digits. Output only.
    public var revisionID: String
    /// When the revision was committed. Output only.
    public var revisionCreateTime: Timestamp

    private enum CodingKeys: String, CodingKey {
        case name, type, definition
        case revisionID = "revisionId"
        case revisionCreateTime
    }

    /// Reads Google's JSON form; the outputs may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        type = try container.decode(Language.self, forKey: .type)
        definition = try container.decode(String.self, forKey: .definition)
        revisionID = try container.decodeIfPresent(String.self, forKey: .revisionID) ?? ""
        revisionCreateTime =
            try container.decodeIfPresent(Timestamp.self, forKey: .revisionCreateTime) ?? Timestamp(micros: 0)
    }

    /// Throws INVALID_ARGUMENT with what is wrong with the name or the definition.
    public func check(project: String) throws {
        let name = try ResourceName(name, in: .schemas, project: project)
        try name.check()
        _ = try LiveSchema.rule(of: self, name)
    }

    /// A schema's declaration.
    public init(
        name: String, type: Language, definition: String, revisionID: String = "",
        revisionCreateTime: Timestamp = Timestamp(micros: 0)
    ) {
        self.name = name
        self.type = type
        self.definition = definition
        self.revisionID = revisionID
        self.revisionCreateTime = revisionCreateTime
    }
}

/// By which schema the messages of a topic are checked, with the field names of `google.pubsub.v1.SchemaSettings`.
public struct SchemaSettings: Sendable, Hashable, Codable {
    /// How messages are encoded.
    public enum Encoding: String, Sendable, Codable {
        case json = "JSON"
        case binary = "BINARY"
    }

    /// Short, or `projects/P/schemas/S`; `_deleted-schema_` when it has been deleted.
    public var schema: String
    /// How messages are encoded.
    public var encoding: Encoding
    /// The oldest revision that a message may follow; empty: the first there is.
    public var firstRevisionID: String
    /// The newest revision that a message may follow; empty: the last there is.
    public var lastRevisionID: String

    /// Where a topic's schema was.
    public static let deletedSchema = "_deleted-schema_"

    private enum CodingKeys: String, CodingKey {
        case schema, encoding
        case firstRevisionID = "firstRevisionId"
        case lastRevisionID = "lastRevisionId"
    }

    /// Settings.
    public init(schema: String, encoding: Encoding, firstRevisionID: String = "", lastRevisionID: String = "") {
        self.schema = schema
        self.encoding = encoding
        self.firstRevisionID = firstRevisionID
        self.lastRevisionID = lastRevisionID
    }

    /// Reads Google's JSON form; what is absent has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        schema = try container.decode(String.self, forKey: .schema)
        encoding = try container.decode(Encoding.self, forKey: .encoding)
        firstRevisionID = try container.decodeIfPresent(String.self, forKey: .firstRevisionID) ?? ""
        lastRevisionID = try container.decodeIfPresent(String.self, forKey: .lastRevisionID) ?? ""
    }
}

/// A definition, read: what messages are checked by.
enum MessageRule: Sendable {
    case avro(AvroSchema)
    case proto(ProtoDefinition)

    init(_ type: PubSubSchema.Language, _ definition: String) throws(SchemaProblem) {
        switch type {
        case .avro: self = .avro(try AvroSchema(definition))
        case .protocolBuffer: self = .proto(try ProtoDefinition(definition))
        }
    }

    func check(_ message: [UInt8], _ encoding: SchemaSettings.Encoding) throws(SchemaProblem) {
        switch (self, encoding) {
        case (.avro(let schema), .binary): try AvroMessage(schema: schema).checkBinary(message)
        case (.avro(let schema), .json): try AvroMessage(schema: schema).checkJSON(message)
        case (.proto(let definition), .binary): try ProtoMessage(definition: definition).checkBinary(message)
        case (.proto(let definition), .json): try ProtoMessage(definition: definition).checkJSON(message)
        }
    }
}
