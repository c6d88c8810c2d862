import Control
import Telemetry
import Terminal
import Time

/// Graphs of watermark lag over time.
extension Renderer {
    /// The lag of the selected step, or the greatest of the selected pipeline's steps, with its title in the frame; while
    /// the keys act elsewhere the greatest of all pipelines.
    mutating func drawLagGraph(of row: RowID?, in rect: Rect, titleRow: Int) {
        guard let graph = lagGraph(of: row) else { return }
        var column = rect.column + 1
        column += grid.draw(
            "lag ", row: titleRow, column: column, width: rect.endColumn - column, style: look.style(.title))
        grid.draw(
            graph.title, row: titleRow, column: column, field: rect.endColumn - column - 1,
            style: Style(look.color(.graphText)))
        drawGraph(graph.values, in: rect, hasTimeAxis: rect.rows >= 5)
    }

    private func lagGraph(of row: RowID?) -> (title: String, values: [Double?])? {
        switch row {
        case .step(let name, let index):
            guard let steps = state.snapshot?.pipeline(name)?.steps, steps.indices.contains(index) else { return nil }
            return (steps[index].name, steps[index].lagHistory.values)
        case .pipeline(let name):
            guard let pipeline = state.snapshot?.pipeline(name) else { return nil }
            return ("max of all steps", Self.greatest(pipeline.steps.map(\.lagHistory.values)))
        default:
            let steps = (state.snapshot?.pipelines ?? []).flatMap(\.steps)
            return steps.isEmpty ? nil : ("max of all pipelines", Self.greatest(steps.map(\.lagHistory.values)))
        }
    }

    /// One small graph for each step of the selected pipeline, as many beside each other as have room.
    mutating func drawLagGraphs(in rect: Rect) {
        guard let pipeline = state.selectedPipeline, rect.rows >= 3 else { return }
        let selected = state.selectedRow(of: .pipelines)
        var graphs: [(title: String, lag: Double?, values: [Double?], isSelected: Bool)] = [
            (
                "max of all steps", pipeline.lag, Self.greatest(pipeline.steps.map(\.lagHistory.values)),
                selected == .pipeline(pipeline.name)
            )
        ]
        // A filter counts here too.
        let rows = Set(state.rows(of: .pipelines))
        for (index, step) in pipeline.steps.enumerated() {
            let row = RowID.step(pipeline: pipeline.name, index: index)
            guard rows.contains(row) else { continue }
            graphs.append((step.name, step.lag, step.lagHistory.values, selected == row))
        }
        let across = min(graphs.count, max(1, rect.columns / 38))
        let down = max(1, min((graphs.count + across - 1) / across, rect.rows / 5))
        // Where not all have room the selected one is among those that do.
        let first = DashboardState.scroll(
            selected: graphs.firstIndex { $0.isSelected }, count: graphs.count, height: across * down)
        for (place, graph) in graphs.dropFirst(first).prefix(across * down).enumerated() {
            let left = rect.column + rect.columns * (place % across) / across
            let right = rect.column + rect.columns * (place % across + 1) / across
            let top = rect.row + rect.rows * (place / across) / down
            let height = rect.row + rect.rows * (place / across + 1) / down - top
            let cell = Rect(row: top, column: left, columns: right - left - 1, rows: height)
            let value = Figures.duration(graph.lag)
            let title = graph.title.cut(to: cell.columns - value.count - 10)
            var column = cell.column + 1
            column += grid.draw("lag ", row: cell.row, column: column, style: look.style(.dim))
            column += grid.draw(
                title, row: cell.row, column: column, style: look.style(graph.isSelected ? .key : .title))
            grid.draw(value, row: cell.row, column: column + 1, style: look.style(Self.lagTone(graph.lag)))
            drawGraph(
                graph.values, in: Rect(row: cell.row + 1, column: cell.column, columns: cell.columns, rows: height - 1),
                hasTimeAxis: height >= 6)
        }
    }

    private static let labelWidth = 7

    private mutating func drawGraph(_ history: [Double?], in rect: Rect, hasTimeAxis: Bool) {
        let area = Rect(
            row: rect.row, column: rect.column + Self.labelWidth, columns: rect.columns - Self.labelWidth - 1,
            rows: rect.rows - (hasTimeAxis ? 1 : 0))
        guard area.columns >= 4, area.rows >= 1 else { return }
        let label = Style(look.color(.graphText))
        let values = lagReadings(history, columns: area.columns)
        guard values.contains(where: { $0 != nil }) else {
            grid.draw(
                "not measured yet", row: area.row + area.rows / 2, column: rect.column + 2, style: look.style(.dim))
            return
        }
        let maximum = Self.scale(values)
        grid.draw(
            Figures.duration(maximum), row: area.row, column: rect.column, field: Self.labelWidth - 1,
            alignment: .right,
            style: label)
        if area.rows > 1 {
            grid.draw(
                "0 s", row: area.endRow - 1, column: rect.column, field: Self.labelWidth - 1, alignment: .right,
                style: label)
        }
        if area.rows >= 7 {
            grid.draw(
                Figures.duration(maximum / 2), row: area.row + area.rows / 2, column: rect.column,
                field: Self.labelWidth - 1,
                alignment: .right, style: label)
        }
        grid.drawGraph(values, in: area, maximum: maximum, colors: look.gradient(.cpu))
        guard hasTimeAxis else { return }
        let seconds = area.columns * 2 * readingsPerDot(columns: area.columns) / readingsPerSecond
        let span =
            seconds % 60 == 0
            ? "\(seconds / 60)m ago" : seconds > 60 ? "\(Figures.duration(Double(seconds))) ago" : "\(seconds) s ago"
        grid.draw(span, row: area.endRow, column: area.column, style: label)
        grid.draw("now", row: area.endRow, column: area.column, field: area.columns, alignment: .right, style: label)
    }

    // MARK: Readings

    private var readingsPerSecond: Int { Int((1 / Snapshot.historyInterval).rounded()) }

    /// How many readings share a column of dots, so that the wanted time fits.
    private func readingsPerDot(columns: Int) -> Int {
        let wanted = state.graphSpan.seconds * readingsPerSecond
        return max(1, (wanted + columns * 2 - 1) / (columns * 2))
    }

    /// The newest readings, the greatest of each few, so that they fit `columns` cells.
    ///
    /// The borders between the few stand still in time: else peaks would flicker while the readings move by.
    func lagReadings(_ history: [Double?], columns: Int) -> [Double?] {
        let few = readingsPerDot(columns: columns)
        guard few > 1, let snapshot = state.snapshot else { return Array(history.suffix(columns * 2)) }
        let newest = Int((snapshot.takenAt.seconds / Snapshot.historyInterval).rounded(.down))
        var readings: [Double?] = []
        var group = newest / few
        var greatest: Double?
        for (age, value) in history.reversed().enumerated() {
            if (newest - age) / few != group {
                readings.append(greatest)
                if readings.count == columns * 2 { return readings.reversed() }
                group = (newest - age) / few
                greatest = nil
            }
            if let value, !value.isNaN { greatest = max(greatest ?? value, value) }
        }
        if !history.isEmpty { readings.append(greatest) }
        return readings.reversed()
    }

    /// At each moment, counted from the newest, the greatest of several histories.
    static func greatest(_ histories: [[Double?]]) -> [Double?] {
        let length = histories.map(\.count).max() ?? 0
        var result = [Double?](repeating: nil, count: length)
        for history in histories {
            let offset = length - history.count
            for (index, value) in history.enumerated() {
                guard let value, !value.isNaN else { continue }
                result[offset + index] = max(result[offset + index] ?? value, value)
            }
        }
        return result
    }

    /// A round number of seconds above all readings, at least 1: lags below a second are low, whatever they are.
    static func scale(_ values: [Double?]) -> Double {
        let most = values.reduce(0.0) { most, value in
            guard let value, value.isFinite else { return most }
            return max(most, value)
        }
        let steps: [Double] = [
            1, 2, 3, 5, 10, 15, 20, 30, 40, 60, 90, 120, 180, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400,
        ]
        if let step = steps.first(where: { $0 >= most }) { return step }
        return (most / 86_400).rounded(.up) * 86_400
    }
}
