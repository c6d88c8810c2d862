import Yams

/// The text of a file, to find places inside a scalar.
struct SourceText {
    private let lines: [[Unicode.Scalar]]
    /// What the text was made from.
    let origin: PlaceOrigin?

    init(_ text: String, origin: PlaceOrigin? = nil) {
        self.origin = origin
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    }

    /// Where the scalar's value has its `offset`th Unicode scalar.
    ///
    /// YAML folds and indents, but never touches what is no white space; so the place is found by counting that. In a
    /// double-quoted scalar with escapes the count does not hold, and the place is the scalar's.
    func place(of offset: Int, in scalar: Node.Scalar) -> Place {
        let start = Place(scalar.mark, origin)
        if scalar.style == .doubleQuoted, scalar.string.contains("\n") || rawLine(start.line).contains("\\") {
            return start
        }
        let value = Array(scalar.string.unicodeScalars)
        let skipped = value.prefix(offset).count { !Self.isSpace($0) }
        var (line, column) = (start.line - 1, start.column - 1)
        switch scalar.style {
        case .literal, .folded: (line, column) = (line + 1, 0)
        case .singleQuoted, .doubleQuoted: column += 1
        default: break
        }
        var left = skipped
        while line < lines.count {
            while column < lines[line].count {
                if !Self.isSpace(lines[line][column]) {
                    if left == 0 { return Place(line: line + 1, column: column + 1, origin: origin) }
                    left -= 1
                    if scalar.style == .singleQuoted, isQuotePair(line, column) { column += 1 }
                }
                column += 1
                // The end of the value is behind its last character.
                if left == 0, offset >= value.count { return Place(line: line + 1, column: column + 1, origin: origin) }
            }
            (line, column) = (line + 1, 0)
        }
        return start
    }

    private func rawLine(_ line: Int) -> [Unicode.Scalar] { lines.indices.contains(line - 1) ? lines[line - 1] : [] }

    private func isQuotePair(_ line: Int, _ column: Int) -> Bool {
        lines[line][column] == "'" && column + 1 < lines[line].count && lines[line][column + 1] == "'"
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
    }
}
