import Testing

@testable import Terminal

@Suite struct BrailleGraphTests {
    @Test(
        arguments: [
            (0, 0, BrailleGraph.Direction.up, "⠀"), (1, 0, .up, "⡀"), (4, 4, .up, "⣿"), (2, 1, .up, "⣄"),
            (0, 3, .up, "⢰"),
            (1, 0, .down, "⠁"), (4, 4, .down, "⣿"), (2, 1, .down, "⠋"), (9, -3, .up, "⡇"),
        ] as [(Int, Int, BrailleGraph.Direction, Character)])
    func charactersOfTheTable(left: Int, right: Int, direction: BrailleGraph.Direction, character: Character) {
        #expect(BrailleGraph.character(left: left, right: right, direction) == character)
    }

    let plain = Gradient(start: .terminal)

    func graph(
        _ values: [Double?], columns: Int = 4, rows: Int = 2, maximum: Double = 8, _ way: BrailleGraph.Direction = .up
    ) -> String {
        var grid = CellGrid(size: Size(columns: columns, rows: rows))
        grid.drawGraph(values, in: grid.bounds, maximum: maximum, colors: plain, direction: way)
        return grid.text
    }

    @Test func readingsFillFromBelowNewestAtTheRight() {
        #expect(graph([1, 2, 3, 4, 5, 6, 7, 8]) == "  ⣠⣾\n⣠⣾⣿⣿")
        #expect(graph([8]) == "   ⢸\n   ⢸")
        #expect(graph([1, 1, 1, 1, 1, 1, 1, 1, 8, 8]) == "   ⣿\n⣀⣀⣀⣿")
    }

    @Test func readingsHangFromAbove() {
        #expect(graph([8, 4], columns: 1, .down) == "⣿\n⡇")
    }

    @Test func whatWasNotMeasuredIsAGapAndNothingIsADot() {
        #expect(graph([nil, 0, .nan, 0], columns: 2, rows: 1) == "⢀⢀")
        #expect(graph([0, 0], columns: 1, rows: 1, maximum: 0) == "⣀")
        #expect(graph([], columns: 3) == "\n")
    }

    @Test func valuesBeyondTheScaleStopAtItsEdge() {
        #expect(graph([.infinity, 1e300, -5, -.infinity], columns: 2, rows: 1) == "⣿⣀")
    }

    @Test func heightHasTheColorsOfTheGradient() {
        var grid = CellGrid(size: Size(columns: 1, rows: 3))
        let colors = Gradient(start: Color(hex: 0), end: Color(hex: 0xc80000))
        grid.drawGraph([9, 9], in: grid.bounds, maximum: 9, colors: colors)
        #expect((0..<3).map { grid[$0, 0].foreground } == [colors[100], colors[50], colors[0]])
    }

    @Test(
        arguments: [
            ([0, 0, 0], 10, [0, 0, 0]), ([1, 0, 2], 10, [1, 0, 2]), ([1, 1000, 0], 10, [1, 9, 0]),
            ([100, 100], 4, [2, 2]),
            ([1, 2, 3, 97], 3, [0, 1, 1, 1]), ([-5, 3], 4, [0, 3]), ([.max, .max], 6, [3, 3]),
        ] as [([Int], Int, [Int])])
    func barsGiveEveryPartItsCells(amounts: [Int], width: Int, cells: [Int]) {
        let result = CellGrid.stackCells(amounts, width: width)
        #expect(result.reduce(0, +) <= width)
        #expect(result == cells)
    }
}
