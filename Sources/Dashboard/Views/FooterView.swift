import Control
import Terminal

extension Renderer {
    private struct KeyHint {
        let key: String
        let text: String
        var isCalled = false
    }

    /// The keys that do something now, the most wanted first; help and quit are always there.
    mutating func drawFooter(_ rect: Rect) {
        var hints = footerHints
        let last = hints.suffix(2)
        func width(_ hints: some Sequence<KeyHint>) -> Int {
            hints.reduce(0) { $0 + CharacterWidth.of($1.key) + CharacterWidth.of($1.text) + 3 + ($1.isCalled ? 2 : 0) }
        }
        while width(hints) > rect.columns - 1, hints.count > last.count + 1 {
            hints.remove(at: hints.count - last.count - 1)
        }
        var column = rect.column + 1
        for hint in hints {
            if hint.isCalled {
                let label = " \(hint.key) \(hint.text) "
                column += grid.draw(label, row: rect.row, column: column, style: look.label(.key)) + 2
            } else {
                column += grid.draw(hint.key, row: rect.row, column: column, style: look.style(.key)) + 1
                column += grid.draw(hint.text, row: rect.row, column: column, style: look.style(.text)) + 2
            }
        }
    }

    private var footerHints: [KeyHint] {
        switch state.mode {
        case .question:
            return [KeyHint(key: "y", text: "yes"), KeyHint(key: "n", text: "no"), KeyHint(key: "esc", text: "no")]
        case .seek: return [KeyHint(key: "enter", text: "seek"), KeyHint(key: "esc", text: "cancel")]
        case .filter:
            return [
                KeyHint(key: "type", text: "to filter"), KeyHint(key: "enter", text: "keep"),
                KeyHint(key: "ctrl-u", text: "clear"), KeyHint(key: "esc", text: "as before"),
            ]
        case .themes:
            return [
                KeyHint(key: "up down", text: "look"), KeyHint(key: "enter", text: "take it"),
                KeyHint(key: "esc", text: "as before"),
            ]
        case .help:
            return [KeyHint(key: "up down", text: "scroll"), KeyHint(key: "esc", text: "close")]
        case .normal: return normalHints
        }
    }

    private var normalHints: [KeyHint] {
        var hints: [KeyHint?] = []
        if let job = state.selectedJob {
            let isEnabled = job.state == .enabled
            hints.append(hint(.toggleTrigger, isEnabled ? "pause trigger" : "resume trigger", isCalled: !isEnabled))
            // What the selected subscription's keys do is more than one can guess.
            if state.focus != .topics { hints.append(hint(.runJob, "run now")) }
        }
        switch state.focus {
        case .queues:
            if let queue = state.selectedQueue {
                hints.append(hint(.toggleSelected, queue.isPaused ? "resume queue" : "pause queue"))
                hints.append(hint(.purge, "purge"))
            }
        case .services:
            if let service = state.selectedService {
                hints.append(pair(.more, .fewer, "instances"))
                if service.isManual { hints.append(hint(.automatic, "autoscale")) }
            }
        case .topics:
            if state.selectedSubscription != nil {
                hints += [hint(.seek, "seek back"), hint(.purge, "purge"), hint(.detach, "detach")]
            }
        case .pipelines:
            if let pipeline = state.selectedPipeline {
                hints.append(pair(.more, .fewer, "workers"))
                hints.append(hint(.toggleSelected, pipeline.state == "PAUSED" ? "resume pipeline" : "pause pipeline"))
                hints.append(pair(.shorterGraph, .longerGraph, "graph"))
            }
        case .scheduler, .warehouse, .log: break
        }
        if state.frozenAt != nil { hints.append(hint(.freeze, "unfreeze", isCalled: true)) }
        hints.append(hint(.nextPanel, "panel"))
        hints.append(hint(.zoom, state.isZoomed ? "unzoom" : "zoom"))
        hints.append(hint(.filter, "filter"))
        if state.focus != .pipelines, state.focus != .services, state.selectedPipeline != nil {
            hints.append(pair(.more, .fewer, "workers"))
        }
        hints.append(hint(.export, "export"))
        hints.append(hint(.themes, "theme"))
        if state.frozenAt == nil { hints.append(hint(.freeze, "freeze")) }
        hints += [hint(.mouse, "mouse"), hint(.help, "help"), hint(.quit, "quit")]
        return hints.compactMap(\.self)
    }

    private func hint(_ action: Action, _ text: String, isCalled: Bool = false) -> KeyHint? {
        state.keymap.label(action).map { KeyHint(key: $0, text: text, isCalled: isCalled) }
    }

    private func pair(_ one: Action, _ other: Action, _ text: String) -> KeyHint? {
        guard let first = state.keymap.label(one), let second = state.keymap.label(other) else {
            return hint(one, text) ?? hint(other, text)
        }
        return KeyHint(key: first + second, text: text)
    }

    /// What became of a command, or what is wrong, on the lower edge of the panels: nothing moves for it.
    mutating func drawNotice(above footer: Rect) {
        let text: String
        let tone: Look.Tone
        if let notice = state.notice {
            switch notice.kind {
            case .pending: (text, tone) = (notice.text, .accent)
            case .done: (text, tone) = ("✔ " + notice.text, .good)
            case .refused: (text, tone) = ("▲ " + notice.text, .warning)
            }
        } else if let problems = state.snapshot?.problems, let first = problems.first {
            (text, tone) = ("✖ " + first + (problems.count > 1 ? " (and \(problems.count - 1) more)" : ""), .bad)
        } else {
            return
        }
        let shown = " " + text.cut(to: grid.columns - 8, .middle) + " "
        let row = footer.row - 1
        var column = 2 + grid.draw(shown, row: row, column: 2, style: look.label(tone))
        // What stood in the edge is covered whole, not by half.
        while let cell = grid.cell(row: row, column: column), !["─", "╯", "┴", "╰"].contains(cell.character) {
            grid.put("─", row: row, column: column, style: look.frame(.warehouse, isFocused: state.focus == .warehouse))
            column += 1
        }
    }
}
