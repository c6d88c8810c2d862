import Foundation

/// An Avro schema, read from its JSON (Apache Avro 1.11 specification).
struct AvroSchema: Sendable {
    indirect enum Kind: Sendable, Hashable {
        case null, boolean, int, long, float, double, bytes, string
        case fixed(name: String, size: Int)
        case enumeration(name: String, symbols: [String])
        case array(Kind)
        case map(Kind)
        case union([Kind])
        case record(name: String)
    }

    struct RecordField: Sendable, Hashable {
        var name: String
        var kind: Kind
        var hasDefault: Bool
    }

    let root: Kind
    /// The fields of records by full name: a record may hold itself.
    let records: [String: [RecordField]]

    /// Reads a definition; throws what is wrong with it.
    init(_ definition: String) throws(SchemaProblem) {
        let json: Any
        do {
            json = try JSONSerialization.jsonObject(with: Data(definition.utf8), options: .fragmentsAllowed)
        } catch {
            throw SchemaProblem("the Avro definition is not JSON: \(SchemaProblem.reason(error))")
        }
        var reader = AvroSchemaReader()
        root = try reader.kind(json, namespace: "")
        records = reader.records
        guard case .record = root else {
            throw SchemaProblem("the Avro definition is not a record; Pub/Sub takes records")
        }
    }
}

/// What is wrong with a schema, or with a message under it.
struct SchemaProblem: Error, Sendable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }

    /// What Foundation says of bad JSON, without its wrapping.
    static func reason(_ error: any Error) -> String {
        ((error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String) ?? "\(error)"
    }
}

private struct AvroSchemaReader {
    var records: [String: [AvroSchema.RecordField]] = [:]
    private var named: [String: AvroSchema.Kind] = [:]
    private var depth = 0

    private static let primitives: [String: AvroSchema.Kind] = [
        "null": .null, "boolean": .boolean, "int": .int, "long": .long, "float": .float, "double": .double,
        "bytes": .bytes, "string": .string,
    ]

    mutating func kind(_ json: Any, namespace: String) throws(SchemaProblem) -> AvroSchema.Kind {
        depth += 1
        defer { depth -= 1 }
        guard depth < 100 else { throw SchemaProblem("the Avro definition is nested too deeply") }
        switch json {
        case let name as String: return try reference(name, namespace: namespace)
        case let branches as [Any]: return try union(branches, namespace: namespace)
        case let object as [String: Any]: return try complex(object, namespace: namespace)
        default: throw SchemaProblem("a type of the Avro definition is neither a name, a list nor an object")
        }
    }

    private func reference(_ name: String, namespace: String) throws(SchemaProblem) -> AvroSchema.Kind {
        if let primitive = AvroSchemaReader.primitives[name] { return primitive }
        let full = name.contains(".") || namespace.isEmpty ? name : "\(namespace).\(name)"
        guard let kind = named[full] ?? named[name] else {
            throw SchemaProblem("the Avro definition names the type '\(name)', which it does not define")
        }
        return kind
    }

    private mutating func union(_ branches: [Any], namespace: String) throws(SchemaProblem) -> AvroSchema.Kind {
        guard !branches.isEmpty else { throw SchemaProblem("a union of the Avro definition is empty") }
        var kinds: [AvroSchema.Kind] = []
        var names: Set<String> = []
        for branch in branches {
            let kind = try kind(branch, namespace: namespace)
            if case .union = kind { throw SchemaProblem("a union of the Avro definition holds a union") }
            guard names.insert(kind.name).inserted else {
                throw SchemaProblem("a union of the Avro definition holds '\(kind.name)' twice")
            }
            kinds.append(kind)
        }
        return .union(kinds)
    }

    private mutating func complex(_ object: [String: Any], namespace: String) throws(SchemaProblem) -> AvroSchema.Kind {
        guard let type = object["type"] else { throw SchemaProblem("an object of the Avro definition has no 'type'") }
        guard let word = type as? String else { return try kind(type, namespace: namespace) }
        switch word {
        case "record", "error": return try record(object, namespace: namespace)
        case "enum":
            let name = try name(of: object, namespace: namespace)
            guard let symbols = object["symbols"] as? [String], !symbols.isEmpty, Set(symbols).count == symbols.count,
                symbols.allSatisfy(AvroSchemaReader.isName)
            else { throw SchemaProblem("the enum '\(name)' needs 'symbols': a list of different names") }
            return try define(name, .enumeration(name: name, symbols: symbols))
        case "fixed":
            let name = try name(of: object, namespace: namespace)
            guard let size = object["size"] as? Int, size >= 0 else {
                throw SchemaProblem("the fixed type '\(name)' needs a 'size' in bytes")
            }
            return try define(name, .fixed(name: name, size: size))
        case "array":
            guard let items = object["items"] else {
                throw SchemaProblem("an array of the Avro definition needs 'items'")
            }
            return .array(try kind(items, namespace: namespace))
        case "map":
            guard let values = object["values"] else {
                throw SchemaProblem("a map of the Avro definition needs 'values'")
            }
            return .map(try kind(values, namespace: namespace))
        default: return try reference(word, namespace: namespace)
        }
    }

    private mutating func record(_ object: [String: Any], namespace: String) throws(SchemaProblem) -> AvroSchema.Kind {
        let name = try name(of: object, namespace: namespace)
        guard let list = object["fields"] as? [Any] else { throw SchemaProblem("the record '\(name)' needs 'fields'") }
        // Before its fields: they may hold it.
        let kind = try define(name, .record(name: name))
        let inner = name.contains(".") ? String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]) : ""
        var fields: [AvroSchema.RecordField] = []
        for entry in list {
            guard let field = entry as? [String: Any], let fieldName = field["name"] as? String,
                AvroSchemaReader.isName(fieldName), let type = field["type"]
            else { throw SchemaProblem("a field of the record '\(name)' needs a 'name' and a 'type'") }
            guard !fields.contains(where: { $0.name == fieldName }) else {
                throw SchemaProblem("the record '\(name)' has two fields '\(fieldName)'")
            }
            let fieldKind: AvroSchema.Kind
            do {
                fieldKind = try self.kind(type, namespace: inner)
            } catch {
                throw SchemaProblem("field '\(fieldName)' of '\(name)': \(error)")
            }
            fields.append(.init(name: fieldName, kind: fieldKind, hasDefault: field["default"] != nil))
        }
        records[name] = fields
        return kind
    }

    private mutating func define(_ name: String, _ kind: AvroSchema.Kind) throws(SchemaProblem) -> AvroSchema.Kind {
        guard named.updateValue(kind, forKey: name) == nil else {
            throw SchemaProblem("the Avro definition defines '\(name)' twice")
        }
        return kind
    }

    private func name(of object: [String: Any], namespace: String) throws(SchemaProblem) -> String {
        guard let name = object["name"] as? String,
            name.split(separator: ".").map(String.init).allSatisfy(AvroSchemaReader.isName),
            !name.isEmpty
        else { throw SchemaProblem("a named type of the Avro definition has no proper 'name'") }
        if name.contains(".") { return name }
        let space = object["namespace"] as? String ?? namespace
        return space.isEmpty ? name : "\(space).\(name)"
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (first | 32 >= 97 && first | 32 <= 122) || first == 95 else { return false }
        return text.utf8.allSatisfy { ($0 | 32 >= 97 && $0 | 32 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 }
    }
}

extension AvroSchema.Kind {
    /// What a union calls the branch.
    var name: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .int: "int"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .bytes: "bytes"
        case .string: "string"
        case .array: "array"
        case .map: "map"
        case .union: "union"
        case .fixed(let name, _), .enumeration(let name, _), .record(let name): name
        }
    }
}
