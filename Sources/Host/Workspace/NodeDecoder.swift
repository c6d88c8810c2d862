import BeamYAML
import Jinja
import Spelling
import Yams

/// Decodes a `Decodable` from a YAML node, remembering which fields were asked for: what is left over was misspelt, and
/// every complaint has a place.
struct NodeDecoder {
    /// What one decoding found out, shared by its nested containers.
    final class Record {
        /// A mapping of the file, and the fields that the type asked it for.
        struct Mapping {
            var path: String
            var node: Node.Mapping
            var asked: Set<String> = []
        }

        var mappings: [String: Mapping] = [:]
    }

    let file: String

    /// The value, or the reason that there is none; besides that, a complaint for every field that the type does not
    /// know.
    func decode<Value: Decodable>(_ type: Value.Type, from node: Node) -> (value: Value?, complaints: [Diagnostic]) {
        let record = Record()
        var complaints: [Diagnostic] = []
        var value: Value?
        do {
            value = try Value(from: NodeContents(node: node, codingPath: [], record: record))
        } catch let error as DecodingError {
            complaints.append(complaint(error, root: node))
        } catch {
            complaints.append(Diagnostic(file: file, at: node.mark, "\(error)"))
        }
        if value != nil {
            for mapping in record.mappings.values {
                for (key, _) in mapping.node {
                    guard let name = key.string, !mapping.asked.contains(name) else { continue }
                    let hint = Spelling.hint(for: name, in: mapping.asked.sorted())
                    complaints.append(Diagnostic(file: file, at: key.mark, "there is no field '\(name)' here\(hint)"))
                }
            }
        }
        return (value, complaints)
    }

    /// Points at a field that is probably the missing one.
    private func misspelt(_ key: any CodingKey, _ path: [any CodingKey], _ root: Node) -> String {
        guard case .mapping(let mapping) = NodePath.find(path, in: root) else { return "" }
        let names = mapping.compactMap { $0.key.string }
        let found = Spelling.nearest(to: key.stringValue, in: names)
        return found.map { "; '\($0)' is probably meant to be it" } ?? ""
    }

    private func complaint(_ error: DecodingError, root: Node) -> Diagnostic {
        let (path, text): ([any CodingKey], String) =
            switch error {
            case .keyNotFound(let key, let context):
                (context.codingPath, "'\(key.stringValue)' is missing\(misspelt(key, context.codingPath, root))")
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context.codingPath, context.debugDescription)
            @unknown default: ([], "\(error)")
            }
        let field = path.last.map { $0.intValue == nil ? "'\($0.stringValue)': " : "" } ?? ""
        return Diagnostic(file: file, at: NodePath.find(path, in: root).mark, field + text)
    }
}

/// Finds the node that a path of keys leads to, or the nearest one above it.
enum NodePath {
    static func find(_ path: [any CodingKey], in root: Node) -> Node {
        find(path.map { $0.intValue.map(String.init) ?? $0.stringValue }, in: root)
    }

    /// - Parameter path: field names, and positions in lists as digits.
    static func find(_ path: [String], in root: Node) -> Node {
        var node = root
        for name in path {
            switch node {
            case .mapping(let mapping):
                guard let next = mapping.first(where: { $0.key.string == name }) else { return node }
                node = next.value
            case .sequence(let sequence):
                guard let index = Int(name), sequence.indices.contains(index) else { return node }
                node = sequence[index]
            default: return node
            }
        }
        return node
    }
}

private struct NodeContents: Decoder {
    let node: Node
    let codingPath: [any CodingKey]
    let record: NodeDecoder.Record
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .mapping(let mapping) = node else { throw mismatch("a mapping (`field: value`)") }
        let path = codingPath.map(\.stringValue).joined(separator: "\u{1}")
        if record.mappings[path] == nil { record.mappings[path] = .init(path: path, node: mapping) }
        return KeyedDecodingContainer(Fields(contents: self, mapping: mapping, path: path))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .sequence(let sequence) = node else { throw mismatch("a list (`- …`)") }
        return Elements(contents: self, nodes: Array(sequence))
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { Value(contents: self) }

    var isNull: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    func text() throws -> String {
        guard case .scalar(let scalar) = node else { throw mismatch("text") }
        return scalar.string
    }

    func parse<Value: LosslessStringConvertible>(_ type: Value.Type, _ what: String) throws -> Value {
        guard case .scalar(let scalar) = node, let value = Value(scalar.string) else { throw mismatch(what) }
        return value
    }

    func at(_ key: some CodingKey, _ node: Node) -> NodeContents {
        NodeContents(node: node, codingPath: codingPath + [key], record: record)
    }

    func mismatch(_ expected: String) -> DecodingError {
        let found =
            switch node {
            case .scalar(let scalar): "'\(scalar.string)'"
            case .mapping: "a mapping"
            case .sequence: "a list"
            case .alias: "an alias"
            }
        return .typeMismatch(
            String.self, .init(codingPath: codingPath, debugDescription: "this should be \(expected), not \(found)"))
    }

    private struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let contents: NodeContents
        let mapping: Node.Mapping
        let path: String

        var codingPath: [any CodingKey] { contents.codingPath }

        var allKeys: [Key] {
            mapping.compactMap { entry -> Key? in
                guard let name = entry.key.string, let key = Key(stringValue: name) else { return nil }
                contents.record.mappings[path]?.asked.insert(name)
                return key
            }
        }

        private func node(_ key: Key) -> Node? {
            contents.record.mappings[path]?.asked.insert(key.stringValue)
            return mapping.first { $0.key.string == key.stringValue }?.value
        }

        private func value(_ key: Key) throws -> NodeContents {
            guard let node = node(key) else {
                throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: ""))
            }
            return contents.at(key, node)
        }

        func contains(_ key: Key) -> Bool { node(key) != nil }
        func decodeNil(forKey key: Key) throws -> Bool { try value(key).isNull }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try Value(from: value(key))
        }

        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
            -> KeyedDecodingContainer<Nested>
        {
            try value(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try value(key).unkeyedContainer()
        }
        func superDecoder() throws -> any Decoder { contents }
        func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) }
    }

    private struct Elements: UnkeyedDecodingContainer {
        let contents: NodeContents
        let nodes: [Node]
        var currentIndex = 0

        init(contents: NodeContents, nodes: [Node]) {
            self.contents = contents
            self.nodes = nodes
        }

        var codingPath: [any CodingKey] { contents.codingPath }
        var count: Int? { nodes.count }
        var isAtEnd: Bool { currentIndex == nodes.count }

        private mutating func next() throws -> NodeContents {
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    String.self,
                    .init(codingPath: codingPath, debugDescription: "the list has only \(nodes.count) elements"))
            }
            defer { currentIndex += 1 }
            return contents.at(Index(currentIndex), nodes[currentIndex])
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, contents.at(Index(currentIndex), nodes[currentIndex]).isNull else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: next()) }

        mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<
            Nested
        > {
            try next().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
        mutating func superDecoder() throws -> any Decoder { try next() }
    }

    private struct Value: SingleValueDecodingContainer {
        let contents: NodeContents
        var codingPath: [any CodingKey] { contents.codingPath }

        func decodeNil() -> Bool { contents.isNull }
        func decode(_ type: String.Type) throws -> String { try contents.text() }
        func decode(_ type: Double.Type) throws -> Double { try contents.parse(type, "a number") }
        func decode(_ type: Float.Type) throws -> Float { try contents.parse(type, "a number") }
        func decode(_ type: Int.Type) throws -> Int { try contents.parse(type, "a whole number") }
        func decode(_ type: Int8.Type) throws -> Int8 { try contents.parse(type, "a whole number") }
        func decode(_ type: Int16.Type) throws -> Int16 { try contents.parse(type, "a whole number") }
        func decode(_ type: Int32.Type) throws -> Int32 { try contents.parse(type, "a whole number") }
        func decode(_ type: Int64.Type) throws -> Int64 { try contents.parse(type, "a whole number") }
        func decode(_ type: UInt.Type) throws -> UInt { try contents.parse(type, "a whole number, not negative") }
        func decode(_ type: UInt8.Type) throws -> UInt8 { try contents.parse(type, "a whole number, not negative") }
        func decode(_ type: UInt16.Type) throws -> UInt16 { try contents.parse(type, "a whole number, not negative") }
        func decode(_ type: UInt32.Type) throws -> UInt32 { try contents.parse(type, "a whole number, not negative") }
        func decode(_ type: UInt64.Type) throws -> UInt64 { try contents.parse(type, "a whole number, not negative") }

        func decode(_ type: Bool.Type) throws -> Bool {
            switch try contents.text() {
            case "true", "True", "TRUE": true
            case "false", "False", "FALSE": false
            default: throw contents.mismatch("true or false")
            }
        }

        func decode<Other: Decodable>(_ type: Other.Type) throws -> Other { try Other(from: contents) }
    }
}

extension NodeContents: TemplateVariableSource {
    func templateVariables() throws -> [TemplateValue.Entry] {
        guard let variables = TemplateSettings.variables(node) else { throw mismatch("a map of names and values") }
        return variables
    }
}

private struct Index: CodingKey {
    let intValue: Int?
    var stringValue: String { intValue.map(String.init) ?? "" }

    init(_ index: Int) { intValue = index }
    init?(intValue: Int) { self.init(intValue) }
    init?(stringValue: String) { nil }
}
