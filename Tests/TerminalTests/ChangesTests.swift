import TestSupport
import Testing

@testable import Terminal

@Suite struct ChangesTests {
    func grid(_ lines: String...) -> CellGrid {
        var grid = CellGrid(size: Size(columns: 8, rows: lines.count))
        for (row, line) in lines.enumerated() { grid.draw(line, row: row, column: 0, style: Style()) }
        return grid
    }

    @Test func nothingChangesBetweenEqualGrids() {
        #expect(grid("abc", "def").changes(from: grid("abc", "def")).isEmpty)
    }

    @Test func everythingChangesAtFirstAndOnANewSize() {
        let new = grid("abc", "def")
        let all = [CellGrid.Change(row: 0, columns: 0..<8), .init(row: 1, columns: 0..<8)]
        #expect(new.changes(from: nil) == all)
        #expect(new.changes(from: grid("abc")) == all)
        #expect(CellGrid(size: Size(columns: 0, rows: 5)).changes(from: nil).isEmpty)
    }

    @Test func neighboursMakeOneRun() {
        #expect(
            grid("abXYef", "def").changes(from: grid("abcdef", "dex"))
                == [.init(row: 0, columns: 2..<4), .init(row: 1, columns: 2..<3)])
    }

    @Test func aChangeOfStyleIsAChange() {
        var new = grid("abc")
        new[0, 1].attributes = .bold
        #expect(new.changes(from: grid("abc")) == [.init(row: 0, columns: 1..<2)])
    }

    @Test func wideCharactersAreNeverDrawnByHalf() {
        #expect(grid("a下b").changes(from: grid("axyb")) == [.init(row: 0, columns: 1..<3)])
        #expect(grid("axyb").changes(from: grid("a下b")) == [.init(row: 0, columns: 1..<3)])
        // Only the second half differs in what it shows, yet both are drawn.
        #expect(grid("x地").changes(from: grid("地x")) == [.init(row: 0, columns: 0..<3)])
    }

    @Test func appliedToTheOldTheyGiveTheNew() {
        var random = SplitMix64(seed: 7)
        let alphabet: [Character] = ["a", "b", " ", "地", "é", "🚇"]
        func randomGrid() -> CellGrid {
            var grid = CellGrid(size: Size(columns: 17, rows: 5))
            for row in 0..<5 {
                let text = String((0..<17).map { _ in alphabet.randomElement(using: &random) ?? " " })
                grid.draw(text, row: row, column: 0, style: Style(Color(hex: random.next() % 2 == 0 ? 1 : 2)))
            }
            return grid
        }
        for _ in 0..<300 {
            let (old, new) = (randomGrid(), randomGrid())
            var screen = old
            for change in new.changes(from: old) {
                #expect(new[change.row, change.columns.lowerBound].width > 0)
                for column in change.columns { screen[change.row, column] = new[change.row, column] }
            }
            #expect(screen == new)
        }
    }
}
