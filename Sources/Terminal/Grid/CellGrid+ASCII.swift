extension CellGrid {
    /// The same with ASCII characters only, for terminals and fonts without box drawing and braille.
    public var inASCII: CellGrid {
        var grid = self
        for index in grid.cells.indices {
            let character = grid.cells[index].character
            if character.isASCII { continue }
            grid.cells[index].character = Self.ascii(for: character)
            // A wide character becomes one sign and a space.
            if grid.cells[index].width == 2 {
                grid.cells[index].width = 1
                if (index + 1) % columns != 0 { grid.cells[index + 1].width = 1 }
            }
        }
        return grid
    }

    /// What stands for a character in ASCII: by shape for lines, blocks, braille and signs, `?` for letters.
    static func ascii(for character: Character) -> Character {
        if let sign = signs[character] { return sign }
        guard let value = character.unicodeScalars.first?.value else { return " " }
        // Braille patterns, by the number of their dots.
        if (0x2800...0x28ff).contains(value) {
            switch (value - 0x2800).nonzeroBitCount {
            case 0: return " "
            case 1...2: return "."
            case 3...5: return ":"
            default: return "#"
            }
        }
        return "?"
    }

    private static let signs: [Character: Character] = [
        "─": "-", "│": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┬": "+", "┴": "+", "├": "+", "┤": "+", "┼": "+",
        "█": "#", "▓": "#", "▒": "=", "░": ".", "▁": "_", "▂": "_", "▃": ".", "▄": "-", "▅": "=", "▆": "=", "▇": "#",
        "▌": "|", "■": "#", "●": "*", "○": "o", "◌": "o", "‖": "=", "▲": "!", "▼": "v", "✖": "x", "✔": "v", "▶": ">",
        "»": ">", "…": "~", "—": "-", "–": "-", "·": ".", "µ": "u", "×": "x", "→": ">", "←": "<", "↑": "^", "↓": "v",
        "└": "`", "±": "~", "≥": ">", "≤": "<", "\u{fffd}": "?",
    ]
}
