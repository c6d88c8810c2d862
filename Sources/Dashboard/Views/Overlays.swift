import Terminal
import Time

/// What lies over the panels: questions and the theme picker; the help is in a file of its own.
extension Renderer {
    mutating func drawOverlay(_ body: Rect) {
        switch state.mode {
        case .normal, .filter: break
        case .help(let scroll): drawHelp(body, scroll: scroll)
        case .themes(let picker): drawThemes(body, picker)
        case .question(let question):
            drawDialog(
                body, title: question.text, lines: Self.wrap(question.consequence, width: min(64, body.columns - 10)),
                keys: [("y", "yes"), ("n", "no")], tone: .warning)
        case .seek(let prompt):
            drawDialog(
                body, title: "Seek \(prompt.subscription.resourceLabel) back?",
                lines: seekLines(prompt, width: min(64, body.columns - 10)),
                keys: [("enter", "seek"), ("esc", "cancel")], tone: .accent)
        }
    }

    private func seekLines(_ prompt: SeekPrompt, width: Int) -> [String] {
        var text = ["How far back? Write 90s, 10m, 2h, 1d or a time, 08:30", prompt.text + "_"]
        if let complaint = prompt.complaint {
            text.append(complaint)
        } else if let target = try? SeekTarget(prompt.text, now: state.hostNow) {
            let time = target.time(now: state.hostNow).rfc3339.prefix(19).split(separator: "T").joined(separator: " ")
            text.append("What was published since \(time) UTC comes again.")
        } else {
            text.append("…")
        }
        if let kept = state.keepsAcknowledged(prompt.subscription) { text.append(kept) }
        return text.flatMap { Self.wrap($0, width: width) }
    }

    /// A framed box in the middle of the screen, cleared inside.
    mutating func drawFrame(_ rect: Rect, title: String, tone: Look.Tone) {
        grid.fill(rect, style: Style(look.color(.mainForeground), on: look.blank.background))
        grid.drawBox(rect, style: look.style(tone))
        grid.draw(
            " \(title) ", row: rect.row, column: rect.column + 2, width: rect.columns - 4, style: look.style(.title))
    }

    private mutating func drawDialog(
        _ body: Rect, title: String, lines: [String], keys: [(key: String, text: String)], tone: Look.Tone
    ) {
        let widest = max(title.count + 2, lines.map(CharacterWidth.of).max() ?? 0, 30)
        let columns = min(body.columns - 2, widest + 6)
        let rows = lines.count + 5
        let rect = Rect(
            row: body.row + max(0, (body.rows - rows) / 2), column: (body.columns - columns) / 2, columns: columns,
            rows: rows)
        drawFrame(rect, title: title, tone: tone)
        for (index, line) in lines.enumerated() {
            grid.draw(
                line, row: rect.row + 2 + index, column: rect.column + 3, width: columns - 6, style: look.style(.text))
        }
        var column = rect.column + 3
        for key in keys {
            column += grid.draw(" \(key.key) ", row: rect.endRow - 2, column: column, style: look.label(.key)) + 1
            column += grid.draw(key.text, row: rect.endRow - 2, column: column, style: look.style(.text)) + 3
        }
        let hint = "(" + keys.map(\.key).joined(separator: "/") + ")"
        grid.draw(
            hint, row: rect.endRow - 2, column: column, width: rect.endColumn - 2 - column, style: look.style(.dim))
    }

    private mutating func drawThemes(_ body: Rect, _ picker: ThemePicker) {
        let names = state.themeNames
        let rows = min(body.rows, names.count + 2)
        let columns = min(body.columns, max(24, (names.map(CharacterWidth.of).max() ?? 0) + 6))
        let rect = Rect(
            row: body.row + (body.rows - rows) / 2, column: body.endColumn - columns - 2, columns: columns, rows: rows)
        drawFrame(rect, title: "theme", tone: .key)
        let top = DashboardState.scroll(selected: picker.index, count: names.count, height: rows - 2)
        for (index, name) in names.dropFirst(top).prefix(rows - 2).enumerated() {
            let line = Rect(row: rect.row + 1 + index, column: rect.column + 1, columns: columns - 2, rows: 1)
            let mark = name == picker.original ? "●" : " "
            grid.draw(
                "\(mark) \(name)", row: line.row, column: line.column + 1, width: columns - 4, style: look.style(.text))
            if top + index == picker.index { grid.restyle(line) { look.select(&$0) } }
        }
    }
}
