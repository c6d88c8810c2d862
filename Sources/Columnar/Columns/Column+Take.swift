extension Column {
    /// The values at `indices`, in that order; an index may repeat. A negative index gives null.
    public func take(_ indices: [Int32]) -> Column {
        let hasNegative = checkIndices(indices, below: count)
        let validity = takenValidity(indices, hasNegative)
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
            let (offsets, inner) = column.expanded(indices)
            return .list(ListColumn(offsets: offsets, element: column.element.take(inner), validity: validity))
        case .map: return mapped { $0.take(indices) }
        case .structure(let column):
            return .structure(
                StructColumn(
                    fields: column.fields, children: column.children.map { $0.take(indices) }, count: indices.count,
                    validity: validity))
        }
    }

    /// The values at the set bits of `mask`, which has as many bits as there are values.
    public func filter(_ mask: Bitmap) -> Column {
        precondition(mask.count == count, "a mask of \(mask.count) bits for \(count) values")
        return mask.isAllSet ? self : take(mask.setIndices)
    }

    private func takenValidity(_ indices: [Int32], _ hasNegative: Bool) -> Bitmap? {
        if case .null = self { return nil }
        let result: Bitmap
        if let validity {
            result = validity.take(indices)
        } else if hasNegative {
            result = Bitmap(count: indices.count) { indices[$0] >= 0 }
        } else {
            return nil
        }
        return result.isAllSet ? nil : result
    }
}

extension Array where Element: BitwiseCopyable {
    /// The elements at `indices`, which are below `count`; `zero` for a negative one.
    func take(_ indices: [Int32], _ zero: Element) -> [Element] {
        [Element](unsafeUninitializedCapacity: indices.count) { result, initialized in
            withUnsafeBufferPointer { source in
                indices.withUnsafeBufferPointer { indices in
                    for position in 0..<indices.count {
                        let index = Int(indices[position])
                        result.initializeElement(at: position, to: index < 0 ? zero : source[index])
                    }
                }
            }
            initialized = indices.count
        }
    }
}

extension BytesColumn {
    fileprivate func take(_ indices: [Int32], validity: Bitmap?) -> BytesColumn {
        var total = 0
        let taken = [Int32](unsafeUninitializedCapacity: indices.count + 1) { result, initialized in
            offsets.withUnsafeBufferPointer { offsets in
                indices.withUnsafeBufferPointer { indices in
                    result.initializeElement(at: 0, to: 0)
                    for position in 0..<indices.count {
                        let index = Int(indices[position])
                        if index >= 0 { total &+= Int(offsets[index &+ 1] &- offsets[index]) }
                        result.initializeElement(at: position + 1, to: Int32(truncatingIfNeeded: total))
                    }
                }
            }
            initialized = indices.count + 1
        }
        checkOffset(total)
        let copied = [UInt8](unsafeUninitializedCapacity: total) { result, initialized in
            var next = 0
            bytes.withUnsafeBufferPointer { bytes in
                offsets.withUnsafeBufferPointer { offsets in
                    for index in indices where index >= 0 {
                        let start = Int(offsets[Int(index)])
                        let length = Int(offsets[Int(index) + 1]) - start
                        result.copyBytes(bytes, from: start, to: next, count: length)
                        next += length
                    }
                }
            }
            initialized = total
        }
        return BytesColumn(offsets: taken, bytes: copied, validity: validity)
    }
}

extension ListColumn {
    /// The offsets of the lists at `indices`, and the positions of their elements.
    fileprivate func expanded(_ indices: [Int32]) -> (offsets: [Int32], inner: [Int32]) {
        var total = 0
        let taken = [Int32](unsafeUninitializedCapacity: indices.count + 1) { result, initialized in
            result.initializeElement(at: 0, to: 0)
            for (position, index) in indices.enumerated() {
                if index >= 0 { total += Int(offsets[Int(index) + 1] - offsets[Int(index)]) }
                result.initializeElement(at: position + 1, to: Int32(truncatingIfNeeded: total))
            }
            initialized = indices.count + 1
        }
        checkOffset(total)
        let inner = [Int32](unsafeUninitializedCapacity: total) { result, initialized in
            var next = 0
            for index in indices where index >= 0 {
                for position in offsets[Int(index)]..<offsets[Int(index) + 1] {
                    result.initializeElement(at: next, to: position)
                    next += 1
                }
            }
            initialized = total
        }
        return (taken, inner)
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    /// Copies `count` bytes of `source` into uninitialized or initialized memory here.
    @inline(__always)
    func copyBytes(_ source: UnsafeBufferPointer<UInt8>, from start: Int, to position: Int, count: Int) {
        guard count > 0, let target = baseAddress, let origin = source.baseAddress else { return }
        target.advanced(by: position).update(from: origin.advanced(by: start), count: count)
    }
}

/// Offsets are 32 bits wide: a column holds less than 2 GiB of text or 2³¹ list elements.
func checkOffset(_ total: Int) {
    precondition(
        total <= Int(Int32.max),
        "a column of \(total) bytes or elements: the limit is \(Int32.max); use smaller batches")
}
