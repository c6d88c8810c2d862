/// Distinct keys as the bytes that `KeyEncoder` writes.
struct ByteKeys: Sendable {
    var slots = HashSlots()
    private var keys = BytesColumn()

    static func bytes(_ columns: [Column], _ rows: Int) -> BytesColumn {
        for column in columns {
            precondition(column.count == rows, "a column of \(column.count) values for \(rows) rows")
        }
        return KeyEncoder.encoded(columns, count: rows)
    }

    mutating func insert(_ rows: BytesColumn) -> [Int32] {
        var known = keys
        keys = BytesColumn()
        defer { keys = known }
        let hashes = ByteKeys.hashes(rows)
        return rows.bytes.withUnsafeBufferPointer { bytes in
            rows.offsets.withUnsafeBufferPointer { offsets in
                slots.insert(hashes) { row, number in
                    known.bytes.withUnsafeBufferPointer { keyBytes in
                        known.offsets.withUnsafeBufferPointer { keyOffsets in
                            ByteKeys.isSame(keyBytes, keyOffsets, number, bytes, offsets, row)
                        }
                    }
                } add: { row in
                    known.bytes.append(contentsOf: bytes[Int(offsets[row])..<Int(offsets[row + 1])])
                    checkOffset(known.bytes.count)
                    known.offsets.append(Int32(truncatingIfNeeded: known.bytes.count))
                }
            }
        }
    }

    func find(_ rows: BytesColumn) -> [Int32] {
        let hashes = ByteKeys.hashes(rows)
        return rows.bytes.withUnsafeBufferPointer { bytes in
            rows.offsets.withUnsafeBufferPointer { offsets in
                keys.bytes.withUnsafeBufferPointer { keyBytes in
                    keys.offsets.withUnsafeBufferPointer { keyOffsets in
                        slots.find(hashes) { ByteKeys.isSame(keyBytes, keyOffsets, $1, bytes, offsets, $0) }
                    }
                }
            }
        }
    }

    private static func hashes(_ rows: BytesColumn) -> [UInt64] {
        RowHash.hashes(of: [.bytes(rows)], count: rows.count)
    }

    @inline(__always)
    private static func isSame(
        _ keyBytes: UnsafeBufferPointer<UInt8>, _ keyOffsets: UnsafeBufferPointer<Int32>, _ number: Int,
        _ bytes: UnsafeBufferPointer<UInt8>, _ offsets: UnsafeBufferPointer<Int32>, _ row: Int
    ) -> Bool {
        let (keyStart, start) = (Int(keyOffsets[number]), Int(offsets[row]))
        let length = Int(offsets[row + 1]) &- start
        guard Int(keyOffsets[number + 1]) &- keyStart == length else { return false }
        for offset in 0..<length where keyBytes[keyStart &+ offset] != bytes[start &+ offset] { return false }
        return true
    }

    /// The keys as columns of `types`.
    func columns(_ types: [DataType]) -> [Column] {
        // These bytes are our own, so they decode.
        (try? KeyEncoder(types: types).decode(keys)) ?? types.map { .nulls($0, count: slots.count) }
    }
}
