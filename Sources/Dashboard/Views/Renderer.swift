import Control
public import Terminal
import Time

extension DashboardState {
    /// The whole screen. Pure: the same state and look give the same cells.
    public func render(_ look: Look) -> CellGrid {
        var renderer = Renderer(state: self, look: look)
        renderer.drawScreen()
        return renderer.grid
    }
}

/// Draws a state; its parts are in the files beside this one.
struct Renderer {
    let state: DashboardState
    let look: Look
    var grid: CellGrid
    /// The host's time that ages and countdowns are taken at.
    let now: Timestamp

    init(state: DashboardState, look: Look) {
        self.state = state
        self.look = look
        now = state.hostNow
        grid = CellGrid(size: state.size, fill: look.blank)
    }

    mutating func drawScreen() {
        guard state.size.columns >= Layout.minimum.columns, state.size.rows >= Layout.minimum.rows else {
            return drawTooSmall()
        }
        let layout = state.layout
        drawHeader(layout.header)
        for placement in layout.panels { drawPanel(placement.panel, in: placement.rect) }
        drawNotice(above: layout.footer)
        drawFooter(layout.footer)
        drawOverlay(Rect(row: 1, column: 0, columns: grid.columns, rows: grid.rows - 2))
    }

    private mutating func drawTooSmall() {
        let (needed, size) = (Layout.minimum, state.size)
        let whole = "too small: \(size.columns)×\(size.rows), streamtop needs \(needed.columns)×\(needed.rows)"
        let lines =
            whole.count <= size.columns
            ? [whole]
            : ["too small", "needs \(needed.columns)×\(needed.rows)", "is \(size.columns)×\(size.rows)"]
        let top = max(0, (size.rows - lines.count) / 2)
        for (index, line) in lines.enumerated() {
            grid.draw(
                line, row: top + index, column: 0, field: size.columns, alignment: .center, style: look.style(.warning))
        }
    }
}
