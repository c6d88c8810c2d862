/// A screenful of cells.
public struct CellGrid: Sendable, Hashable {
    /// How large it is.
    public let size: Size
    /// Row by row.
    @usableFromInline internal var cells: [Cell]

    /// A grid of equal cells.
    public init(size: Size, fill: Cell = .blank) {
        self.size = size
        cells = Array(repeating: fill, count: size.columns * size.rows)
    }

    /// How many columns.
    public var columns: Int { size.columns }
    /// How many rows.
    public var rows: Int { size.rows }
    /// The whole of it.
    public var bounds: Rect { Rect(row: 0, column: 0, columns: columns, rows: rows) }

    /// The cell at a place that must be inside; `cell(row:column:)` is for places that may not be.
    public subscript(row: Int, column: Int) -> Cell {
        get { cells[row * size.columns + column] }
        set { cells[row * size.columns + column] = newValue }
    }

    /// Whether a place is inside.
    public func contains(row: Int, column: Int) -> Bool {
        row >= 0 && row < size.rows && column >= 0 && column < size.columns
    }

    /// The cell at a place; nil outside.
    public func cell(row: Int, column: Int) -> Cell? {
        contains(row: row, column: column) ? self[row, column] : nil
    }

    /// One row.
    public func row(_ row: Int) -> ArraySlice<Cell> { cells[row * size.columns..<(row + 1) * size.columns] }

    /// The characters, a line a row, without blanks at the end: what tests compare and a person copies.
    public var text: String {
        (0..<size.rows).map { row -> String in
            var line = String(self.row(row).lazy.filter { $0.width > 0 }.map(\.character))
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
