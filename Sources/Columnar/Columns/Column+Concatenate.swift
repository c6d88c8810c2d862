extension Column {
    /// The values of `columns` one after the other.
    ///
    /// All have the same type, but where the type of one is `null` (at any depth) it takes the others' type. Mixing
    /// other types is a programming error. No columns give an empty `null` column.
    public static func concatenating(_ columns: [Column]) -> Column {
        guard let first = columns.first else { return .null(count: 0) }
        if columns.count == 1 { return first }
        let type = columns.dropFirst().reduce(first.type) { $0.unified(with: $1.type) }
        let columns = columns.map { $0.typed(as: type) }
        switch type {
        case .null: return .null(count: columns.reduce(0) { $0 + $1.count })
        case .boolean:
            var values = Bitmap(repeating: false, count: 0)
            for case .boolean(let column) in columns { values.append(column.values, 0..<column.values.count) }
            return .boolean(BooleanColumn(values: values, validity: joinedValidity(columns)))
        case .int64, .timestamp:
            let values = joined(columns) { (column: Column) -> [Int64] in
                switch column {
                case .int64(let column), .timestamp(let column): column.values
                default: []
                }
            }
            let column = FixedColumn(values: values, validity: joinedValidity(columns))
            return type == .int64 ? .int64(column) : .timestamp(column)
        case .float64:
            let values = joined(columns) { if case .float64(let column) = $0 { column.values } else { [Double]() } }
            return .float64(FixedColumn(values: values, validity: joinedValidity(columns)))
        case .string: return .string(joinedBytes(columns))
        case .bytes: return .bytes(joinedBytes(columns))
        case .list:
            var lists: [ListColumn] = []
            for case .list(let column) in columns { lists.append(column) }
            let elements = lists.map { list in
                let (start, end) = (Int(list.offsets.first ?? 0), Int(list.offsets.last ?? 0))
                return list.element.count == end - start ? list.element : list.element.slice(start..<end)
            }
            return .list(
                ListColumn(
                    offsets: joinedOffsets(lists.map(\.offsets)), element: concatenating(elements),
                    validity: joinedValidity(columns)))
        case .map:
            return Self.concatenating(columns.map { $0.typed(as: type).entries }).asMap
        case .structure(let fields):
            var rows: [StructColumn] = []
            for case .structure(let column) in columns { rows.append(column) }
            let children = fields.indices.map { index in concatenating(rows.map { $0.children[index] }) }
            return .structure(
                StructColumn(
                    fields: fields, children: children, count: rows.reduce(0) { $0 + $1.count },
                    validity: joinedValidity(columns)))
        }
    }

    /// The same column where `null` types, at any depth, have become `type`.
    private func typed(as type: DataType) -> Column {
        switch (self, type) {
        case (.null(let count), _): return .nulls(type, count: count)
        case (.list(var column), .list(let element)):
            column.element = column.element.typed(as: element)
            return .list(column)
        case (.map, .map(let value)): return mapped { $0.typed(as: .entries(of: value)) }
        case (.structure(var column), .structure(let fields)):
            column.children = zip(column.children, fields).map { $0.typed(as: $1.type) }
            column.fields = fields
            return .structure(column)
        default: return self
        }
    }
}

extension DataType {
    /// The type that both fit, where `null` fits every one; types that differ otherwise are a programming error.
    func unified(with other: DataType) -> DataType {
        switch (self, other) {
        case (.null, _): return other
        case (_, .null): return self
        case (.list(let left), .list(let right)): return .list(left.unified(with: right))
        case (.map(let left), .map(let right)): return .map(left.unified(with: right))
        case (.structure(let left), .structure(let right)):
            if left == right { return self }
            precondition(left.map(\.name) == right.map(\.name), "columns of \(self) and \(other) do not concatenate")
            return .structure(
                zip(left, right).map {
                    Field($0.name, $0.type.unified(with: $1.type), isNullable: $0.isNullable || $1.isNullable)
                })
        default:
            precondition(self == other, "columns of \(self) and \(other) do not concatenate")
            return self
        }
    }
}

private func joined<Element>(_ columns: [Column], _ values: (Column) -> [Element]) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(columns.reduce(0) { $0 + $1.count })
    for column in columns { result += values(column) }
    return result
}

private func joinedValidity(_ columns: [Column]) -> Bitmap? {
    let validities = columns.map(\.validity)
    guard validities.contains(where: { $0 != nil }) else { return nil }
    var result = Bitmap(repeating: false, count: 0)
    for (column, validity) in zip(columns, validities) {
        if let validity {
            result.append(validity, 0..<validity.count)
        } else {
            result.append(repeating: true, count: column.count)
        }
    }
    return result
}

private func joinedBytes(_ columns: [Column]) -> BytesColumn {
    var parts: [BytesColumn] = []
    for column in columns {
        switch column {
        case .string(let part), .bytes(let part): parts.append(part)
        default: break
        }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + Int(($1.offsets.last ?? 0) - ($1.offsets.first ?? 0)) })
    for part in parts { bytes += part.bytes[Int(part.offsets.first ?? 0)..<Int(part.offsets.last ?? 0)] }
    return BytesColumn(offsets: joinedOffsets(parts.map(\.offsets)), bytes: bytes, validity: joinedValidity(columns))
}

/// Runs of ascending offsets, each moved to where the one before it ends.
private func joinedOffsets(_ parts: [[Int32]]) -> [Int32] {
    checkOffset(parts.reduce(0) { $0 + Int($1.last ?? 0) - Int($1.first ?? 0) })
    let count = parts.reduce(0) { $0 + max(0, $1.count - 1) }
    return [Int32](unsafeUninitializedCapacity: count + 1) { result, initialized in
        result.initializeElement(at: 0, to: 0)
        var next = 1
        var end: Int32 = 0
        for part in parts {
            part.withUnsafeBufferPointer { part in
                guard let start = part.first, let last = part.last else { return }
                let shift = end &- start
                for index in 1..<max(1, part.count) {
                    result.initializeElement(at: next, to: part[index] &+ shift)
                    next += 1
                }
                end = last &+ shift
            }
        }
        initialized = next
    }
}
