import Terminal

/// A column of a panel's table.
struct Column {
    let caption: String
    let minimum: Int
    /// As wide as it likes to be.
    let ideal: Int
    let alignment: Alignment
    /// Columns of higher numbers go first where there is no room; 0 stays.
    let priority: Int
    /// Whether it takes what is left over.
    let stretches: Bool
    let cut: Cut

    init(
        _ caption: String, _ minimum: Int, ideal: Int? = nil, alignment: Alignment = .right, priority: Int,
        stretches: Bool = false, cut: Cut = .tail
    ) {
        self.caption = caption
        self.minimum = minimum
        self.ideal = max(minimum, ideal ?? minimum)
        self.alignment = alignment
        self.priority = priority
        self.stretches = stretches
        self.cut = cut
    }

    /// The first priority that is given up before a name is cut.
    static let firstExtra = 5

    /// The first column of a panel: what the rows are called.
    static func name(longest: Int, atLeast minimum: Int, cut: Cut = .tail) -> Column {
        Column("", min(max(longest, 11), minimum), ideal: min(longest, 48), alignment: .left, priority: 0, cut: cut)
    }
}

/// What stands in a field of a table.
enum Field {
    case text(String, Look.Tone)
    /// A figure in a colour by how great it is, 0–100.
    case graded(String, ThemeGradient, percent: Double)
    /// A line of readings, and the value at its top.
    case trend([Double?], maximum: Double)
    /// A bar of parts: how much, its sign where there is no colour, and its colour.
    case stack([StackPart])
    /// Means nothing for this row.
    case blank
}

/// A part of a bar.
struct StackPart {
    let amount: Int
    /// What draws it where there is no colour.
    let sign: Character
    let color: Color

    init(_ amount: Int, _ sign: Character, _ color: Color) {
        self.amount = amount
        self.sign = sign
        self.color = color
    }
}

/// A row of a table.
struct TableRow {
    var lamp = Lamp.none
    /// Columns that the name stands in.
    var indent = 0
    var fields: [Field]
    /// Instead of fields: pieces of text over the whole row.
    var sentence: [(text: String, tone: Look.Tone)] = []

    var nameWidth: Int {
        if case .text(let text, _) = fields.first { return indent + CharacterWidth.of(text) }
        return 0
    }
}

/// The sign before a row: how it fares, by shape as well as by colour.
enum Lamp {
    case none, good, paused, warning, bad, idle

    var sign: (text: String, tone: Look.Tone) {
        switch self {
        case .none: (" ", .text)
        case .good: ("●", .good)
        case .paused: ("‖", .warning)
        case .warning: ("▲", .warning)
        case .bad: ("✖", .bad)
        case .idle: ("○", .dim)
        }
    }
}

/// Which columns of a table are shown, and where.
struct ColumnFit {
    struct Place: Hashable {
        let column: Int
        let start: Int
        let width: Int
    }

    let places: [Place]

    /// Fits columns into a width: the foremost their minimum, the name its ideal, then the others, then ideals, then gaps.
    init(_ columns: [Column], width: Int) {
        let order = columns.indices.sorted { (columns[$0].priority, $0) < (columns[$1].priority, $1) }
        var widths: [Int: Int] = [:]
        var used = -1
        func grow(_ index: Int) {
            guard let have = widths[index] else { return }
            let more = min(max(0, width - used), columns[index].ideal - have)
            widths[index] = have + more
            used += more
        }
        for index in order {
            // A whole name is worth more than what is only nice to have.
            if columns[index].priority == Column.firstExtra { order.first.map(grow) }
            guard used + 1 + columns[index].minimum <= width || widths.isEmpty else { break }
            widths[index] = columns[index].minimum
            used += 1 + columns[index].minimum
        }
        order.forEach(grow)
        let shown = columns.indices.filter { widths[$0] != nil }
        var gap = 1
        if let stretching = shown.first(where: { columns[$0].stretches }) {
            widths[stretching, default: 0] += max(0, width - used)
        } else if shown.count > 1 {
            gap += min(3, max(0, width - used) / (shown.count - 1))
        }
        var start = 0
        places = shown.map { index in
            let width = min(widths[index] ?? 0, max(0, width - start))
            defer { start += width + gap }
            return Place(column: index, start: start, width: width)
        }
    }
}

extension Renderer {
    /// Columns that the lamp before a row takes.
    static func lampWidth(_ panel: Panel) -> Int { panel == .log ? 0 : 2 }

    mutating func drawRow(_ row: TableRow, _ columns: [Column], _ fit: ColumnFit, in line: Rect, lampWidth: Int) {
        if lampWidth > 0 {
            let lamp = row.lamp.sign
            grid.draw(lamp.text, row: line.row, column: line.column, style: look.style(lamp.tone))
        }
        let left = line.column + lampWidth
        if !row.sentence.isEmpty {
            drawSentence(
                row.sentence, row: line.row, column: left + row.indent, width: line.columns - lampWidth - row.indent)
            return
        }
        for shown in fit.places where shown.column < row.fields.count {
            let indent = shown.column == 0 ? row.indent : 0
            let (start, width) = (left + shown.start + indent, shown.width - indent)
            switch row.fields[shown.column] {
            case .text(let text, let tone):
                grid.draw(
                    text, row: line.row, column: start, field: width, alignment: columns[shown.column].alignment,
                    cut: columns[shown.column].cut, style: look.style(tone))
            case .graded(let text, let gradient, let percent):
                grid.draw(
                    text, row: line.row, column: start, field: width, alignment: columns[shown.column].alignment,
                    style: Style(look.gradient(gradient)[percent]))
            case .trend(let values, let maximum):
                let rect = Rect(row: line.row, column: start, columns: width, rows: 1)
                grid.drawGraph(values, in: rect, maximum: maximum, colors: look.gradient(.cpu))
            case .stack(let parts):
                let drawn = parts.map {
                    (amount: $0.amount, sign: look.isMono ? $0.sign : Character("■"), color: $0.color)
                }
                grid.drawStack(
                    drawn, row: line.row, column: start, width: width, groove: Style(look.color(.meterBackground)))
            case .blank: break
            }
        }
    }

    /// Draws pieces of text one after the other, leaving out what does not fit whole, except the first.
    mutating func drawSentence(_ pieces: [(text: String, tone: Look.Tone)], row: Int, column: Int, width: Int) {
        var used = 0
        for (index, piece) in pieces.enumerated() {
            let needed = CharacterWidth.of(piece.text)
            if used + needed > width {
                if index == 0 || (index == 1 && width - used > 4) {
                    grid.draw(
                        piece.text, row: row, column: column + used, field: width - used, style: look.style(piece.tone))
                }
                return
            }
            grid.draw(piece.text, row: row, column: column + used, style: look.style(piece.tone))
            used += needed + 2
        }
    }
}
