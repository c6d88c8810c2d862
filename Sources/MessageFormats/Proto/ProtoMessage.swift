import Columnar
import Foundation

/// Whether a message is what a protobuf definition says, in either encoding.
public struct ProtoMessage: Sendable {
    let definition: ProtoDefinition

    /// A check by `definition`.
    public init(definition: ProtoDefinition) { self.definition = definition }

    private static let maximumDepth = 100

    // MARK: Binary

    /// Throws where the bytes are not a message of the definition. Fields that it does not know are fine, as they are
    /// for every reader of protobuf.
    public func checkBinary(_ bytes: [UInt8]) throws(SchemaProblem) {
        try walk(definition.root, bytes[...], depth: 0)
    }

    private func walk(_ name: String, _ bytes: ArraySlice<UInt8>, depth: Int) throws(SchemaProblem) {
        guard depth < ProtoMessage.maximumDepth else { throw SchemaProblem("the message is nested too deeply") }
        let fields = definition.messages[name] ?? []
        var reader = ProtoReader(bytes: bytes)
        var seen: Set<Int> = []
        while !reader.isAtEnd {
            let tag = try reader.varint()
            let (number, wire) = (Int(clamping: tag >> 3), Int(tag & 7))
            guard number > 0, number < 1 << 29 else { throw SchemaProblem("a field has the number \(number)") }
            guard let field = fields.first(where: { $0.number == number }) else {
                try reader.skip(wire)
                continue
            }
            seen.insert(number)
            do {
                try value(of: field, wire, &reader, depth)
            } catch {
                throw error.prefixed("field '\(field.name)' of '\(name)': ")
            }
        }
        for field in fields where field.label == .required && !seen.contains(field.number) {
            throw SchemaProblem("the required field '\(field.name)' of '\(name)' is missing")
        }
    }

    private func value(
        of field: ProtoDefinition.MessageField, _ wire: Int, _ reader: inout ProtoReader, _ depth: Int
    ) throws(SchemaProblem) {
        switch field.kind {
        case .message(let name):
            guard wire == 2 else { throw SchemaProblem("wire type \(wire) instead of 2") }
            try walk(name, try reader.block(), depth: depth + 1)
        case .map(let key, let value):
            guard wire == 2 else { throw SchemaProblem("wire type \(wire) instead of 2") }
            try entry(try reader.block(), key: key, value: value, depth)
        case .enumeration:
            try packed(0, field, wire, &reader) { reader throws(SchemaProblem) in _ = try reader.varint() }
        case .scalar("string"):
            guard wire == 2 else { throw SchemaProblem("wire type \(wire) instead of 2") }
            guard String(validating: try reader.block(), as: UTF8.self) != nil else {
                throw SchemaProblem("the text is not UTF-8")
            }
        case .scalar("bytes"):
            guard wire == 2 else { throw SchemaProblem("wire type \(wire) instead of 2") }
            _ = try reader.block()
        case .scalar(let name):
            let expected = ProtoMessage.wire(of: name)
            try packed(expected, field, wire, &reader) { reader throws(SchemaProblem) in try reader.skip(expected) }
        }
    }

    private func packed(
        _ expected: Int, _ field: ProtoDefinition.MessageField, _ wire: Int, _ reader: inout ProtoReader,
        _ one: (inout ProtoReader) throws(SchemaProblem) -> Void
    ) throws(SchemaProblem) {
        if wire == expected { return try one(&reader) }
        guard wire == 2, field.label == .repeated else {
            throw SchemaProblem("wire type \(wire) instead of \(expected)")
        }
        var inner = ProtoReader(bytes: try reader.block())
        while !inner.isAtEnd { try one(&inner) }
    }

    private func entry(
        _ bytes: ArraySlice<UInt8>, key: String, value: ProtoDefinition.Kind, _ depth: Int
    ) throws(SchemaProblem) {
        var reader = ProtoReader(bytes: bytes)
        let fields = [
            1: ProtoDefinition.MessageField(name: "key", number: 1, kind: .scalar(key), label: .singular),
            2: ProtoDefinition.MessageField(name: "value", number: 2, kind: value, label: .singular),
        ]
        while !reader.isAtEnd {
            let tag = try reader.varint()
            if let field = fields[Int(clamping: tag >> 3)] {
                try self.value(of: field, Int(tag & 7), &reader, depth + 1)
            } else {
                try reader.skip(Int(tag & 7))
            }
        }
    }

    static func wire(of scalar: String) -> Int {
        switch scalar {
        case "double", "fixed64", "sfixed64": 1
        case "float", "fixed32", "sfixed32": 5
        default: 0
        }
    }

    // MARK: JSON

    /// Throws where the text is not a message of the definition in protobuf's JSON mapping.
    public func checkJSON(_ bytes: [UInt8]) throws(SchemaProblem) {
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        } catch {
            throw SchemaProblem("the message is not JSON: \(SchemaProblem.reason(error))")
        }
        try walk(definition.root, value, depth: 0)
    }

    private func walk(_ name: String, _ value: Any, depth: Int) throws(SchemaProblem) {
        guard depth < ProtoMessage.maximumDepth else { throw SchemaProblem("the message is nested too deeply") }
        guard let object = value as? [String: Any] else { throw SchemaProblem("'\(name)' is not written as an object") }
        let fields = definition.messages[name] ?? []
        var seen: Set<Int> = []
        for (key, inner) in object.sorted(by: { $0.key < $1.key }) {
            guard let field = fields.first(where: { $0.name == key || $0.jsonName == key }) else {
                throw SchemaProblem("the message '\(name)' has no field '\(key)'")
            }
            guard seen.insert(field.number).inserted else {
                throw SchemaProblem("the field '\(field.name)' stands twice")
            }
            if inner is NSNull { continue }
            do {
                try check(field, inner, depth)
            } catch {
                throw error.prefixed("field '\(field.name)' of '\(name)': ")
            }
        }
        for field in fields where field.label == .required && !seen.contains(field.number) {
            throw SchemaProblem("the required field '\(field.name)' of '\(name)' is missing")
        }
    }

    private func check(_ field: ProtoDefinition.MessageField, _ value: Any, _ depth: Int) throws(SchemaProblem) {
        if case .map(_, let inner) = field.kind {
            guard let object = value as? [String: Any] else { throw SchemaProblem("a map is written as an object") }
            for item in object.values { try check(inner, item, depth) }
        } else if field.label == .repeated {
            guard let list = value as? [Any] else { throw SchemaProblem("a repeated field is written as a list") }
            for item in list { try check(field.kind, item, depth) }
        } else {
            try check(field.kind, value, depth)
        }
    }

    private func check(_ kind: ProtoDefinition.Kind, _ value: Any, _ depth: Int) throws(SchemaProblem) {
        switch kind {
        case .message(let name): try walk(name, value, depth: depth + 1)
        case .map: break
        case .enumeration(let name):
            let values = definition.enumerations[name] ?? []
            if let text = value as? String {
                guard values.contains(where: { $0.symbol == text }) else {
                    throw SchemaProblem("the enum '\(name)' has no value '\(text)'")
                }
            } else {
                guard let number = value as? NSNumber, Int32(exactly: number.doubleValue) != nil else {
                    throw SchemaProblem("a value of the enum '\(name)' is a name or a number")
                }
            }
        case .scalar(let type):
            guard ProtoMessage.isScalar(value, of: type) else {
                throw SchemaProblem("the value is not of type \(type)")
            }
        }
    }

    private static func isScalar(_ value: Any, of type: String) -> Bool {
        let number = value as? NSNumber
        let isBoolean = number.map { String(cString: $0.objCType) == "c" } ?? false
        let text = value as? String
        func whole<T: FixedWidthInteger>(_: T.Type) -> Bool {
            if let text { return T(text) != nil }
            guard let number, !isBoolean else { return false }
            return T(number.stringValue) != nil || T(exactly: number.doubleValue) != nil
        }
        switch type {
        case "bool": return isBoolean
        case "string": return text != nil
        case "bytes": return text.map { Base64.decode($0) != nil } ?? false
        case "double", "float":
            if let text { return ["NaN", "Infinity", "-Infinity"].contains(text) || Double(text) != nil }
            return number != nil && !isBoolean
        case "int32", "sint32", "sfixed32": return whole(Int32.self)
        case "uint32", "fixed32": return whole(UInt32.self)
        case "int64", "sint64", "sfixed64": return whole(Int64.self)
        default: return whole(UInt64.self)
        }
    }
}

extension ProtoDefinition.MessageField {
    /// `lowerCamelCase`, as protobuf's JSON mapping makes it.
    var jsonName: String {
        var result = ""
        var isNextUpper = false
        for letter in name {
            if letter == "_" {
                isNextUpper = true
            } else {
                result += isNextUpper ? letter.uppercased() : String(letter)
                isNextUpper = false
            }
        }
        return result
    }
}
