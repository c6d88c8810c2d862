import Control
import Terminal
import Time

extension DashboardState {
    /// Takes an event in; returns what is to be done about it. Pure: all else is in the state.
    public mutating func reduce(_ event: DashboardEvent) -> [DashboardEffect] {
        switch event {
        case .snapshot(let snapshot, let time):
            now = max(now, time)
            arrivedAt = time
            hasEnded = false
            if frozenAt == nil { self.snapshot = snapshot } else { behind = snapshot }
            forgetRequests(met: snapshot)
            return []
        case .snapshotsEnded:
            hasEnded = true
            return []
        case .tick(let time):
            now = max(now, time)
            if let notice, notice.until <= now { self.notice = nil }
            return []
        case .input(.resize(let size)):
            self.size = size
            return []
        case .input(.hangUp):
            return [.end(.hungUp)]
        case .input(.key(let key)):
            return press(key)
        case .input(.mouse(let event)):
            return point(event)
        case .answered(let command, let answer):
            take(answer, to: command)
            return []
        case .themeLoaded(let name, let warnings):
            themeName = name
            if let warning = warnings.first {
                say(.refused, warnings.count == 1 ? warning : "\(warning) (and \(warnings.count - 1) more)")
            }
            return []
        case .themeRefused(let reason):
            say(.refused, reason)
            return []
        }
    }

    mutating func say(_ kind: Notice.Kind, _ text: String) {
        let seconds = kind == .refused ? 8 : 5
        notice = Notice(text: text, kind: kind, until: now + .seconds(seconds))
    }

    private mutating func take(_ answer: CommandAnswer, to command: Command) {
        switch answer {
        case .done(let text): say(.done, text)
        case .refused(let text):
            say(.refused, text)
            if let row = command.scaledRow { requested[row] = nil }
        }
    }

    /// A number that was asked for is forgotten once the host shows it, or after some seconds without.
    private mutating func forgetRequests(met snapshot: Snapshot) {
        requested = requested.filter { row, request in
            switch row {
            case .pipeline(let name): request.until > now && snapshot.pipeline(name)?.workers != request.count
            case .service(let name): request.until > now && snapshot.service(name)?.instances != request.count
            default: false
            }
        }
    }

    // MARK: Keys

    private mutating func press(_ key: Key) -> [DashboardEffect] {
        if key == .control("c") { return interrupt() }
        switch mode {
        case .normal:
            guard let action = keymap.action(for: key) else { return [] }
            return perform(action)
        case .help(let scroll): return pressInHelp(key, scroll)
        case .themes(let picker): return press(key, in: picker)
        case .filter(let before): return press(key, filterBefore: before)
        case .question(let question): return press(key, answering: question)
        case .seek(let prompt): return press(key, in: prompt)
        }
    }

    /// Ctrl-C: as quit; again while it asks: at once.
    private mutating func interrupt() -> [DashboardEffect] {
        if case .question(let question) = mode, question.purpose == .quit { return [.end(.forced)] }
        return quit()
    }

    mutating func quit() -> [DashboardEffect] {
        // The latest figures count, also while an older picture is frozen.
        let work = (behind ?? snapshot)?.workInFlight ?? []
        guard !work.isEmpty, !hasEnded else { return [.end(.quit)] }
        mode = .question(
            Question(
                text: "Quit while work is in flight?",
                consequence: work.joined(separator: ", ") + ". Nothing is lost: it goes on at the next start.",
                purpose: .quit))
        return []
    }

    mutating func perform(_ action: Action) -> [DashboardEffect] {
        switch action {
        case .toggleTrigger: return toggleJob()
        case .runJob: return runJob()
        case .toggleSelected: return toggleSelected()
        case .more: return scale(by: 1)
        case .fewer: return scale(by: -1)
        case .automatic: return giveBack()
        case .purge: return purge()
        case .seek: return seek()
        case .detach: return detach()
        case .nextPanel: focus = focus.stepped(by: 1)
        case .previousPanel: focus = focus.stepped(by: -1)
        case .panelLeft: focus = layout.neighbour(of: focus, -1) ?? focus.stepped(by: -1)
        case .panelRight: focus = layout.neighbour(of: focus, 1) ?? focus.stepped(by: 1)
        case .panel1, .panel2, .panel3, .panel4, .panel5, .panel6, .panel7: focus = action.panel ?? focus
        case .rowUp: moveRow(by: -1)
        case .rowDown: moveRow(by: 1)
        case .pageUp: moveRow(by: -10)
        case .pageDown: moveRow(by: 10)
        case .firstRow: moveRow(by: -1_000_000)
        case .lastRow: moveRow(by: 1_000_000)
        case .zoom: isZoomed.toggle()
        case .back: goBack()
        case .filter: mode = .filter(before: filters[focus])
        case .longerGraph: stretchGraph(by: 1)
        case .shorterGraph: stretchGraph(by: -1)
        case .freeze: freeze()
        case .themes: openThemes()
        case .export: return send(.exportSnapshot(path: nil), "writing a snapshot")
        case .mouse: return toggleMouse()
        case .redraw: return [.refresh]
        case .suspend: return [.suspend]
        case .help: mode = .help(scroll: 0)
        case .quit: return quit()
        }
        return []
    }

    // MARK: The picture

    mutating func moveRow(by step: Int) {
        let rows = rows(of: focus)
        guard let index = selectedIndex(in: rows, of: focus) else { return }
        let target = min(max(0, index + step), rows.count - 1)
        // The log's last row is no selection: it follows what comes.
        selection[focus] = focus == .log && target == rows.count - 1 ? nil : rows[target]
    }

    private mutating func goBack() {
        if isZoomed {
            isZoomed = false
        } else if filters[focus] != nil {
            filters[focus] = nil
        } else {
            notice = nil
        }
    }

    private mutating func stretchGraph(by step: Int) {
        let all = GraphSpan.allCases
        graphSpan = all[min(max(0, graphSpan.rawValue + step), all.count - 1)]
    }

    private mutating func freeze() {
        if frozenAt == nil {
            guard snapshot != nil else { return }
            frozenAt = now
        } else {
            frozenAt = nil
            snapshot = behind ?? snapshot
            behind = nil
        }
    }

    private mutating func openThemes() {
        guard !themeNames.isEmpty else { return }
        mode = .themes(ThemePicker(index: themeNames.firstIndex(of: themeName) ?? 0, original: themeName))
    }

    private mutating func toggleMouse() -> [DashboardEffect] {
        isMouseOn.toggle()
        say(
            .done, isMouseOn ? "the mouse selects panels and rows" : "the mouse is the terminal's: mark text to copy it"
        )
        return [.setMouse(isMouseOn)]
    }
}
