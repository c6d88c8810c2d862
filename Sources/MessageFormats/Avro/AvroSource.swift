import Columnar

extension AvroPlan {
    /// Throws where values of a row's type cannot be written.
    func check(_ type: DataType) throws(SchemaProblem) {
        switch (self, type) {
        case (.nullable, .null), (.null, .null), (.boolean, .boolean), (.int, .int64), (.long, .int64),
            (.float, .float64), (.float, .int64), (.double, .float64), (.double, .int64), (.bytes, .bytes),
            (.fixed, .bytes), (.string, .string), (.enumeration, .string), (.timestamp, .timestamp):
            break
        case (.nullable(let plan, _), _), (.single(let plan), _): try plan.check(type)
        case (.list(let element), .list(let type)):
            if type != .null { try element.check(type) }
        case (.map(let value), .map(let type)):
            if type != .null { try value.check(type) }
        case (.record(let members), .structure(let fields)):
            for field in fields {
                guard let member = members.first(where: { $0.name == field.name }) else {
                    throw SchemaProblem("the Avro definition has no field '\(field.name)'")
                }
                do {
                    try member.plan.check(field.type)
                } catch {
                    throw error.prefixed("field '\(field.name)': ")
                }
            }
            for member in members where !member.plan.isNullable {
                guard fields.contains(where: { $0.name == member.name }) else {
                    throw SchemaProblem("the row has no field '\(member.name)', which the Avro definition needs")
                }
            }
        default: throw SchemaProblem("a value of type \(type) cannot be written as Avro's \(word)")
        }
    }

    /// What the type is called in a definition.
    private var word: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .int: "int"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .bytes: "bytes"
        case .string: "string"
        case .timestamp: "timestamp"
        case .fixed(let size): "fixed of \(size) bytes"
        case .enumeration(let name, _): "enum '\(name)'"
        case .list: "array"
        case .map: "map"
        case .record: "record"
        case .nullable(let plan, _), .single(let plan): plan.word
        }
    }
}

/// A column, tied to the Avro type that its values are written in.
struct AvroSource {
    private let plan: AvroPlan
    /// Nil where the row lacks the field: every value is null.
    private let column: Column?
    /// Of a list its elements, of a record its members.
    private let children: [AvroSource]

    /// - Parameter column: of a type that the plan's check has passed.
    init(_ plan: AvroPlan, _ column: Column?) {
        switch (plan, column) {
        case (.nullable(let inner, _), _), (.single(let inner), _): children = [AvroSource(inner, column)]
        case (.list(let element), .list(let list)): children = [AvroSource(element, list.element)]
        case (.map(let value), .map(let map)): children = [AvroSource(value, map.members.values)]
        case (.record(let members), .structure(let rows)):
            children = members.map { member in
                AvroSource(
                    member.plan, rows.fields.firstIndex { $0.name == member.name }.map { rows.children[$0] })
            }
        default: children = []
        }
        self.plan = plan
        self.column = column
    }

    func write(_ row: Int, into bytes: inout [UInt8]) throws(SchemaProblem) {
        let isNull = column?.isNull(row) ?? true
        switch plan {
        case .nullable(_, let nullBranch):
            bytes.append(varint: (isNull ? nullBranch : 1 - nullBranch).zigzag)
            if !isNull { try children[0].write(row, into: &bytes) }
            return
        case .single:
            bytes.append(0)
            return try children[0].write(row, into: &bytes)
        case .null: return
        default: if isNull { throw SchemaProblem("null, where the Avro definition has no null") }
        }
        switch (plan, column) {
        case (.boolean, .boolean(let column)): bytes.append(column.values[row] ? 1 : 0)
        case (.int, .int64(let column)):
            let value = column.values[row]
            guard Int32(exactly: value) != nil else { throw SchemaProblem("\(value) is beyond Avro's int") }
            bytes.append(varint: value.zigzag)
        case (.long, .int64(let column)): bytes.append(varint: column.values[row].zigzag)
        case (.timestamp(let unit), .timestamp(let column)):
            bytes.append(varint: column.values[row].dividedDown(by: unit).zigzag)
        case (.float, .float64(let column)): bytes.append(littleEndian: Float(column.values[row]).bitPattern)
        case (.float, .int64(let column)): bytes.append(littleEndian: Float(column.values[row]).bitPattern)
        case (.double, .float64(let column)): bytes.append(littleEndian: column.values[row].bitPattern)
        case (.double, .int64(let column)): bytes.append(littleEndian: Double(column.values[row]).bitPattern)
        case (.bytes, .bytes(let column)), (.string, .string(let column)):
            bytes.append(varint: Int64(column[row].count).zigzag)
            bytes += column[row]
        case (.fixed(let size), .bytes(let column)):
            guard column[row].count == size else {
                throw SchemaProblem("\(column[row].count) bytes, where the Avro definition has \(size)")
            }
            bytes += column[row]
        case (.enumeration(let name, let symbols), .string(let column)):
            let text = String(decoding: column[row], as: UTF8.self)
            guard let index = symbols.firstIndex(of: text) else {
                throw SchemaProblem("the enum '\(name)' has no symbol '\(text)'")
            }
            bytes.append(varint: Int64(index).zigzag)
        case (.list, .list(let list)):
            let range = Int(list.offsets[row])..<Int(list.offsets[row + 1])
            if !range.isEmpty {
                bytes.append(varint: Int64(range.count).zigzag)
                for index in range { try children[0].write(index, into: &bytes) }
            }
            bytes.append(0)
        case (.map, .map(let map)):
            let (range, keys) = (map.range(row), map.members.keys)
            if !range.isEmpty {
                bytes.append(varint: Int64(range.count).zigzag)
                for index in range {
                    bytes.append(varint: Int64(keys[index].count).zigzag)
                    bytes += keys[index]
                    try children[0].write(index, into: &bytes)
                }
            }
            bytes.append(0)
        case (.record(let members), .structure):
            for (index, child) in children.enumerated() {
                do {
                    try child.write(row, into: &bytes)
                } catch {
                    throw error.prefixed("field '\(members[index].name)': ")
                }
            }
        default: throw SchemaProblem("a value of type \(column?.type ?? .null) has no place in the Avro definition")
        }
    }
}

extension Int64 {
    fileprivate func dividedDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
