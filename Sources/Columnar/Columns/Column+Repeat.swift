extension Column {
    /// `count` nulls of `type`.
    public static func nulls(_ type: DataType, count: Int) -> Column {
        let validity = Bitmap(repeating: false, count: count)
        switch type {
        case .null: return .null(count: count)
        case .boolean: return .boolean(BooleanColumn(values: validity, validity: validity))
        case .int64: return .int64(FixedColumn(values: [Int64](repeating: 0, count: count), validity: validity))
        case .timestamp: return .timestamp(FixedColumn(values: [Int64](repeating: 0, count: count), validity: validity))
        case .float64: return .float64(FixedColumn(values: [Double](repeating: 0, count: count), validity: validity))
        case .string, .bytes:
            let column = BytesColumn(offsets: [Int32](repeating: 0, count: count + 1), validity: validity)
            return type == .string ? .string(column) : .bytes(column)
        case .list(let element):
            return .list(
                ListColumn(
                    offsets: [Int32](repeating: 0, count: count + 1), element: .nulls(element, count: 0),
                    validity: validity))
        case .map(let value): return nulls(.entries(of: value), count: count).asMap
        case .structure(let fields):
            return .structure(
                StructColumn(
                    fields: fields, children: fields.map { .nulls($0.type, count: count) }, count: count,
                    validity: validity))
        }
    }

    /// `value` `count` times, as a column of `type`.
    public static func repeating(_ value: Scalar, _ type: DataType, count: Int) -> Column {
        let one = Column(type, [value])
        if one.isNull(0) { return .nulls(type, count: count) }
        return one.take([Int32](repeating: 0, count: count))
    }
}
