import Terminal
import Testing

@Suite struct CharacterWidthTests {
    @Test(
        arguments: [
            ("a", 1), ("~", 1), ("é", 1), ("e\u{301}", 1), ("—", 1), ("⣿", 1), ("●", 1), ("地", 2), ("ｗ", 2), ("ﾊ", 1),
            ("한", 2),
            ("🚇", 2), ("👩‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("❤\u{fe0f}", 2), ("☕", 2), ("\u{301}", 0), ("\u{200b}", 0), ("\u{ad}", 0),
        ] as [(Character, Int)])
    func columnsOfCharacters(character: Character, width: Int) {
        #expect(CharacterWidth.of(character) == width)
    }

    @Test(arguments: ["\u{1b}", "\n", "\r\n", "\t", "\u{7f}", "\u{9b}", "\0", "\u{2028}"] as [Character])
    func controlCharactersHaveNone(character: Character) {
        #expect(CharacterWidth.of(character) == nil)
    }

    @Test func textsAddUp() {
        #expect(CharacterWidth.of("queue 地下鉄!") == 13)
        #expect(CharacterWidth.of("plain") == 5)
        #expect(CharacterWidth.of("") == 0)
    }
}

@Suite struct CellGridTextTests {
    func grid(_ columns: Int = 8, _ rows: Int = 1) -> CellGrid { CellGrid(size: Size(columns: columns, rows: rows)) }

    @Test func textIsClippedToItsWidthAndToTheGrid() {
        var grid = grid()
        #expect(grid.draw("abcdefghijk", row: 0, column: 2, style: Style()) == 6)
        #expect(grid.text == "  abcdef")
        grid = self.grid()
        #expect(grid.draw("abcdef", row: 0, column: 1, width: 3, style: Style()) == 3)
        #expect(grid.text == " abc")
        grid.draw("xyz", row: 0, column: -2, style: Style())
        #expect(grid.text == "zabc")
        #expect(grid.draw("no", row: 1, column: 0, style: Style()) == 0)
        #expect(grid.draw("no", row: -1, column: 0, style: Style()) == 0)
        #expect(grid.draw("no", row: 0, column: 99, style: Style()) == 0)
    }

    @Test func aWideCharacterIsWholeOrAbsent() {
        var grid = grid(5)
        grid.draw("地下鉄", row: 0, column: 0, style: Style())
        #expect(grid.text == "地下")
        #expect(grid.row(0).map(\.width) == [2, 0, 2, 0, 1])
    }

    @Test func writingOverHalfAWideCharacterClearsTheOther() {
        var first = grid(4)
        first.draw("地下", row: 0, column: 0, style: Style())
        first.draw("x", row: 0, column: 1, style: Style())
        #expect(first.text == " x下")
        var second = grid(4)
        second.draw("地下", row: 0, column: 0, style: Style())
        second.draw("x", row: 0, column: 2, style: Style())
        #expect(second.text == "地x")
        var third = grid(4)
        third.draw("地下", row: 0, column: 0, style: Style())
        third.draw("鉄", row: 0, column: 1, style: Style())
        #expect(third.text == " 鉄")
        #expect(third.row(0).map(\.width) == [1, 2, 0, 1])
    }

    @Test func controlCharactersNeverReachTheScreen() {
        var grid = grid(12)
        grid.draw("a\u{1b}[31m\u{7}\nb", row: 0, column: 0, style: Style())
        #expect(grid.text == "a\u{fffd}[31m\u{fffd}\u{fffd}b")
    }

    @Test func aNilBackgroundKeepsTheOneBelow() {
        var grid = CellGrid(size: Size(columns: 2, rows: 1), fill: Cell(" ", background: Color(hex: 0x102030)))
        grid.draw("a", row: 0, column: 0, style: Style(Color(hex: 0xffffff)))
        grid.draw("b", row: 0, column: 1, style: Style(Color(hex: 0xffffff), on: Color(hex: 0x405060)))
        #expect(grid[0, 0].background == Color(hex: 0x102030))
        #expect(grid[0, 1].background == Color(hex: 0x405060))
    }

    @Test(
        arguments: [
            ("event-feed", 10, Cut.tail, "event-feed"), ("event-feed", 6, .tail, "event…"),
            ("event-feed", 6, .head, "…-feed"),
            ("event-feed", 6, .middle, "eve…ed"), ("event-feed", 1, .tail, "…"), ("event-feed", 0, .tail, ""),
            ("地下鉄の駅", 6, .tail, "地下…"), ("地下鉄の駅", 5, .tail, "地下…"), ("地下鉄の駅", 6, .head, "…の駅"), ("", 3, .tail, ""),
        ] as [(String, Int, Cut, String)])
    func longTextIsCut(text: String, width: Int, cut: Cut, result: String) {
        #expect(text.cut(to: width, cut) == result)
    }

    @Test func fieldsAreAligned() {
        for (alignment, expected) in [(Alignment.left, "[ab    ]"), (.right, "[    ab]"), (.center, "[  ab  ]")] {
            var grid = grid()
            grid.draw("[", row: 0, column: 0, style: Style())
            grid.draw("]", row: 0, column: 7, style: Style())
            grid.draw("ab", row: 0, column: 1, field: 6, alignment: alignment, style: Style())
            #expect(grid.text == expected)
        }
    }

    @Test func boxesHaveCornersAndLines() {
        var grid = grid(5, 4)
        grid.drawBox(Rect(row: 0, column: 0, columns: 5, rows: 4), style: Style())
        grid.drawDivider(column: 2, top: 0, bottom: 3, style: Style())
        #expect(grid.text == "╭─┬─╮\n│ │ │\n│ │ │\n╰─┴─╯")
        let before = grid
        grid.drawBox(Rect(row: 0, column: 0, columns: 1, rows: 9), style: Style())
        #expect(grid == before)
        // Partly outside: clipped, not a crash.
        grid.drawBox(Rect(row: -1, column: 3, columns: 9, rows: 9), style: Style())
        grid.fill(Rect(row: -3, column: -3, columns: 99, rows: 99), style: Style())
        #expect(grid.text == "\n\n\n")
    }
}

@Suite struct ASCIITests {
    @Test func everythingHasAnASCIIForm() {
        var grid = CellGrid(size: Size(columns: 24, rows: 3))
        grid.drawBox(grid.bounds, style: Style())
        grid.draw("● 42 µs … ⣿⡇⠀ 地x — é", row: 1, column: 1, style: Style())
        let folded = grid.inASCII
        #expect(folded.text == "+----------------------+\n|* 42 us ~ #:  ? x - ? |\n+----------------------+")
        #expect(folded.row(1).allSatisfy { $0.character.isASCII && $0.width == 1 })
    }
}
