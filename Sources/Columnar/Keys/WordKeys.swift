/// Distinct keys whose values are a word each: a word a column, then one with a bit for each null.
struct WordKeys: Sendable {
    var slots = HashSlots()
    private let stride: Int
    /// `stride` words for each key.
    private var words: [UInt64] = []

    /// As many as the word of nulls has bits.
    static let columnLimit = 64

    init(columns: Int) { stride = columns + 1 }

    /// The words of rows of `columns`, row after row.
    static func words(_ columns: [Column], _ rows: Int) -> [UInt64] {
        let stride = columns.count + 1
        var words = [UInt64](repeating: 0, count: rows * stride)
        words.withUnsafeMutableBufferPointer { words in
            for (position, column) in columns.enumerated() {
                precondition(column.count == rows, "a column of \(column.count) values for \(rows) rows")
                func put(_ word: (Int) -> UInt64) {
                    for row in 0..<rows { words[row &* stride &+ position] = word(row) }
                }
                switch column {
                case .boolean(let column): put { column.values[$0] ? 1 : 0 }
                case .int64(let column), .timestamp(let column):
                    column.values.withUnsafeBufferPointer { values in put { UInt64(bitPattern: values[$0]) } }
                case .float64(let column):
                    column.values.withUnsafeBufferPointer { values in put { values[$0].keyBits } }
                case .null, .string, .bytes, .list, .map, .structure: break
                }
                guard let validity = column.validity else { continue }
                for row in 0..<rows where !validity[row] {
                    words[row &* stride &+ position] = 0
                    words[row &* stride &+ stride &- 1] |= 1 << UInt64(truncatingIfNeeded: position)
                }
            }
        }
        return words
    }

    mutating func insert(_ rows: [UInt64], _ hashes: [UInt64]) -> [Int32] {
        var keys = words
        words = []
        defer { words = keys }
        let stride = stride
        return rows.withUnsafeBufferPointer { rows in
            slots.insert(hashes) { row, number in
                keys.withUnsafeBufferPointer { WordKeys.isSame($0, number, rows, row, stride) }
            } add: { row in
                keys.append(contentsOf: rows[row &* stride..<row &* stride &+ stride])
            }
        }
    }

    func find(_ rows: [UInt64], _ hashes: [UInt64]) -> [Int32] {
        rows.withUnsafeBufferPointer { rows in
            words.withUnsafeBufferPointer { keys in
                slots.find(hashes) { row, number in WordKeys.isSame(keys, number, rows, row, stride) }
            }
        }
    }

    @inline(__always)
    private static func isSame(
        _ keys: UnsafeBufferPointer<UInt64>, _ number: Int, _ rows: UnsafeBufferPointer<UInt64>, _ row: Int,
        _ stride: Int
    ) -> Bool {
        for offset in 0..<stride where keys[number &* stride &+ offset] != rows[row &* stride &+ offset] {
            return false
        }
        return true
    }

    /// The keys as columns of `types`.
    func columns(_ types: [DataType]) -> [Column] {
        types.enumerated().map { position, type in
            let values = (0..<slots.count).map { words[$0 * stride + position] }
            let valid = Bitmap(count: slots.count) { words[$0 * stride + stride - 1] >> UInt64(position) & 1 == 0 }
            let validity = valid.isAllSet ? nil : valid
            switch type {
            case .boolean:
                return .boolean(BooleanColumn(values: Bitmap(values.map { $0 == 1 }), validity: validity))
            case .int64: return .int64(FixedColumn(values: values.map { Int64(bitPattern: $0) }, validity: validity))
            case .timestamp:
                return .timestamp(FixedColumn(values: values.map { Int64(bitPattern: $0) }, validity: validity))
            case .float64:
                return .float64(FixedColumn(values: values.map { Double(bitPattern: $0) }, validity: validity))
            default: return .nulls(type, count: slots.count)
            }
        }
    }
}
