/// How large a grid or a terminal is, in cells.
public struct Size: Sendable, Hashable {
    /// From left to right.
    public var columns: Int
    /// From top to bottom.
    public var rows: Int

    /// Negative counts become 0.
    public init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }
}

/// A rectangle of cells; row 0 is the top, column 0 the left.
public struct Rect: Sendable, Hashable {
    /// The topmost row.
    public var row: Int
    /// The leftmost column.
    public var column: Int
    /// How large it is.
    public var size: Size

    /// Negative counts become 0.
    public init(row: Int, column: Int, columns: Int, rows: Int) {
        self.row = row
        self.column = column
        size = Size(columns: columns, rows: rows)
    }

    /// How many columns.
    public var columns: Int { size.columns }
    /// How many rows.
    public var rows: Int { size.rows }
    /// The first row below.
    public var endRow: Int { row + size.rows }
    /// The first column to the right.
    public var endColumn: Int { column + size.columns }
    /// Whether it holds no cell.
    public var isEmpty: Bool { size.columns == 0 || size.rows == 0 }

    /// Whether a place is inside.
    public func contains(row: Int, column: Int) -> Bool {
        row >= self.row && row < endRow && column >= self.column && column < endColumn
    }

    /// Without `amount` cells on each side.
    public func inset(by amount: Int = 1) -> Rect {
        Rect(row: row + amount, column: column + amount, columns: columns - 2 * amount, rows: rows - 2 * amount)
    }
}
