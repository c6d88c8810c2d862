import Columnar

extension ProtoPlan {
    /// Throws where rows of `fields` cannot be written.
    func check(_ fields: [Field]) throws(SchemaProblem) {
        for field in fields {
            guard let member = members.first(where: { $0.name == field.name }) else {
                throw SchemaProblem("the definition has no field '\(field.name)'")
            }
            do throws(SchemaProblem) {
                if member.isMap {
                    guard case .map(let value) = field.type, case .message(let entry) = member.value else {
                        throw SchemaProblem("a value of type \(field.type) cannot be written as a map")
                    }
                    try entry.members[1].value.check(value)
                } else if member.label == .repeated {
                    switch field.type {
                    case .null, .list(.null): break
                    case .list(let element): try member.value.check(element)
                    default: throw SchemaProblem("a value of type \(field.type) cannot be written as a repeated field")
                    }
                } else {
                    try member.value.check(field.type)
                }
            } catch {
                throw error.prefixed("field '\(field.name)': ")
            }
        }
        for member in members where member.label == .required {
            guard fields.contains(where: { $0.name == member.name }) else {
                throw SchemaProblem("the row has no field '\(member.name)', which is required")
            }
        }
    }
}

extension ProtoPlan.Value {
    fileprivate func check(_ type: DataType) throws(SchemaProblem) {
        switch (self, type) {
        case (_, .null), (.integer, .int64), (.double, .float64), (.double, .int64), (.float, .float64),
            (.float, .int64), (.bool, .boolean), (.string, .string), (.enumeration, .string), (.bytes, .bytes):
            break
        case (.message(let plan), .structure(let fields)): try plan.check(fields)
        default: throw SchemaProblem("a value of type \(type) cannot be written as \(word)")
        }
    }

    /// What the type is called in a definition.
    private var word: String {
        switch self {
        case .integer(let kind): kind.rawValue
        case .double: "double"
        case .float: "float"
        case .bool: "bool"
        case .string: "string"
        case .bytes: "bytes"
        case .enumeration(let name, _): "enum '\(name)'"
        case .message: "a message"
        }
    }
}

/// Rows, tied to the message that they are written as.
struct ProtoSource {
    fileprivate struct Member {
        var member: ProtoPlan.Member
        /// Of a repeated member its elements.
        var values: Column
        /// Of a repeated member; nil otherwise.
        var list: ListColumn?
        /// Of a message.
        var rows: [ProtoSource]
    }

    private let plan: ProtoPlan
    private let members: [Member]

    /// - Parameter rows: of fields that the plan's check has passed.
    init(_ plan: ProtoPlan, _ rows: Column) {
        self.plan = plan
        guard case .structure(let rows) = rows else {
            members = []
            return
        }
        members = plan.members.compactMap { member in
            guard let index = rows.fields.firstIndex(where: { $0.name == member.name }) else { return nil }
            var (values, list): (Column, ListColumn?) = (rows.children[index], nil)
            if member.label == .repeated {
                guard case .list(let column) = values.entries else { return nil }
                (values, list) = (column.element, column)
            }
            var messages: [ProtoSource] = []
            if case .message(let inner) = member.value { messages = [ProtoSource(inner, values)] }
            return Member(member: member, values: values, list: list, rows: messages)
        }
    }

    func write(_ row: Int, into bytes: inout [UInt8]) throws(SchemaProblem) {
        var oneofs: Set<Int> = []
        for member in members {
            do throws(SchemaProblem) {
                if let list = member.list {
                    if !member.isNull(row, list) { try write(member, list, row, into: &bytes) }
                    continue
                }
                if member.values.isNull(row) {
                    if member.member.label == .required {
                        throw SchemaProblem("null, which a required field cannot be")
                    }
                    continue
                }
                if let oneof = member.member.oneof, !oneofs.insert(oneof).inserted {
                    throw SchemaProblem("another field of its oneof has a value too")
                }
                try write(member, row, into: &bytes)
            } catch {
                throw error.prefixed("field '\(member.member.name)': ")
            }
        }
    }

    private func write(_ member: Member, _ row: Int, into bytes: inout [UInt8]) throws(SchemaProblem) {
        let start = bytes.count
        bytes.append(varint: UInt64(member.member.number) << 3 | UInt64(member.member.value.wire))
        let values = bytes.count
        try member.append(row, to: &bytes)
        guard member.member.label == .singular, plan.isProto3 else { return }
        if case .message = member.member.value { return }
        // A field without presence that holds its default is absent: zeros, or an empty block.
        if bytes[values...].allSatisfy({ $0 == 0 }), member.member.value.wire != 2 || bytes.count == values + 1 {
            bytes.removeSubrange(start...)
        }
    }

    private func write(
        _ member: Member, _ list: ListColumn, _ row: Int, into bytes: inout [UInt8]
    ) throws(SchemaProblem) {
        let range = Int(list.offsets[row])..<Int(list.offsets[row + 1])
        guard !range.isEmpty else { return }
        for index in range where member.values.isNull(index) { throw SchemaProblem("null, in a repeated field") }
        let tag = UInt64(member.member.number) << 3
        if plan.isProto3, member.member.value.wire != 2 {
            var packed: [UInt8] = []
            for index in range { try member.append(index, to: &packed) }
            bytes.append(varint: tag | 2)
            bytes.append(varint: UInt64(packed.count))
            bytes += packed
        } else {
            for index in range {
                bytes.append(varint: tag | UInt64(member.member.value.wire))
                try member.append(index, to: &bytes)
            }
        }
    }
}

extension ProtoSource.Member {
    fileprivate func isNull(_ row: Int, _ list: ListColumn) -> Bool { list.validity.map { !$0[row] } ?? false }

    /// A value without its tag.
    fileprivate func append(_ row: Int, to bytes: inout [UInt8]) throws(SchemaProblem) {
        switch (member.value, values) {
        case (.integer(let kind), .int64(let column)): try kind.append(column.values[row], to: &bytes)
        case (.double, .float64(let column)): bytes.append(littleEndian: column.values[row].bitPattern)
        case (.double, .int64(let column)): bytes.append(littleEndian: Double(column.values[row]).bitPattern)
        case (.float, .float64(let column)): bytes.append(littleEndian: Float(column.values[row]).bitPattern)
        case (.float, .int64(let column)): bytes.append(littleEndian: Float(column.values[row]).bitPattern)
        case (.bool, .boolean(let column)): bytes.append(column.values[row] ? 1 : 0)
        case (.string, .string(let column)), (.bytes, .bytes(let column)):
            bytes.append(varint: UInt64(column[row].count))
            bytes += column[row]
        case (.enumeration(let name, let symbols), .string(let column)):
            let text = String(decoding: column[row], as: UTF8.self)
            guard let number = symbols.first(where: { $0.symbol == text })?.number else {
                throw SchemaProblem("the enum '\(name)' has no value '\(text)'")
            }
            bytes.append(varint: UInt64(bitPattern: number))
        case (.message, _):
            var inner: [UInt8] = []
            for source in rows { try source.write(row, into: &inner) }
            bytes.append(varint: UInt64(inner.count))
            bytes += inner
        default: throw SchemaProblem("a value of type \(values.type) has no place in the definition")
        }
    }
}

extension ProtoPlan.Integer {
    /// Writes a number; throws when it is beyond the type.
    fileprivate func append(_ value: Int64, to bytes: inout [UInt8]) throws(SchemaProblem) {
        let fits =
            switch self {
            case .int32, .sint32, .sfixed32: Int32(exactly: value) != nil
            case .uint32, .fixed32: UInt32(exactly: value) != nil
            case .uint64, .fixed64: value >= 0
            case .int64, .sint64, .sfixed64: true
            }
        guard fits else { throw SchemaProblem("\(value) is beyond \(rawValue)") }
        switch self {
        case .int32, .int64, .uint32, .uint64: bytes.append(varint: UInt64(bitPattern: value))
        case .sint32, .sint64: bytes.append(varint: value.zigzag)
        case .fixed32, .sfixed32: bytes.append(littleEndian: UInt32(truncatingIfNeeded: value))
        case .fixed64, .sfixed64: bytes.append(littleEndian: value)
        }
    }
}
