import Control
import Terminal
import Time

/// The keys while something lies over the panels.
extension DashboardState {
    /// What a key does in a list that lies over the panels: enter, escape and the arrows, whatever the keymap says of them.
    private func overlayAction(_ key: Key) -> Action? {
        switch key {
        case .enter: .zoom
        case .escape: .back
        case .up: .rowUp
        case .down: .rowDown
        default: keymap.action(for: key)
        }
    }

    mutating func pressInHelp(_ key: Key, _ scroll: Int) -> [DashboardEffect] {
        switch overlayAction(key) {
        case .help, .back, .quit, .zoom: mode = .normal
        case .rowDown: scrollHelp(to: scroll + 1)
        case .rowUp: scrollHelp(to: scroll - 1)
        case .pageDown: scrollHelp(to: scroll + 10)
        case .pageUp: scrollHelp(to: scroll - 10)
        case .firstRow: scrollHelp(to: 0)
        case .lastRow: scrollHelp(to: .max)
        default: break
        }
        return []
    }

    mutating func scrollHelp(to scroll: Int) {
        mode = .help(scroll: max(0, min(scroll, helpLines.count - (size.rows - 4))))
    }

    mutating func press(_ key: Key, in picker: ThemePicker) -> [DashboardEffect] {
        var picker = picker
        switch overlayAction(key) {
        case .rowDown, .nextPanel: picker.index = (picker.index + 1) % themeNames.count
        case .rowUp, .previousPanel: picker.index = (picker.index + themeNames.count - 1) % themeNames.count
        case .firstRow: picker.index = 0
        case .lastRow: picker.index = themeNames.count - 1
        case .zoom:
            mode = .normal
            say(.done, "the theme is \(themeNames[picker.index])")
            return [.keepTheme(themeNames[picker.index])]
        case .back, .quit, .themes:
            mode = .normal
            return themeName == picker.original ? [] : [.loadTheme(picker.original)]
        default: return []
        }
        mode = .themes(picker)
        return [.loadTheme(themeNames[picker.index])]
    }

    mutating func press(_ key: Key, filterBefore before: String?) -> [DashboardEffect] {
        switch key {
        case .enter: mode = .normal
        case .escape:
            mode = .normal
            filters[focus] = before
        case .backspace:
            let text = String((filters[focus] ?? "").dropLast())
            filters[focus] = text.isEmpty ? nil : text
        case .control("u"): filters[focus] = nil
        case .character(let character): filters[focus] = (filters[focus] ?? "") + String(character)
        default: break
        }
        return []
    }

    /// Only y and n count, whatever the keymap says: no key that a hand presses by habit does harm.
    mutating func press(_ key: Key, answering question: Question) -> [DashboardEffect] {
        switch key {
        case .character("y"), .character("Y"):
            mode = .normal
            switch question.purpose {
            case .quit: return [.end(.quit)]
            case .send(let command): return send(command, "working")
            }
        case .character("n"), .character("N"), .escape:
            mode = .normal
        default: break
        }
        return []
    }

    mutating func press(_ key: Key, in prompt: SeekPrompt) -> [DashboardEffect] {
        var prompt = prompt
        switch key {
        case .escape:
            mode = .normal
            return []
        case .enter:
            do {
                let target = try SeekTarget(prompt.text, now: hostNow)
                mode = .normal
                return seek(prompt.subscription, target, as: prompt.text)
            } catch {
                prompt.complaint = error.text
                mode = .seek(prompt)
                return []
            }
        case .backspace: prompt.text = String(prompt.text.dropLast())
        case .control("u"): prompt.text = ""
        case .character(let character) where prompt.text.count < 25: prompt.text.append(character)
        default: return []
        }
        prompt.complaint = nil
        mode = .seek(prompt)
        return []
    }
}
