extension CellGrid {
    /// Neighbouring cells of one row that differ.
    public struct Change: Sendable, Hashable {
        /// Counted from the top.
        public var row: Int
        /// Never empty.
        public var columns: Range<Int>
    }

    /// What must be drawn to turn a screen that shows `other` into this one; everything when the sizes differ.
    ///
    /// A change never begins or ends inside a wide character, neither the old one nor the new one.
    public func changes(from other: CellGrid?) -> [Change] {
        guard let other, other.size == size else {
            return columns == 0 ? [] : (0..<rows).map { Change(row: $0, columns: 0..<columns) }
        }
        var changes: [Change] = []
        cells.withUnsafeBufferPointer { new in
            other.cells.withUnsafeBufferPointer { old in
                for row in 0..<rows {
                    let base = row * columns
                    var column = 0
                    while column < columns {
                        guard new[base + column] != old[base + column] else {
                            column += 1
                            continue
                        }
                        var start = column
                        while start > 0, new[base + start].width == 0 || old[base + start].width == 0 { start -= 1 }
                        var end = column + 1
                        while end < columns,
                            new[base + end] != old[base + end] || new[base + end].width == 0
                                || old[base + end].width == 0
                        {
                            end += 1
                        }
                        changes.append(Change(row: row, columns: start..<end))
                        column = end
                    }
                }
            }
        }
        return changes
    }
}
