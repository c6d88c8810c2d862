import Control
import Terminal

/// A line of the help.
enum HelpLine {
    case heading(String)
    case keys(String, String)
    case gap
}

extension DashboardState {
    /// What is wrong now, if anything; the keys as they are bound; what the signs mean.
    var helpLines: [HelpLine] {
        func keys(_ actions: Action...) -> [HelpLine] {
            actions.map { action in
                let names = keymap.keys(for: action).map(\.name).joined(separator: " ")
                return .keys(names.isEmpty ? "(no key)" : names, action.summary)
            }
        }
        let problems = snapshot?.problems ?? []
        let wrong: [HelpLine] =
            problems.isEmpty ? [] : [.heading("What is wrong now")] + problems.map { .keys("✖", $0) } + [.gap]
        let door: [HelpLine] =
            snapshot?.pubsub.map { [.heading("Pub/Sub's clients")] + $0.shellExports.map { .keys("$", $0) } + [.gap] }
            ?? []
        return wrong + door + [.heading("The stream")]
            + keys(.toggleTrigger, .runJob, .toggleSelected, .more, .fewer, .automatic, .purge, .seek, .detach)
            + [.gap, .heading("The picture")]
            + keys(
                .zoom, .back, .filter, .freeze, .longerGraph, .shorterGraph, .export, .themes, .mouse, .redraw, .help,
                .suspend,
                .quit)
            + [.keys("ctrl-c", "quit; twice: at once, without a question"), .gap, .heading("Moving about")]
            + keys(
                .nextPanel, .previousPanel, .panelLeft, .panelRight, .rowUp, .rowDown, .pageUp, .pageDown, .firstRow,
                .lastRow)
            + [
                .keys("1 … 7", "a panel by its number"),
                .keys("mouse", "click selects, double click zooms, wheel moves"), .gap,
                .heading("Signs"), .keys("●  ‖  ○", "at work, paused, idle"),
                .keys("▲  ✖", "attention, something is wrong"),
                .keys("—", "never measured"),
                .keys("fresh", "from an event's publication to its rows being visible"),
                .keys("1!", "instances set by hand, not by the autoscaler"),
                .keys("lag", "the time now minus a step's output watermark"),
                .keys("readers", "subscribers connected: streams, pipelines, what pushes"),
                .keys("out now", "messages handed out, neither acknowledged nor expired"),
                .keys("nacks", "messages given back, a second"),
                .keys("expired  dead", "ack deadlines that passed; messages dead-lettered"),
            ]
    }
}

extension Renderer {
    mutating func drawHelp(_ body: Rect, scroll: Int) {
        drawFrame(body, title: "help: keys", tone: .key)
        let inside = Rect(row: body.row + 1, column: body.column + 2, columns: body.columns - 4, rows: body.rows - 2)
        let lines = state.helpLines
        let across = inside.columns >= 130 && lines.count > inside.rows ? 2 : 1
        let visible = inside.rows * across
        let top = min(scroll, max(0, lines.count - visible))
        let width = inside.columns / across
        for (index, line) in lines.dropFirst(top).prefix(visible).enumerated() {
            let row = inside.row + index % inside.rows
            let column = inside.column + index / inside.rows * width
            switch line {
            case .heading(let text): grid.draw(text, row: row, column: column, width: width, style: look.style(.title))
            case .keys(let keys, let text):
                grid.draw(keys, row: row, column: column + 1, field: 16, style: look.style(.key))
                grid.draw(text, row: row, column: column + 18, field: width - 19, style: look.style(.text))
            case .gap: break
            }
        }
        if top + visible < lines.count {
            grid.draw(" more below ", row: body.endRow - 1, column: body.endColumn - 15, style: look.style(.dim))
        }
    }
}
