/// A filled graph in braille: two readings a cell, four levels a row.
public enum BrailleGraph {
    /// Which way the columns grow.
    public enum Direction: Sendable { case up, down }

    /// The character with `left` and `right` of four dots filled in its halves.
    public static func character(left: Int, right: Int, _ direction: Direction = .up) -> Character {
        let (left, right) = (min(max(left, 0), 4), min(max(right, 0), 4))
        return (direction == .up ? upwards : downwards)[left * 5 + right]
    }

    /// How many of four dots a reading fills in a row.
    /// - Parameters:
    ///   - share: the reading as a share of the graph's height, 0–1.
    ///   - row: counted from where the columns grow.
    ///   - rows: the graph's height.
    static func level(_ share: Double, row: Int, rows: Int) -> Int {
        let dots = Int((min(max(share, 0), 1) * Double(rows * 4)).rounded())
        // What was measured is seen, however small: only what was not leaves a gap.
        return min(max(max(dots, 1) - row * 4, 0), 4)
    }

    private static let upwards = table(left: [0, 0x40, 0x44, 0x46, 0x47], right: [0, 0x80, 0xa0, 0xb0, 0xb8])
    private static let downwards = table(left: [0, 0x01, 0x03, 0x07, 0x47], right: [0, 0x08, 0x18, 0x38, 0xb8])

    private static func table(left: [UInt32], right: [UInt32]) -> [Character] {
        left.flatMap { left in
            right.map { right in Unicode.Scalar(0x2800 + (left | right)).map(Character.init) ?? " " }
        }
    }
}

extension CellGrid {
    /// Draws readings as a filled graph, newest at the right edge; nil and not-a-number leave a gap.
    /// - Parameters:
    ///   - values: oldest first; the last `2 × columns` are shown.
    ///   - maximum: the value that reaches the top; not positive draws the least that can be seen.
    ///   - colors: by height: 0 % where the columns start, 100 % where they end.
    public mutating func drawGraph(
        _ values: [Double?], in rect: Rect, maximum: Double, colors: Gradient, direction: BrailleGraph.Direction = .up
    ) {
        guard !rect.isEmpty else { return }
        let places = rect.columns * 2
        let shown = values.suffix(places)
        var shares = [Double?](repeating: nil, count: places - shown.count)
        for value in shown {
            guard let value, !value.isNaN else {
                shares.append(nil)
                continue
            }
            shares.append(maximum > 0 ? value / maximum : 0)
        }
        for step in 0..<rect.rows {
            let row = direction == .up ? rect.endRow - 1 - step : rect.row + step
            let height = rect.rows == 1 ? nil : Double(step) * 100 / Double(rect.rows - 1)
            for column in 0..<rect.columns {
                let (first, second) = (shares[column * 2], shares[column * 2 + 1])
                let left = first.map { BrailleGraph.level($0, row: step, rows: rect.rows) } ?? 0
                let right = second.map { BrailleGraph.level($0, row: step, rows: rect.rows) } ?? 0
                guard left > 0 || right > 0 else { continue }
                // One row has no height to colour by: each cell takes the colour of its own value.
                let percent = height ?? max(first ?? 0, second ?? 0) * 100
                put(
                    BrailleGraph.character(left: left, right: right, direction), row: row, column: rect.column + column,
                    style: Style(colors[percent]))
            }
        }
    }

    /// Draws one bar made of parts, each in its colour; every part that is not nothing gets at least one cell if there is
    /// room. The rest of the bar is drawn in the style of the groove.
    /// - Parameter parts: how much, drawn with which sign, in which colour.
    public mutating func drawStack(
        _ parts: [(amount: Int, sign: Character, color: Color)], row: Int, column: Int, width: Int, groove: Style
    ) {
        guard width > 0 else { return }
        var place = column
        for (part, cells) in zip(parts, Self.stackCells(parts.map(\.amount), width: width)) {
            for _ in 0..<cells {
                put(part.sign, row: row, column: place, style: Style(part.color))
                place += 1
            }
        }
        while place < column + width {
            put("·", row: row, column: place, style: groove)
            place += 1
        }
    }

    /// How many of `width` cells each amount takes: 0 for none, else at least 1 while cells last, together at most `width`.
    static func stackCells(_ amounts: [Int], width: Int) -> [Int] {
        let total = amounts.reduce(0.0) { $0 + Double(max(0, $1)) }
        guard total > 0, width > 0 else { return amounts.map { _ in 0 } }
        // Few things are drawn one a cell, so that a single task does not look like a full queue.
        let scale = min(1, Double(width) / total)
        var cells = amounts.map { $0 > 0 ? max(1, Int((Double($0) * scale).rounded())) : 0 }
        while cells.reduce(0, +) > width {
            // The longest part gives way; among equals the one that stands for least.
            let longest = cells.indices.max { (cells[$0], -max(0, amounts[$0])) < (cells[$1], -max(0, amounts[$1])) }
            guard let longest, cells[longest] > 0 else { break }
            cells[longest] -= 1
        }
        return cells
    }
}
