extension AvroPlan {
    /// Reads a value into one value of the writer's column.
    func read(_ reader: inout AvroReader, into writer: ColumnWriter) throws(SchemaProblem) {
        switch self {
        case .null: writer.appendNull()
        case .boolean:
            let byte = try reader.byte()
            guard byte < 2 else { throw SchemaProblem("a boolean is neither 0 nor 1") }
            writer.append(Int64(byte))
        case .int:
            let value = try reader.long()
            guard Int32(exactly: value) != nil else { throw SchemaProblem("an int is beyond 32 bits") }
            writer.append(value)
        case .long: writer.append(try reader.long())
        case .timestamp(let unit):
            let (micros, overflow) = try reader.long().multipliedReportingOverflow(by: unit)
            guard !overflow else { throw SchemaProblem("a timestamp is beyond 64 bits of microseconds") }
            writer.append(micros)
        case .float:
            writer.append(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try reader.littleEndian(4)))))
        case .double: writer.append(Double(bitPattern: try reader.littleEndian(8)))
        case .bytes: try writer.append(try reader.take(try reader.length()))
        case .fixed(let size): try writer.append(try reader.take(size))
        case .string: try writer.append(try reader.text())
        case .enumeration(let name, let symbols):
            let index = try reader.long()
            guard symbols.indices.contains(Int(clamping: index)) else {
                throw SchemaProblem("the enum '\(name)' has no symbol number \(index)")
            }
            try writer.append(symbols[Int(index)].utf8)
        case .list(let element):
            while let count = try reader.blockCount() {
                for _ in 0..<count { try element.read(&reader, into: writer.children[0]) }
            }
            try writer.closeList()
        case .map(let value):
            let entries = writer.children[0]
            while let count = try reader.blockCount() {
                for _ in 0..<count {
                    try entries.children[0].append(try reader.text())
                    try value.read(&reader, into: entries.children[1])
                    entries.closeRow()
                }
            }
            try writer.closeList()
        case .nullable(let plan, let nullBranch):
            let branch = try reader.long()
            guard branch == 0 || branch == 1 else { throw SchemaProblem("a union of 2 has no branch number \(branch)") }
            if branch == nullBranch {
                writer.appendNull()
            } else {
                try plan.read(&reader, into: writer)
            }
        case .single(let plan):
            let branch = try reader.long()
            guard branch == 0 else { throw SchemaProblem("a union of 1 has no branch number \(branch)") }
            try plan.read(&reader, into: writer)
        case .record(let members):
            for (index, member) in members.enumerated() {
                do {
                    try member.plan.read(&reader, into: writer.children[index])
                } catch {
                    throw error.prefixed("field '\(member.name)': ")
                }
            }
            writer.closeRow()
        }
    }
}
