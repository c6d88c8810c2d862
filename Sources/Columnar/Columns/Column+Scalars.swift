import Time

extension Column {
    /// A column of `type` from single values. A value of another type is stored as null, but whole numbers widen to
    /// `float64`.
    public init(_ type: DataType, _ values: [Scalar]) {
        var validity = Bitmap(repeating: false, count: 0)
        func finished() -> Bitmap? { validity.isAllSet ? nil : validity }
        func fixed<T>(_ zero: T, _ get: (Scalar) -> T?) -> FixedColumn<T> {
            var result: [T] = []
            for value in values {
                let element = get(value)
                validity.append(element != nil)
                result.append(element ?? zero)
            }
            return FixedColumn(values: result, validity: finished())
        }
        func text(_ get: (Scalar) -> [UInt8]?) -> BytesColumn {
            var column = BytesColumn()
            for value in values {
                let element = get(value)
                validity.append(element != nil)
                column.bytes += element ?? []
                column.offsets.append(Int32(column.bytes.count))
            }
            column.validity = finished()
            return column
        }
        switch type {
        case .null: self = .null(count: values.count)
        case .boolean:
            let column = fixed(false) { if case .boolean(let value) = $0 { value } else { nil } }
            self = .boolean(BooleanColumn(values: Bitmap(column.values), validity: column.validity))
        case .int64: self = .int64(fixed(0) { if case .int64(let value) = $0 { value } else { nil } })
        case .float64:
            self = .float64(
                fixed(0) {
                    switch $0 {
                    case .float64(let value): value
                    case .int64(let value): Double(value)
                    default: nil
                    }
                })
        case .string: self = .string(text { if case .string(let value) = $0 { Array(value.utf8) } else { nil } })
        case .bytes: self = .bytes(text { if case .bytes(let value) = $0 { value } else { nil } })
        case .timestamp:
            self = .timestamp(fixed(0) { if case .timestamp(let value) = $0 { value.micros } else { nil } })
        case .list(let element):
            var offsets: [Int32] = [0]
            var elements: [Scalar] = []
            for value in values {
                if case .list(let list) = value {
                    validity.append(true)
                    elements += list
                } else {
                    validity.append(false)
                }
                offsets.append(Int32(elements.count))
            }
            self = .list(ListColumn(offsets: offsets, element: Column(element, elements), validity: finished()))
        case .map(let value): self = Column(.entries(of: value), values).asMap
        case .structure(let fields):
            var children = fields.map { _ in [Scalar]() }
            for value in values {
                if case .structure(let members) = value, members.count == fields.count {
                    validity.append(true)
                    for (index, member) in members.enumerated() { children[index].append(member) }
                } else {
                    validity.append(false)
                    for index in children.indices { children[index].append(.null) }
                }
            }
            self = .structure(
                StructColumn(
                    fields: fields, children: zip(fields, children).map { Column($0.type, $1) }, count: values.count,
                    validity: finished()))
        }
    }
}
