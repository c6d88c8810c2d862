/// What a message says of its fields, before it is put into the order of the row.
private struct ProtoOccurrences {
    struct Occurrence {
        /// A number's bits; nothing for a block.
        var bits: UInt64
        /// Set for wire type 2.
        var block: ArraySlice<UInt8>?
        var next = -1
    }

    private(set) var all: [Occurrence] = []
    /// Of each member the first and the last of its chain; -1: none.
    private(set) var first: [Int]
    private var last: [Int]

    init(members: Int) {
        first = [Int](repeating: -1, count: members)
        last = first
    }

    mutating func add(_ occurrence: Occurrence, to member: Int) {
        if first[member] < 0 { first[member] = all.count } else { all[last[member]].next = all.count }
        last[member] = all.count
        all.append(occurrence)
    }

    mutating func clear(_ member: Int) {
        first[member] = -1
        last[member] = -1
    }

    func last(of member: Int) -> Occurrence? { last[member] < 0 ? nil : all[last[member]] }
}

extension ProtoPlan {
    /// Reads a message into one row of the writer's struct.
    func read(_ bytes: ArraySlice<UInt8>, into writer: ColumnWriter) throws(SchemaProblem) {
        let found = try occurrences(bytes)
        for (index, member) in members.enumerated() {
            do {
                try read(member, index, found, into: writer.children[index])
            } catch {
                throw error.prefixed("field '\(member.name)': ")
            }
        }
        writer.closeRow()
    }

    private func occurrences(_ bytes: ArraySlice<UInt8>) throws(SchemaProblem) -> ProtoOccurrences {
        var found = ProtoOccurrences(members: members.count)
        var reader = ProtoReader(bytes: bytes)
        while !reader.isAtEnd {
            let tag = try reader.varint()
            let (number, wire) = (Int(clamping: tag >> 3), Int(tag & 7))
            guard number > 0, number < 1 << 29 else { throw SchemaProblem("a field has the number \(number)") }
            guard let position = positions[number] else {
                try reader.skip(wire)
                continue
            }
            let member = members[position]
            let isPacked = wire == 2 && member.label == .repeated
            guard wire == member.value.wire || isPacked else {
                throw SchemaProblem("field '\(member.name)': wire type \(wire) instead of \(member.value.wire)")
            }
            if let oneof = member.oneof {
                for other in oneofs[oneof] where other != position { found.clear(other) }
            }
            found.add(try reader.occurrence(wire), to: position)
        }
        return found
    }

    private func read(
        _ member: Member, _ index: Int, _ found: ProtoOccurrences, into writer: ColumnWriter
    ) throws(SchemaProblem) {
        if member.label == .repeated {
            var next = found.first[index]
            while next >= 0 {
                try elements(member.value, found.all[next], into: writer.children[0])
                next = found.all[next].next
            }
            return try writer.closeList()
        }
        guard let last = found.last(of: index) else {
            if member.label == .required { throw SchemaProblem("it is required, and missing") }
            if member.isNullable { return writer.appendNull() }
            return try Self.appendDefault(of: member.value, to: writer)
        }
        if case .message(let plan) = member.value {
            // Several messages in one field are merged: that is what their bytes say one after the other.
            var next = found.first[index]
            guard found.all[next].next >= 0 else { return try plan.read(last.block ?? [], into: writer) }
            var merged: [UInt8] = []
            while next >= 0 {
                merged += found.all[next].block ?? []
                next = found.all[next].next
            }
            return try plan.read(merged[...], into: writer)
        }
        try Self.append(member.value, last, to: writer)
    }

    /// One element, or a packed run of them.
    private func elements(
        _ value: Value, _ occurrence: ProtoOccurrences.Occurrence, into writer: ColumnWriter
    ) throws(SchemaProblem) {
        if case .message(let plan) = value { return try plan.read(occurrence.block ?? [], into: writer) }
        guard value.wire != 2, let block = occurrence.block else {
            return try Self.append(value, occurrence, to: writer)
        }
        var reader = ProtoReader(bytes: block)
        while !reader.isAtEnd { try Self.append(value, try reader.occurrence(value.wire), to: writer) }
    }

    private static func append(
        _ value: Value, _ occurrence: ProtoOccurrences.Occurrence, to writer: ColumnWriter
    ) throws(SchemaProblem) {
        let bits = occurrence.bits
        switch value {
        case .integer(let kind): writer.append(try kind.number(bits))
        case .double: writer.append(Double(bitPattern: bits))
        case .float: writer.append(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case .bool: writer.append(bits == 0 ? 0 : 1 as Int64)
        case .bytes: try writer.append(occurrence.block ?? [])
        case .string:
            let text = occurrence.block ?? []
            guard String(validating: text, as: UTF8.self) != nil else { throw SchemaProblem("the text is not UTF-8") }
            try writer.append(text)
        case .enumeration(let name, let symbols):
            let number = Int64(Int32(truncatingIfNeeded: bits))
            // With `allow_alias` the first symbol of a number stands for it.
            guard let symbol = symbols.first(where: { $0.number == number })?.symbol else {
                throw SchemaProblem("the enum '\(name)' has no value number \(number)")
            }
            try writer.append(symbol.utf8)
        case .message(let plan): try plan.read(occurrence.block ?? [], into: writer)
        }
    }

    /// What a field holds that is absent: zero, nothing, an enum's symbol for zero.
    private static func appendDefault(of value: Value, to writer: ColumnWriter) throws(SchemaProblem) {
        try append(value, .init(bits: 0), to: writer)
    }
}

extension ProtoReader {
    fileprivate mutating func occurrence(_ wire: Int) throws(SchemaProblem) -> ProtoOccurrences.Occurrence {
        switch wire {
        case 0: .init(bits: try varint())
        case 1: .init(bits: try littleEndian(8))
        case 5: .init(bits: try littleEndian(4))
        case 2: .init(bits: 0, block: try block())
        default: throw SchemaProblem("the wire type \(wire) is not in use")
        }
    }
}

extension ProtoPlan.Integer {
    /// The number that bits on the wire stand for.
    fileprivate func number(_ bits: UInt64) throws(SchemaProblem) -> Int64 {
        switch self {
        case .int32, .sfixed32: return Int64(Int32(truncatingIfNeeded: bits))
        case .uint32, .fixed32: return Int64(UInt32(truncatingIfNeeded: bits))
        case .int64, .sfixed64: return Int64(bitPattern: bits)
        case .uint64, .fixed64:
            guard let value = Int64(exactly: bits) else { throw SchemaProblem("\(bits) is beyond 63 bits") }
            return value
        case .sint32:
            let bits = UInt32(truncatingIfNeeded: bits)
            return Int64(Int32(bitPattern: bits >> 1) ^ -Int32(bitPattern: bits & 1))
        case .sint64: return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
        }
    }
}
