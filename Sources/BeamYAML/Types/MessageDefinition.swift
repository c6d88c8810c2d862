import Columnar
import MessageFormats
import Yams

/// Reads the `schema` of messages in Avro or protobuf, and tells what is wrong with it where it stands.
struct MessageDefinition {
    let findings: Findings

    /// An Avro definition: YAML (which JSON is), or JSON as text.
    func avro(_ value: Value) -> MessageFormat? {
        attempt(value) { () throws(SchemaProblem) in
            .avro(try AvroSchema(value.text ?? Self.json(value)))
        }
    }

    /// A protobuf definition, as text.
    func proto(_ value: Value) -> MessageFormat? {
        guard let text = value.text else {
            findings.error(
                "the 'schema' of the format PROTO is a protobuf definition, not \(value.kind)", at: value.place,
                suggestion: "write the text of a .proto file, after 'schema: |'")
            return nil
        }
        return attempt(value) { () throws(SchemaProblem) in .proto(try ProtoDefinition(text)) }
    }

    /// What `work` gives, or nil and what it says is wrong with `value`.
    func attempt<T>(_ value: Value, _ work: () throws(SchemaProblem) -> T) -> T? {
        do {
            return try work()
        } catch {
            findings.error(error.reason, at: place(of: error, in: value))
            return nil
        }
    }

    private func place(of problem: SchemaProblem, in value: Value) -> Place {
        if let line = problem.line, let scalar = value.node.scalar {
            // The mark of a block is where its `|` stands, the line before its text.
            let lines = [.literal, .folded].contains(scalar.style) ? line : line - 1
            if lines == 0 { return value.place }
            return Place(line: value.place.line + lines, column: 1, origin: value.origin)
        }
        var value = value
        for step in problem.path {
            let next: Value? =
                switch step {
                case .key(let key): value.entries?.first { $0.key == key }?.value
                case .index(let index): value.list.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                }
            guard let next else { break }
            value = next
        }
        return value.place
    }

    /// The value as JSON.
    private static func json(_ value: Value) -> String {
        if let entries = value.entries {
            return "{" + entries.map { "\(quoted($0.key)): \(json($0.value))" }.joined(separator: ", ") + "}"
        }
        if let list = value.list { return "[" + list.map(json).joined(separator: ", ") + "]" }
        return switch value.scalar {
        case .null, nil: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .float(let number): number.isFinite ? String(number) : "null"
        case .string(let text), .date(let text): quoted(text)
        }
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: JSONBatchEncoder().encode(Column(.string, [.string(text)]), 0), as: UTF8.self)
    }
}
