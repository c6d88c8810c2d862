import Foundation

/// Whether a message is what an Avro schema says, in either encoding.
public struct AvroMessage: Sendable {
    let schema: AvroSchema

    /// A check by `schema`.
    public init(schema: AvroSchema) { self.schema = schema }

    /// Deeper than this a message is refused: it is read by recursion.
    private static let maximumDepth = 100

    // MARK: Binary

    /// Throws where the bytes are not one value of the schema and nothing more.
    public func checkBinary(_ bytes: [UInt8]) throws(SchemaProblem) {
        var reader = AvroReader(bytes: bytes)
        try walk(schema.root, &reader, depth: 0)
        guard reader.position == bytes.count else {
            throw SchemaProblem("\(bytes.count - reader.position) bytes follow the Avro record")
        }
    }

    private func walk(_ kind: AvroSchema.Kind, _ reader: inout AvroReader, depth: Int) throws(SchemaProblem) {
        guard depth < AvroMessage.maximumDepth else { throw SchemaProblem("the message is nested too deeply") }
        switch kind {
        case .null: break
        case .boolean:
            guard try reader.byte() < 2 else { throw SchemaProblem("a boolean is neither 0 nor 1") }
        case .int:
            guard Int32(exactly: try reader.long()) != nil else { throw SchemaProblem("an int is beyond 32 bits") }
        case .long, .timestamp: _ = try reader.long()
        case .float: try reader.skip(4)
        case .double: try reader.skip(8)
        case .bytes: try reader.skip(try reader.length())
        case .string: try reader.text()
        case .fixed(_, let size): try reader.skip(size)
        case .enumeration(let name, let symbols):
            let index = try reader.long()
            guard symbols.indices.contains(Int(clamping: index)) else {
                throw SchemaProblem("the enum '\(name)' has no symbol number \(index)")
            }
        case .array(let element):
            try blocks(&reader) { reader throws(SchemaProblem) in
                try walk(element, &reader, depth: depth + 1)
            }
        case .map(let value):
            try blocks(&reader) { reader throws(SchemaProblem) in
                try reader.text()
                try walk(value, &reader, depth: depth + 1)
            }
        case .union(let branches):
            let index = try reader.long()
            guard branches.indices.contains(Int(clamping: index)) else {
                throw SchemaProblem("a union of \(branches.count) has no branch number \(index)")
            }
            try walk(branches[Int(index)], &reader, depth: depth + 1)
        case .record(let name):
            for field in schema.records[name] ?? [] {
                do {
                    try walk(field.kind, &reader, depth: depth + 1)
                } catch {
                    throw error.prefixed("field '\(field.name)': ")
                }
            }
        }
    }

    private func blocks(
        _ reader: inout AvroReader, _ element: (inout AvroReader) throws(SchemaProblem) -> Void
    ) throws(SchemaProblem) {
        while let count = try reader.blockCount() {
            for _ in 0..<count { try element(&reader) }
        }
    }

    // MARK: JSON

    /// Throws where the text is not one value of the schema in Avro's JSON encoding.
    public func checkJSON(_ bytes: [UInt8]) throws(SchemaProblem) {
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        } catch {
            throw SchemaProblem("the message is not JSON: \(SchemaProblem.reason(error))")
        }
        try walk(schema.root, value, depth: 0)
    }

    private func walk(_ kind: AvroSchema.Kind, _ value: Any, depth: Int) throws(SchemaProblem) {
        guard depth < AvroMessage.maximumDepth else { throw SchemaProblem("the message is nested too deeply") }
        let number = value as? NSNumber
        // Foundation keeps a JSON `true` apart from a `1` by the type of its storage alone.
        let isBoolean = number.map { String(cString: $0.objCType) == "c" } ?? false
        func expected() -> SchemaProblem { SchemaProblem("the value is not of Avro's type \(kind.name)") }
        switch kind {
        case .null: guard value is NSNull else { throw expected() }
        case .boolean: guard isBoolean else { throw expected() }
        case .int:
            guard let number, !isBoolean, Int32(exactly: number.doubleValue) != nil else { throw expected() }
        case .long, .timestamp:
            guard let number, !isBoolean, Int64(number.stringValue) != nil || Int64(exactly: number.doubleValue) != nil
            else { throw expected() }
        case .float, .double: guard number != nil, !isBoolean else { throw expected() }
        case .string: guard value is String else { throw expected() }
        case .bytes:
            guard let text = value as? String, text.unicodeScalars.allSatisfy({ $0.value < 256 }) else {
                throw expected()
            }
        case .fixed(_, let size):
            guard let text = value as? String, text.unicodeScalars.count == size,
                text.unicodeScalars.allSatisfy({ $0.value < 256 })
            else { throw expected() }
        case .enumeration(_, let symbols):
            guard let text = value as? String, symbols.contains(text) else { throw expected() }
        case .array(let element):
            guard let list = value as? [Any] else { throw expected() }
            for item in list { try walk(element, item, depth: depth + 1) }
        case .map(let inner):
            guard let object = value as? [String: Any] else { throw expected() }
            for item in object.values { try walk(inner, item, depth: depth + 1) }
        case .union(let branches): try union(branches, value, depth)
        case .record(let name):
            guard let object = value as? [String: Any] else { throw expected() }
            let fields = schema.records[name] ?? []
            for field in fields {
                guard let inner = object[field.name] else { throw SchemaProblem("field '\(field.name)' is missing") }
                do {
                    try walk(field.kind, inner, depth: depth + 1)
                } catch {
                    throw error.prefixed("field '\(field.name)': ")
                }
            }
            for key in object.keys.sorted() where !fields.contains(where: { $0.name == key }) {
                throw SchemaProblem("the record '\(name)' has no field '\(key)'")
            }
        }
    }

    /// A null as it is, everything else as an object of its type's name and the value.
    private func union(_ branches: [AvroSchema.Kind], _ value: Any, _ depth: Int) throws(SchemaProblem) {
        if value is NSNull {
            guard branches.contains(.null) else { throw SchemaProblem("null is none of the union's types") }
            return
        }
        guard let object = value as? [String: Any], object.count == 1, let (key, inner) = object.first else {
            throw SchemaProblem(
                "a value of a union is written as {\"TYPE\": value}; types are "
                    + branches.map(\.name).joined(separator: ", "))
        }
        guard let branch = branches.first(where: { $0.name == key }) else {
            throw SchemaProblem(
                "'\(key)' is none of the union's types: \(branches.map(\.name).joined(separator: ", "))")
        }
        try walk(branch, inner, depth: depth + 1)
    }
}
