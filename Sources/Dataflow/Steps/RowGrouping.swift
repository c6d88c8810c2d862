import Columnar

/// Rows grouped by equal values: the distinct keys of a batch.
struct RowGrouping: Sendable {
    /// For each row, the group that it is in.
    var groupOfRow: [Int32] = []
    /// For each group, its first row: groups are numbered in the order of their first rows.
    var firstRows: [Int32] = []
    /// For each group, its key in stored form.
    var keys: [[UInt8]] = []

    init(_ columns: [Column], count: Int) {
        var groups: [[UInt8]: Int32] = [:]
        for row in 0..<count {
            var writer = ByteWriter()
            for column in columns { writer.write(column[row]) }
            let key = writer.bytes
            if let group = groups[key] {
                groupOfRow.append(group)
            } else {
                groups[key] = Int32(keys.count)
                groupOfRow.append(Int32(keys.count))
                firstRows.append(Int32(row))
                keys.append(key)
            }
        }
    }
}
