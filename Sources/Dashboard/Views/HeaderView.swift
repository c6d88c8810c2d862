import Control
import Telemetry
import Terminal
import Time

extension Renderer {
    /// One line: whose picture it is, in what state, how fresh its data, and what it costs.
    mutating func drawHeader(_ rect: Rect) {
        var column = rect.column + 1
        column += grid.draw("streamtop", row: rect.row, column: column, style: look.style(.title))
        if let workspace = state.snapshot?.workspace.split(separator: "/").last {
            column += 1
            column += grid.draw(
                String(workspace).cut(to: 16), row: rect.row, column: column, style: look.style(.accent))
        }
        column += 2
        let badge = state.badge
        column += grid.draw(" \(badge.text) ", row: rect.row, column: column, style: look.label(badge.tone))
        let clock = (state.snapshot?.isFastForward == true ? "» " : "") + Figures.clock(now) + (isNarrow ? "" : " UTC")
        let right = rect.endColumn - clock.count - 1
        grid.draw(clock, row: rect.row, column: right, style: look.style(.text))

        // What has no room is left out from the end.
        for item in headerItems(badge) {
            let width = item.reduce(0) { $0 + CharacterWidth.of($1.text) }
            guard column + 2 + width < right else { break }
            column += 2
            for piece in item {
                column += grid.draw(piece.text, row: rect.row, column: column, style: look.style(piece.tone))
            }
        }
    }

    /// Too narrow for labels that one can guess.
    private var isNarrow: Bool { grid.columns < 100 }

    private func headerItems(_ badge: Badge) -> [[(text: String, tone: Look.Tone)]] {
        var items: [[(text: String, tone: Look.Tone)]] = []
        if badge == .paused, let key = state.keymap.label(.toggleTrigger) {
            items.append([(key, .key), (" resumes", .warning)])
        }
        guard let snapshot = state.snapshot else { return items }
        let problems = snapshot.problems.count
        if problems > 0 { items.append([("✖ \(Figures.counted(problems, "problem"))", .bad)]) }
        let (fresh, process) = (snapshot.freshness, snapshot.process)
        let uptime = Figures.age(now - snapshot.startedAt)
        let memory = Figures.bytes(process.residentBytes)
        if isNarrow {
            items.append([("fresh ", .dim), (Figures.pair(fresh?.p50, fresh?.p99), .text)])
            items.append([("up ", .dim), (uptime, .text)])
            items.append([(Figures.percent(process.cpu), .text), (" ", .dim), (memory, .text)])
            return items
        }
        items.append([
            ("fresh p50 ", .dim), (Figures.duration(fresh?.p50), .text), (" p99 ", .dim),
            (Figures.duration(fresh?.p99), .text),
        ])
        items.append([("up ", .dim), (uptime, .text)])
        items.append([("cpu ", .dim), (Figures.percent(process.cpu), .text)])
        items.append([("mem ", .dim), (memory, .text)])
        if let threads = process.threads { items.append([(Figures.counted(threads, "thread"), .dim)]) }
        items.append([("v\(snapshot.version)", .dim)])
        return items
    }
}
