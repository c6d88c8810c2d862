/// Writing keys, a column at a time: first how long every row gets, then every column's part of every row.
extension KeyEncoder {
    static func encoded(_ columns: [Column], count: Int) -> BytesColumn {
        let parts = columns.map { KeyPart($0) }
        var offsets = [Int32](repeating: 0, count: count + 1)
        var total = 0
        offsets.withUnsafeMutableBufferPointer { offsets in
            for part in parts { part.addLengths(to: UnsafeMutableBufferPointer(rebasing: offsets[1...])) }
            for index in 1..<max(1, count + 1) {
                total += Int(offsets[index])
                offsets[index] = Int32(truncatingIfNeeded: total)
            }
        }
        checkOffset(total)
        let bytes = [UInt8](unsafeUninitializedCapacity: total) { target, initialized in
            var cursors = offsets
            cursors.withUnsafeMutableBufferPointer { cursors in
                guard let base = target.baseAddress else { return }
                for part in parts { part.write(base, UnsafeMutableBufferPointer(rebasing: cursors[..<count])) }
            }
            initialized = total
        }
        return BytesColumn(offsets: offsets, bytes: bytes)
    }
}

/// One column of keys, ready to be written.
private enum KeyPart {
    case null
    case boolean(Bitmap, Bitmap?)
    /// Words whose bytes, most significant first, compare as the values do.
    case words([UInt64], Bitmap?)
    case text(BytesColumn)
    /// The elements as keys of their own.
    case list([Int32], BytesColumn, Bitmap?)
    /// The fields of each row as a key of its own.
    case row(BytesColumn, Bitmap?)

    init(_ column: Column) {
        switch column {
        case .null: self = .null
        case .boolean(let column): self = .boolean(column.values, column.validity)
        case .int64(let column), .timestamp(let column):
            self = .words(column.values.map { UInt64(bitPattern: $0) ^ 1 << 63 }, column.validity)
        case .float64(let column):
            self = .words(
                column.values.map { value in
                    let bits = value.keyBits
                    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
                }, column.validity)
        case .string(let column), .bytes(let column): self = .text(column)
        case .list(let column):
            self = .list(
                column.offsets, KeyEncoder.encoded([column.element], count: column.element.count), column.validity)
        case .map(let column): self.init(.list(column.entries))
        case .structure(let column):
            self = .row(KeyEncoder.encoded(column.children, count: column.count), column.validity)
        }
    }

    private var validity: Bitmap? {
        switch self {
        case .null: nil
        case .boolean(_, let validity), .words(_, let validity), .list(_, _, let validity), .row(_, let validity):
            validity
        case .text(let column): column.validity
        }
    }

    func addLengths(to lengths: UnsafeMutableBufferPointer<Int32>) {
        let validity = validity
        @inline(__always) func add(_ length: (Int) -> Int32) {
            for index in 0..<lengths.count {
                let isNull = validity.map { !$0[index] } ?? false
                lengths[index] &+= isNull ? 1 : 1 &+ length(index)
            }
        }
        switch self {
        case .null: add { _ in 0 }
        case .boolean: add { _ in 1 }
        case .words: add { _ in 8 }
        case .text(let column):
            column.bytes.withUnsafeBufferPointer { bytes in
                column.offsets.withUnsafeBufferPointer { offsets in
                    add { index in
                        var length = offsets[index + 1] &- offsets[index] &+ 2
                        for position in Int(offsets[index])..<Int(offsets[index + 1]) where bytes[position] == 0 {
                            length &+= 1
                        }
                        return length
                    }
                }
            }
        case .list(let offsets, let elements, _):
            add { index in
                let (first, last) = (offsets[index], offsets[index + 1])
                return last &- first &+ elements.offsets[Int(last)] &- elements.offsets[Int(first)] &+ 1
            }
        case .row(let rows, _): add { rows.offsets[$0 + 1] &- rows.offsets[$0] }
        }
    }

    /// Writes each row's part at its cursor and moves the cursor behind it.
    func write(_ base: UnsafeMutablePointer<UInt8>, _ cursors: UnsafeMutableBufferPointer<Int32>) {
        let validity = validity
        @inline(__always) func put(_ value: (Int, UnsafeMutablePointer<UInt8>) -> Int) {
            for index in 0..<cursors.count {
                let target = base + Int(cursors[index])
                if let validity, !validity[index] {
                    target.pointee = 0
                    cursors[index] &+= 1
                } else {
                    target.pointee = 1
                    cursors[index] &+= 1 &+ Int32(truncatingIfNeeded: value(index, target + 1))
                }
            }
        }
        switch self {
        case .null:
            for index in 0..<cursors.count {
                base[Int(cursors[index])] = 0
                cursors[index] &+= 1
            }
        case .boolean(let values, _):
            put { index, target in
                target.pointee = values[index] ? 1 : 0
                return 1
            }
        case .words(let words, _):
            put { index, target in
                UnsafeMutableRawPointer(target).storeBytes(of: words[index].bigEndian, as: UInt64.self)
                return 8
            }
        case .text(let column):
            column.bytes.withUnsafeBufferPointer { bytes in
                put { index, target in
                    var next = target
                    for position in Int(column.offsets[index])..<Int(column.offsets[index + 1]) {
                        next.pointee = bytes[position]
                        next += 1
                        if bytes[position] == 0 {
                            next.pointee = 0xFF
                            next += 1
                        }
                    }
                    next.pointee = 0
                    next[1] = 1
                    return next + 2 - target
                }
            }
        case .list(let offsets, let elements, _):
            elements.bytes.withUnsafeBufferPointer { bytes in
                put { index, target in
                    var next = target
                    for element in Int(offsets[index])..<Int(offsets[index + 1]) {
                        next.pointee = 1
                        next = copy(bytes, elements, element, next + 1)
                    }
                    next.pointee = 0
                    return next + 1 - target
                }
            }
        case .row(let rows, _):
            rows.bytes.withUnsafeBufferPointer { bytes in put { copy(bytes, rows, $0, $1) - $1 } }
        }
    }

    private func copy(
        _ bytes: UnsafeBufferPointer<UInt8>, _ column: BytesColumn, _ index: Int, _ target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        let (start, end) = (Int(column.offsets[index]), Int(column.offsets[index + 1]))
        guard end > start, let source = bytes.baseAddress else { return target }
        target.update(from: source + start, count: end - start)
        return target + (end - start)
    }
}
