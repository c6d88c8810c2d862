import Terminal

extension DashboardState {
    /// A click selects a panel and its row, a double click zooms, the wheel moves the selection. Questions ignore it.
    mutating func point(_ event: MouseEvent) -> [DashboardEffect] {
        switch mode {
        case .normal: break
        case .help(let scroll):
            if event.kind == .wheelDown { scrollHelp(to: scroll + 3) }
            if event.kind == .wheelUp { scrollHelp(to: scroll - 3) }
            return []
        case .themes(let picker):
            if event.kind == .wheelDown { return press(.down, in: picker) }
            if event.kind == .wheelUp { return press(.up, in: picker) }
            return []
        case .filter, .question, .seek: return []
        }
        let layout = layout
        guard size.columns >= Layout.minimum.columns, size.rows >= Layout.minimum.rows,
            let panel = layout.panel(row: event.row, column: event.column), let rect = layout.rect(of: panel)
        else { return [] }
        focus = panel
        switch event.kind {
        case .wheelUp: moveRow(by: -1)
        case .wheelDown: moveRow(by: 1)
        case .press, .doublePress:
            let rows = rows(of: panel)
            let height = tableHeight(of: panel, in: rect)
            let top = Self.scroll(selected: selectedIndex(in: rows, of: panel), count: rows.count, height: height)
            let line = event.row - rect.row - 1
            if line >= 0, line < height, top + line < rows.count { selection[panel] = rows[top + line] }
            if event.kind == .doublePress { isZoomed.toggle() }
        }
        return []
    }
}
