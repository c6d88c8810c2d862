/// The messages of a `.proto` text (Protocol Buffers language guide, proto2 and proto3), as far as Pub/Sub takes it: one
/// top-level message, no imports, no services, no extensions.
struct ProtoDefinition: Sendable {
    indirect enum Kind: Sendable, Hashable {
        /// `int32`, `string` and so on.
        case scalar(String)
        case message(String)
        case enumeration(String)
        case map(key: String, value: Kind)
    }

    struct MessageField: Sendable, Hashable {
        enum Label: Sendable { case singular, optional, required, repeated }

        var name: String
        var number: Int
        var kind: Kind
        var label: Label
    }

    /// Full name of the top-level message.
    let root: String
    /// By full name.
    let messages: [String: [MessageField]]
    /// Symbols and numbers by full name.
    let enumerations: [String: [String: Int64]]

    static let scalars: Set<String> = [
        "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
        "sfixed64", "bool", "string", "bytes",
    ]

    /// Reads a definition; throws what is wrong with it, with its line.
    init(_ text: String) throws(SchemaProblem) {
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
