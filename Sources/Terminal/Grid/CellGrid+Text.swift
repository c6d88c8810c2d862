extension CellGrid {
    /// Writes text from a place to the right, clipped to `width` columns and to the grid.
    ///
    /// A wide character that does not fit whole is left out. Control characters are drawn as `�`: no name from outside
    /// reaches the terminal as an escape sequence.
    /// - Returns: the columns used.
    @discardableResult
    public mutating func draw(_ text: String, row: Int, column: Int, width: Int = .max, style: Style) -> Int {
        guard row >= 0, row < rows else { return 0 }
        let end = min(columns, width == .max ? columns : column + max(0, width))
        var place = column
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
        if isPlain {
            for byte in text.utf8 {
                if place >= end { break }
                if place >= 0 { put(Self.ascii[Int(byte)], 1, row, place, style) }
                place += 1
            }
        } else {
            for character in text {
                let measured = CharacterWidth.of(character)
                let width = measured ?? 1
                if width == 0 { continue }
                if place + width > end { break }
                if place >= 0 { put(measured == nil ? "\u{fffd}" : character, UInt8(width), row, place, style) }
                place += width
            }
        }
        return place - column
    }

    /// Writes text within exactly `width` columns: cut with `…` where it is longer, aligned where it is shorter.
    public mutating func draw(
        _ text: String, row: Int, column: Int, field width: Int, alignment: Alignment = .left, cut: Cut = .tail,
        style: Style
    ) {
        guard width > 0 else { return }
        let shown = text.cut(to: width, cut)
        let left = alignment == .left ? 0 : (width - CharacterWidth.of(shown)) / (alignment == .center ? 2 : 1)
        draw(shown, row: row, column: column + left, width: width - left, style: style)
    }

    /// Fills a rectangle, clipped to the grid, with one character of one column.
    public mutating func fill(_ rect: Rect, with character: Character = " ", style: Style) {
        for row in max(0, rect.row)..<max(0, rect.row, min(rows, rect.endRow)) {
            for column in max(0, rect.column)..<max(0, rect.column, min(columns, rect.endColumn)) {
                put(character, 1, row, column, style)
            }
        }
    }

    /// Changes the style of what stands in a rectangle; a nil background keeps each cell's.
    public mutating func restyle(_ rect: Rect, _ change: (inout Cell) -> Void) {
        for row in max(0, rect.row)..<max(0, rect.row, min(rows, rect.endRow)) {
            for column in max(0, rect.column)..<max(0, rect.column, min(columns, rect.endColumn)) {
                change(&self[row, column])
            }
        }
    }

    /// Draws one character; does nothing outside the grid.
    public mutating func put(_ character: Character, row: Int, column: Int, style: Style) {
        guard contains(row: row, column: column) else { return }
        put(character, 1, row, column, style)
    }

    private mutating func put(_ character: Character, _ width: UInt8, _ row: Int, _ column: Int, _ style: Style) {
        let index = row * columns + column
        // Half of a wide character that stood here would be left over.
        if cells[index].width != 1 { clearHalves(index, column) }
        let background = style.background ?? cells[index].background
        cells[index] = Cell(
            character, width: width, foreground: style.foreground, background: background, attributes: style.attributes)
        guard width == 2, column + 1 < columns else { return }
        if cells[index + 1].width == 2 { clearHalves(index + 1, column + 1) }
        cells[index + 1] = Cell(
            " ", width: 0, foreground: style.foreground, background: background, attributes: style.attributes)
    }

    private mutating func clearHalves(_ index: Int, _ column: Int) {
        func clear(_ index: Int) {
            cells[index].character = " "
            cells[index].width = 1
        }
        if cells[index].width == 0, column > 0 { clear(index - 1) }
        if cells[index].width == 2, column + 1 < columns { clear(index + 1) }
        clear(index)
    }

    private static let ascii: [Character] = (0..<127).map { Character(Unicode.Scalar(UInt8($0))) }
}

/// Where text stands in a field that is wider.
public enum Alignment: Sendable { case left, right, center }

/// Where text that is too long is cut.
public enum Cut: Sendable { case head, middle, tail }

extension String {
    /// The text in at most `width` columns, an `…` in the place of what was cut.
    public func cut(to width: Int, _ cut: Cut = .tail) -> String {
        guard CharacterWidth.of(self) > width else { return self }
        guard width > 1 else { return width == 1 ? "…" : "" }
        let room = width - 1
        switch cut {
        case .tail: return prefix(columns: room) + "…"
        case .head: return "…" + suffix(columns: room)
        case .middle: return prefix(columns: room - room / 2) + "…" + suffix(columns: room / 2)
        }
    }

    private func prefix(columns: Int) -> String {
        var used = 0
        return String(
            prefix {
                used += CharacterWidth.of($0) ?? 1; return used <= columns
            })
    }

    private func suffix(columns: Int) -> String { String(String(reversed()).prefix(columns: columns).reversed()) }
}
