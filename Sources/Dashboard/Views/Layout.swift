import Control
import Terminal

/// Where everything stands on a screen of a certain size.
struct Layout: Hashable {
    /// The smallest screen on which the dashboard can be read.
    static let minimum = Size(columns: 60, rows: 16)

    let header: Rect
    let footer: Rect
    let panels: [Placement]

    struct Placement: Hashable {
        let panel: Panel
        let rect: Rect
    }

    /// - Parameters:
    ///   - counts: how many rows each panel has.
    ///   - zoomed: the panel that fills the screen.
    init(size: Size, counts: [Panel: Int], zoomed: Panel?) {
        header = Rect(row: 0, column: 0, columns: size.columns, rows: 1)
        footer = Rect(row: size.rows - 1, column: 0, columns: size.columns, rows: 1)
        let body = Rect(row: 1, column: 0, columns: size.columns, rows: size.rows - 2)
        if let zoomed {
            panels = [Placement(panel: zoomed, rect: body)]
        } else if size.columns >= 160, size.rows >= 36 {
            panels = Self.spacious(body, counts)
        } else {
            panels = Self.paired(body, counts)
        }
    }

    func rect(of panel: Panel) -> Rect? { panels.first { $0.panel == panel }?.rect }

    func panel(row: Int, column: Int) -> Panel? {
        panels.first { $0.rect.contains(row: row, column: column) }?.panel
    }

    /// The panel beside another, to the left (-1) or to the right (1); nil at the edge.
    func neighbour(of panel: Panel, _ direction: Int) -> Panel? {
        guard let from = rect(of: panel) else { return nil }
        let middle = from.row + from.rows / 2
        let column = direction < 0 ? from.column - 1 : from.endColumn
        return self.panel(row: middle, column: column)
    }

    /// Four bands: two panels, two panels, the pipelines, two panels.
    private static func paired(_ body: Rect, _ counts: [Panel: Int]) -> [Placement] {
        func need(_ panels: Panel...) -> Int { 2 + max(1, panels.map { counts[$0] ?? 0 }.max() ?? 0) }
        // Room for a line that says how to begin.
        let isAmple = body.rows >= 30
        let heights = share(
            body.rows,
            bands: [
                Band(minimum: 3, need: need(.scheduler, .queues) + (isAmple ? 1 : 0), growth: 0),
                Band(minimum: 4, need: need(.services, .topics), growth: 0),
                Band(minimum: 4, need: max(9, need(.pipelines)), growth: 2),
                Band(minimum: 3, need: max(isAmple ? 8 : 4, need(.warehouse)), growth: 1),
            ])
        var row = body.row
        var placements: [Placement] = []
        let halves: [[Panel]] = [[.scheduler, .queues], [.services, .topics], [.pipelines], [.warehouse, .log]]
        for (panels, height) in zip(halves, heights) {
            placements += beside(panels, row: row, column: body.column, columns: body.columns, rows: height)
            row += height
        }
        return placements
    }

    /// Three panels on top; the pipelines beside topics, warehouse and log.
    private static func spacious(_ body: Rect, _ counts: [Panel: Int]) -> [Placement] {
        let most = max(1, counts[.scheduler] ?? 0, counts[.queues] ?? 0, counts[.services] ?? 0)
        let top = min(3 + most, body.rows / 4)
        let left = body.columns * 3 / 5
        let lower = Rect(row: body.row + top, column: left, columns: body.columns - left, rows: body.rows - top)
        let heights = share(
            lower.rows,
            bands: [
                Band(minimum: 5, need: 3 + max(1, counts[.topics] ?? 0), growth: 1),
                Band(minimum: 5, need: 3 + max(1, counts[.warehouse] ?? 0), growth: 1),
                Band(minimum: 8, need: 12, growth: 3),
            ])
        var placements = beside(
            [.scheduler, .queues, .services], row: body.row, column: 0, columns: body.columns, rows: top)
        placements.append(
            Placement(panel: .pipelines, rect: Rect(row: lower.row, column: 0, columns: left, rows: lower.rows)))
        var row = lower.row
        for (panel, height) in zip([Panel.topics, .warehouse, .log], heights) {
            placements.append(
                Placement(panel: panel, rect: Rect(row: row, column: left, columns: lower.columns, rows: height)))
            row += height
        }
        return placements
    }

    private static func beside(_ panels: [Panel], row: Int, column: Int, columns: Int, rows: Int) -> [Placement] {
        panels.enumerated().map { index, panel in
            let start = columns * index / panels.count
            let end = columns * (index + 1) / panels.count
            return Placement(
                panel: panel, rect: Rect(row: row, column: column + start, columns: end - start, rows: rows))
        }
    }

    /// A part of a height.
    struct Band: Hashable {
        var minimum: Int
        /// What it would like.
        var need: Int
        /// Its part of what nobody needs.
        var growth: Int
    }

    /// Shares a height: to each its minimum, then row by row to the one that has least of its need, then by growth.
    static func share(_ height: Int, bands: [Band]) -> [Int] {
        var heights = bands.map(\.minimum)
        var left = height - heights.reduce(0, +)
        func share(_ index: Int) -> Double { Double(heights[index]) / Double(max(1, bands[index].need)) }
        while left > 0, let index = bands.indices.min(by: { share($0) < share($1) }), heights[index] < bands[index].need
        {
            heights[index] += 1
            left -= 1
        }
        let growth = bands.map(\.growth).reduce(0, +)
        if left > 0, growth > 0 {
            let surplus = left
            for index in bands.indices {
                heights[index] += surplus * bands[index].growth / growth
                left -= surplus * bands[index].growth / growth
            }
        }
        if left > 0, let last = bands.indices.max(by: { bands[$0].growth < bands[$1].growth }) { heights[last] += left }
        return heights
    }
}

extension DashboardState {
    var layout: Layout {
        var counts: [Panel: Int] = [:]
        for panel in Panel.allCases { counts[panel] = snapshot?.rows(of: panel).count ?? 0 }
        return Layout(size: size, counts: counts, zoomed: isZoomed ? focus : nil)
    }
}
