import Foundation

/// Reads the JSON of a definition.
struct AvroSchemaReader {
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
        case is NSNull:
            throw SchemaProblem("a type of the Avro definition is null; the type's name is \"null\", in quotes")
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
        for (index, branch) in branches.enumerated() {
            let kind: AvroSchema.Kind
            do {
                kind = try self.kind(branch, namespace: namespace)
            } catch {
                throw error.below(.index(index))
            }
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
        guard let word = type as? String else { return try inner(type, "type", namespace) }
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
            return .array(try inner(items, "items", namespace))
        case "map":
            guard let values = object["values"] else {
                throw SchemaProblem("a map of the Avro definition needs 'values'")
            }
            return .map(try inner(values, "values", namespace))
        case "long":
            switch object["logicalType"] as? String {
            case "timestamp-millis": return .timestamp(unit: 1000)
            case "timestamp-micros": return .timestamp(unit: 1)
            default: return .long
            }
        default:
            do {
                return try reference(word, namespace: namespace)
            } catch {
                throw error.below(.key("type"))
            }
        }
    }

    private mutating func inner(
        _ json: Any, _ key: String, _ namespace: String
    ) throws(SchemaProblem) -> AvroSchema.Kind {
        do {
            return try kind(json, namespace: namespace)
        } catch {
            throw error.below(.key(key))
        }
    }

    private mutating func record(_ object: [String: Any], namespace: String) throws(SchemaProblem) -> AvroSchema.Kind {
        let name = try name(of: object, namespace: namespace)
        guard let list = object["fields"] as? [Any] else { throw SchemaProblem("the record '\(name)' needs 'fields'") }
        // Before its fields: they may hold it.
        let kind = try define(name, .record(name: name))
        let inner = name.contains(".") ? String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]) : ""
        var fields: [AvroSchema.RecordField] = []
        for (index, entry) in list.enumerated() {
            guard let field = entry as? [String: Any], let fieldName = field["name"] as? String,
                AvroSchemaReader.isName(fieldName), let type = field["type"]
            else {
                throw SchemaProblem("a field of the record '\(name)' needs a 'name' and a 'type'")
                    .below(.index(index)).below(.key("fields"))
            }
            guard !fields.contains(where: { $0.name == fieldName }) else {
                throw SchemaProblem("the record '\(name)' has two fields '\(fieldName)'")
                    .below(.index(index)).below(.key("fields"))
            }
            let fieldKind: AvroSchema.Kind
            do {
                fieldKind = try self.kind(type, namespace: inner)
            } catch {
                throw error.below(.key("type"), "field '\(fieldName)' of '\(name)': ").below(.index(index))
                    .below(.key("fields"))
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
