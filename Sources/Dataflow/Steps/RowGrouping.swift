import Columnar

/// Rows grouped by equal values: the distinct keys of a batch.
struct RowGrouping: Sendable {
    /// For each row, the group that it is in.
    let groupOfRow: [Int32]
    /// For each group, its first row: groups are numbered in the order of their first rows.
    let firstRows: [Int32]

    init(_ columns: [Column], count: Int) {
        var index = GroupIndex(types: columns.map(\.type))
        groupOfRow = index.insert(columns, count: count)
        var firstRows: [Int32] = []
        firstRows.reserveCapacity(index.count)
        for (row, group) in groupOfRow.enumerated() where Int(group) == firstRows.count { firstRows.append(Int32(row)) }
        self.firstRows = firstRows
    }

    /// Each group's key in the form in which keys are stored: the first row's values of `columns`.
    func keys(_ columns: [Column]) -> BytesColumn {
        KeyEncoder(types: columns.map(\.type)).encode(columns.map { $0.take(firstRows) }, count: firstRows.count)
    }
}
