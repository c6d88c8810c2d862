extension CellGrid {
    /// Draws a frame with round corners along the inside edge of a rectangle; less than two cells a side is nothing.
    public mutating func drawBox(_ rect: Rect, style: Style) {
        guard rect.columns >= 2, rect.rows >= 2 else { return }
        let (top, bottom, left, right) = (rect.row, rect.endRow - 1, rect.column, rect.endColumn - 1)
        drawLine(row: top, from: left + 1, to: right, style: style)
        drawLine(row: bottom, from: left + 1, to: right, style: style)
        for row in top + 1..<max(top + 1, bottom) {
            put("│", row: row, column: left, style: style)
            put("│", row: row, column: right, style: style)
        }
        put("╭", row: top, column: left, style: style)
        put("╮", row: top, column: right, style: style)
        put("╰", row: bottom, column: left, style: style)
        put("╯", row: bottom, column: right, style: style)
    }

    /// Draws a line from one column up to, not including, another.
    public mutating func drawLine(row: Int, from start: Int, to end: Int, style: Style) {
        for column in start..<max(start, end) { put("─", row: row, column: column, style: style) }
    }

    /// Draws an upright line that joins a box's top and bottom.
    public mutating func drawDivider(column: Int, top: Int, bottom: Int, style: Style) {
        guard bottom > top else { return }
        put("┬", row: top, column: column, style: style)
        for row in top + 1..<bottom { put("│", row: row, column: column, style: style) }
        put("┴", row: bottom, column: column, style: style)
    }
}
