import Control
import Terminal

/// How the inside of a panel is parted.
struct PanelParts: Hashable {
    var table: Rect
    /// Beside the table.
    var aside: Rect?
    /// Below the table, under a dividing line.
    var below: Rect?
}

extension DashboardState {
    /// The parts of a panel's inside: a zoomed panel shows what there is to know of the selected row below its table, the
    /// pipelines their lag graphs, below where there is height, else beside.
    func parts(of panel: Panel, in rect: Rect) -> PanelParts {
        let inside = rect.inset()
        let rowCount = max(1, rows(of: panel).count)
        if panel == .pipelines {
            let hasRoomBelow = isZoomed ? inside.rows >= 14 : inside.columns >= 100 && inside.rows - rowCount >= 8
            if hasRoomBelow {
                return Self.stacked(inside, tableRows: min(rowCount, inside.rows * 3 / 5, inside.rows - 7))
            }
            guard inside.columns >= 70 else { return PanelParts(table: inside) }
            let graph = max(27, inside.columns * 3 / 10)
            let table = inside.columns - graph - 1
            return PanelParts(
                table: Rect(row: inside.row, column: inside.column, columns: table, rows: inside.rows),
                aside: Rect(row: inside.row, column: inside.column + table + 1, columns: graph, rows: inside.rows))
        }
        guard isZoomed, panel != .log, inside.rows >= 8, !rows(of: panel).isEmpty else {
            return PanelParts(table: inside)
        }
        // There is much to tell of a subscription.
        let share = panel == .topics && inside.rows < 32 ? 3 : 2
        return Self.stacked(inside, tableRows: min(rowCount, inside.rows / share))
    }

    private static func stacked(_ inside: Rect, tableRows: Int) -> PanelParts {
        PanelParts(
            table: Rect(row: inside.row, column: inside.column, columns: inside.columns, rows: tableRows),
            below: Rect(
                row: inside.row + tableRows + 1, column: inside.column, columns: inside.columns,
                rows: inside.rows - tableRows - 1))
    }

    /// How many rows of a panel's table are seen.
    func tableHeight(of panel: Panel, in rect: Rect) -> Int { parts(of: panel, in: rect).table.rows }
}

extension Renderer {
    mutating func drawPanel(_ panel: Panel, in rect: Rect) {
        let isFocused = panel == state.focus
        let frame = look.frame(panel, isFocused: isFocused)
        grid.drawBox(rect, style: frame)
        drawTitle(panel, in: rect)

        let parts = state.parts(of: panel, in: rect)
        let rows = state.rows(of: panel)
        let selected = state.selectedIndex(in: rows, of: panel)
        let top = DashboardState.scroll(selected: selected, count: rows.count, height: parts.table.rows)
        let visible = rows[top..<min(rows.count, top + parts.table.rows)]
        let tableRows = visible.map { tableRow($0, in: panel) }
        let columns = columns(of: panel, longestName: tableRows.map(\.nameWidth).max() ?? 0)
        let lampWidth = Self.lampWidth(panel)
        // Where there is room, figures keep off the frame.
        let margin = parts.table.columns >= 56 ? 1 : 0
        let fit = ColumnFit(columns, width: parts.table.columns - lampWidth - margin)
        drawCaptions(columns, fit, panel, row: rect.row, column: parts.table.column + lampWidth)

        if rows.isEmpty {
            drawEmpty(panel, in: parts.table)
        }
        for (index, row) in tableRows.enumerated() {
            let line = Rect(
                row: parts.table.row + index, column: parts.table.column, columns: parts.table.columns, rows: 1)
            drawRow(row, columns, fit, in: line, lampWidth: lampWidth)
            // The log's newest line is followed, not selected.
            if top + index == selected, isFocused, panel != .log || state.selection[.log] != nil {
                grid.restyle(line) { look.select(&$0) }
            }
        }
        if panel == .scheduler { drawHint(in: parts.table, after: tableRows.count) }
        drawExtras(panel, parts, frame: frame, in: rect)
        drawFootnote(panel, shown: (top, visible.count, rows.count), in: rect)
    }

    private mutating func drawTitle(_ panel: Panel, in rect: Rect) {
        var column = rect.column + 2
        column += grid.draw("\(panel.rawValue)", row: rect.row, column: column, style: look.style(.key))
        column += 1
        column += grid.draw(panel.title, row: rect.row, column: column, style: look.style(.title))
        if let filter = state.filters[panel] {
            let isTyping = if case .filter = state.mode { panel == state.focus } else { false }
            let text = " /\(filter)" + (isTyping ? "_" : "")
            grid.draw(
                text, row: rect.row, column: column, width: rect.endColumn - column - 2, style: look.style(.accent))
        } else if case .filter = state.mode, panel == state.focus {
            grid.draw(" /_", row: rect.row, column: column, style: look.style(.accent))
        }
    }

    /// The captions stand in the frame: no line is lost to them.
    private mutating func drawCaptions(_ columns: [Column], _ fit: ColumnFit, _ panel: Panel, row: Int, column: Int) {
        // Clear of the title and of a filter beside it.
        let filter = state.filters[panel].map { CharacterWidth.of($0) + 3 } ?? 0
        let titleEnd = column + panel.title.count + 2 + filter
        for place in fit.places where place.column > 0 {
            let caption = columns[place.column].caption
            guard !caption.isEmpty else { continue }
            let width = caption.count
            guard width <= place.width else { continue }
            let start = column + place.start + (columns[place.column].alignment == .right ? place.width - width : 0)
            guard start > titleEnd else { continue }
            grid.draw(caption, row: row, column: start, width: width, style: Style(look.color(.graphText)))
        }
    }

    private mutating func drawEmpty(_ panel: Panel, in rect: Rect) {
        for (index, line) in Self.wrap(emptyText(panel), width: rect.columns - 2).prefix(rect.rows).enumerated() {
            grid.draw(line, row: rect.row + index, column: rect.column + 1, style: look.style(.dim))
        }
    }

    private func emptyText(_ panel: Panel) -> String {
        guard state.snapshot != nil else { return "waiting for the first figures" }
        if let filter = state.filters[panel] { return "no row holds '\(filter)'; clear the filter to see all" }
        switch panel {
        case .scheduler: return "no jobs in streamtop.yaml"
        case .queues: return "no queues in streamtop.yaml"
        case .services: return "no services in streamtop.yaml"
        case .topics:
            let door = state.snapshot?.pubsub.map { ", or create one through \($0.address)" } ?? ""
            return "no topics: declare them in streamtop.yaml" + door
        case .pipelines: return "no pipelines: name a Beam YAML file in streamtop.yaml"
        case .warehouse: return "no tables yet: a pipeline's first rows make them"
        case .log: return "nothing has happened yet"
        }
    }

    /// A newcomer's first question is how to start.
    private mutating func drawHint(in rect: Rect, after rows: Int) {
        guard state.badge == .paused, rows < rect.rows, let key = state.keymap.label(.toggleTrigger) else { return }
        let row = rect.row + rows
        var column = rect.column + Self.lampWidth(.scheduler)
        column += grid.draw(
            "paused: press ", row: row, column: column, width: rect.endColumn - column, style: look.style(.warning))
        column += grid.draw(
            " \(key) ", row: row, column: column, width: rect.endColumn - column, style: look.label(.key))
        grid.draw(
            " to start the events", row: row, column: column, width: rect.endColumn - column,
            style: look.style(.warning))
    }

    private mutating func drawExtras(_ panel: Panel, _ parts: PanelParts, frame: Style, in rect: Rect) {
        if let aside = parts.aside {
            grid.drawDivider(column: aside.column - 1, top: rect.row, bottom: rect.endRow - 1, style: frame)
            let selected = state.focus == .pipelines ? state.selectedRow(of: .pipelines) : nil
            drawLagGraph(of: selected, in: aside, titleRow: rect.row)
        }
        if let below = parts.below {
            let line = Style(look.color(.dividerLine))
            grid.drawLine(row: below.row - 1, from: rect.column + 1, to: rect.endColumn - 1, style: line)
            grid.put("├", row: below.row - 1, column: rect.column, style: frame)
            grid.put("┤", row: below.row - 1, column: rect.endColumn - 1, style: frame)
            if panel == .pipelines {
                drawPipelineExtras(in: below)
            } else if let id = state.selectedRow(of: panel) {
                drawDetails(details(of: id), in: below)
            }
        }
    }

    /// Graphs; in a zoomed panel also what is known of the selected row.
    private mutating func drawPipelineExtras(in rect: Rect) {
        guard state.isZoomed, let row = state.selectedRow(of: .pipelines), rect.columns >= 76 else {
            return drawLagGraphs(in: rect)
        }
        let width = max(36, rect.columns / 3)
        drawDetails(details(of: row), in: Rect(row: rect.row, column: rect.column, columns: width, rows: rect.rows))
        drawLagGraphs(
            in: Rect(row: rect.row, column: rect.column + width, columns: rect.columns - width, rows: rect.rows))
    }

    /// Sums of the panel, and where one is in a longer list, in the lower edge.
    private mutating func drawFootnote(_ panel: Panel, shown: (top: Int, visible: Int, count: Int), in rect: Rect) {
        let isScrolled = shown.visible < shown.count
        var pieces = isScrolled ? ["\(shown.top + 1)–\(shown.top + shown.visible) of \(shown.count)"] : []
        pieces += footnote(panel)
        var text = pieces.joined(separator: " · ")
        while CharacterWidth.of(text) > rect.columns - 6, pieces.count > 1 {
            pieces.removeLast()
            text = pieces.joined(separator: " · ")
        }
        guard !text.isEmpty else { return }
        let width = min(CharacterWidth.of(text), rect.columns - 6)
        grid.draw(
            text, row: rect.endRow - 1, column: rect.endColumn - 2 - width, width: width,
            style: Style(look.color(.graphText)))
    }

    /// Breaks text into lines at spaces, and words that are longer than a line where it ends.
    static func wrap(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ").flatMap({ pieces(of: $0, width: width) }) {
            let candidate = line.isEmpty ? word : line + " " + word
            if CharacterWidth.of(candidate) <= width || line.isEmpty {
                line = candidate
            } else {
                lines.append(line)
                line = word
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { $0.cut(to: width) }
    }

    private static func pieces(of word: Substring, width: Int) -> [String] {
        guard CharacterWidth.of(String(word)) > width else { return [String(word)] }
        var pieces = [""]
        var used = 0
        for character in word {
            let columns = CharacterWidth.of(character) ?? 1
            if used + columns > width, used > 0 {
                pieces.append("")
                used = 0
            }
            pieces[pieces.count - 1].append(character)
            used += columns
        }
        return pieces
    }
}
