extension Column {
    /// The values at `indices`, in that order; an index may repeat. A negative index gives null.
    public func take(_ indices: [Int32]) -> Column {
        let validity = takenValidity(indices)
        switch self {
        case .null: return .null(count: indices.count)
        case .boolean(let column):
            return .boolean(BooleanColumn(values: column.values.take(indices), validity: validity))
        case .int64(let column): return .int64(FixedColumn(values: column.values.take(indices, 0), validity: validity))
        case .timestamp(let column):
            return .timestamp(FixedColumn(values: column.values.take(indices, 0), validity: validity))
        case .float64(let column):
            return .float64(FixedColumn(values: column.values.take(indices, 0), validity: validity))
        case .string(let column): return .string(column.take(indices, validity: validity))
        case .bytes(let column): return .bytes(column.take(indices, validity: validity))
        case .list(let column):
            var offsets: [Int32] = [0]
            offsets.reserveCapacity(indices.count + 1)
            var inner: [Int32] = []
            for index in indices {
                if index >= 0 { inner.append(contentsOf: column.offsets[Int(index)]..<column.offsets[Int(index) + 1]) }
                offsets.append(Int32(inner.count))
            }
            return .list(ListColumn(offsets: offsets, element: column.element.take(inner), validity: validity))
        case .structure(let column):
            return .structure(
                StructColumn(
                    fields: column.fields, children: column.children.map { $0.take(indices) }, count: indices.count,
                    validity: validity))
        }
    }

    private func takenValidity(_ indices: [Int32]) -> Bitmap? {
        let source = validity
        if source == nil, !indices.contains(where: { $0 < 0 }) { return nil }
        var result = Bitmap(repeating: true, count: indices.count)
        for (position, index) in indices.enumerated() where index < 0 || source.map({ !$0[Int(index)] }) == true {
            result[position] = false
        }
        return result.isAllSet ? nil : result
    }
}

extension Bitmap {
    func take(_ indices: [Int32]) -> Bitmap {
        var result = Bitmap(repeating: false, count: indices.count)
        for (position, index) in indices.enumerated() where index >= 0 && self[Int(index)] { result[position] = true }
        return result
    }
}

extension Array {
    fileprivate func take(_ indices: [Int32], _ zero: Element) -> [Element] {
        withUnsafeBufferPointer { source in indices.map { $0 < 0 ? zero : source[Int($0)] } }
    }
}

extension BytesColumn {
    fileprivate func take(_ indices: [Int32], validity: Bitmap?) -> BytesColumn {
        var result = BytesColumn(validity: validity)
        result.offsets.reserveCapacity(indices.count + 1)
        for index in indices {
            if index >= 0 { result.bytes += self[Int(index)] }
            result.offsets.append(Int32(result.bytes.count))
        }
        return result
    }
}
