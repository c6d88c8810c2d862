extension Column {
    /// The values of `range`, copied in bulk.
    public func slice(_ range: Range<Int>) -> Column {
        if range == 0..<count { return self }
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "values \(range) of \(count)")
        if case .null = self { return .null(count: range.count) }
        let sliced = validity?.slice(range)
        let validity = sliced?.isAllSet == true ? nil : sliced
        switch self {
        case .null(let count): return .null(count: count)
        case .boolean(let column):
            return .boolean(BooleanColumn(values: column.values.slice(range), validity: validity))
        case .int64(let column): return .int64(FixedColumn(values: Array(column.values[range]), validity: validity))
        case .timestamp(let column):
            return .timestamp(FixedColumn(values: Array(column.values[range]), validity: validity))
        case .float64(let column): return .float64(FixedColumn(values: Array(column.values[range]), validity: validity))
        case .string(let column): return .string(column.slice(range, validity: validity))
        case .bytes(let column): return .bytes(column.slice(range, validity: validity))
        case .list(let column):
            let inner = Int(column.offsets[range.lowerBound])..<Int(column.offsets[range.upperBound])
            return .list(
                ListColumn(
                    offsets: slicedOffsets(column.offsets, range), element: column.element.slice(inner),
                    validity: validity))
        case .map: return mapped { $0.slice(range) }
        case .structure(let column):
            return .structure(
                StructColumn(
                    fields: column.fields, children: column.children.map { $0.slice(range) }, count: range.count,
                    validity: validity))
        }
    }
}

extension BytesColumn {
    fileprivate func slice(_ range: Range<Int>, validity: Bitmap?) -> BytesColumn {
        let inner = Int(offsets[range.lowerBound])..<Int(offsets[range.upperBound])
        return BytesColumn(offsets: slicedOffsets(offsets, range), bytes: Array(bytes[inner]), validity: validity)
    }
}

private func slicedOffsets(_ offsets: [Int32], _ range: Range<Int>) -> [Int32] {
    let start = offsets[range.lowerBound]
    return offsets[range.lowerBound...range.upperBound].map { $0 &- start }
}
