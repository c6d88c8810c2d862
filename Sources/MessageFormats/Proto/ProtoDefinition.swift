/// The messages of a `.proto` text (Protocol Buffers language guide, proto2 and proto3), as far as Pub/Sub takes it: one
/// top-level message, no imports, no services, no extensions.
public struct ProtoDefinition: Sendable, Hashable {
    /// A type.
    public indirect enum Kind: Sendable, Hashable {
        /// `int32`, `string` and so on.
        case scalar(String)
        case message(String)
        case enumeration(String)
        case map(key: String, value: Kind)
    }

    /// A field of a message.
    public struct MessageField: Sendable, Hashable {
        /// Whether a field has to be there, may be there several times, and tells absence from its default.
        public enum Label: Sendable { case singular, optional, required, repeated }

        /// As it stands in the definition.
        public var name: String
        /// What it has on the wire.
        public var number: Int
        /// What its values are.
        public var kind: Kind
        /// How often it may stand there.
        public var label: Label
        /// The `oneof` that it is in.
        public var oneof: String?
    }

    /// A symbol of an enum.
    public struct EnumValue: Sendable, Hashable {
        /// As it stands in JSON.
        public var symbol: String
        /// What it has on the wire.
        public var number: Int64
    }

    /// Whether fields without a label leave the wire when they hold their default.
    public let isProto3: Bool
    /// Full name of the top-level message.
    public let root: String
    /// By full name.
    public let messages: [String: [MessageField]]
    /// Values in the definition's order, by full name.
    public let enumerations: [String: [EnumValue]]

    static let scalars: Set<String> = [
        "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
        "sfixed64", "bool", "string", "bytes",
    ]

    /// Reads a definition; throws what is wrong with it, with its line.
    public init(_ text: String) throws(SchemaProblem) {
        var parser = try ProtoParser(text)
        try parser.file()
        guard let root = parser.topLevel.first, parser.topLevel.count == 1 else {
            throw SchemaProblem(
                parser.topLevel.isEmpty
                    ? "the definition has no message"
                    : "the definition has \(parser.topLevel.count) top-level messages; Pub/Sub takes one. "
                        + "Nest the others in it.")
        }
        self.root = root
        isProto3 = parser.isProto3
        enumerations = parser.enumerations
        var messages: [String: [MessageField]] = [:]
        for (name, fields) in parser.messages {
            var resolved: [MessageField] = []
            for field in fields {
                var field = field
                field.kind = try ProtoDefinition.resolve(
                    field.kind, in: name, messages: Set(parser.messages.keys),
                    enumerations: Set(parser.enumerations.keys),
                    field: field.name)
                resolved.append(field)
            }
            messages[name] = resolved
        }
        self.messages = messages
    }

    /// A type's name is looked for from the innermost message outwards.
    private static func resolve(
        _ kind: Kind, in scope: String, messages: Set<String>, enumerations: Set<String>, field: String
    ) throws(SchemaProblem) -> Kind {
        switch kind {
        case .scalar(let name) where scalars.contains(name): return kind
        case .map(let key, let value):
            return .map(
                key: key,
                value: try resolve(value, in: scope, messages: messages, enumerations: enumerations, field: field))
        case .scalar(let name), .message(let name), .enumeration(let name):
            let bare = name.hasPrefix(".") ? String(name.dropFirst()) : name
            var scopes = name.hasPrefix(".") ? [] : scope.split(separator: ".").map(String.init)
            while true {
                let full = (scopes + [bare]).joined(separator: ".")
                if messages.contains(full) { return .message(full) }
                if enumerations.contains(full) { return .enumeration(full) }
                if scopes.popLast() == nil { break }
            }
            throw SchemaProblem("field '\(field)' of '\(scope)': there is no type '\(name)'")
        }
    }
}
