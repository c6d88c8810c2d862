import Control
import Dashboard
import Terminal
import Testing
import Time

/// A state that has seen one snapshot, and the keys pressed since.
func screen(
    _ snapshot: Snapshot?, columns: Int = 120, rows: Int = 40, keys: [Key] = [], keymap: Keymap = Keymap(),
    later: Duration = .zero
) -> DashboardState {
    let time = Timestamp(rfc3339: "2026-03-14T09:30:00Z") ?? Timestamp(seconds: 0)
    var state = DashboardState(
        size: Size(columns: columns, rows: rows), now: time, themeName: "streamtop-dark",
        themeNames: ThemeCatalog().names(), keymap: keymap)
    if let snapshot { _ = state.reduce(.snapshot(snapshot, at: time)) }
    for key in keys { _ = state.reduce(.input(.key(key))) }
    _ = state.reduce(.tick(time + later))
    return state
}

extension DashboardState {
    var text: String { render(.dark).text }
}

extension Look {
    static let dark = Look(theme: .standard, depth: .palette)
    static let mono = Look(theme: .standard, depth: .mono)
}

@Suite struct ScreenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let snapshot: Snapshot?
        let columns: Int
        let rows: Int
        var keys: [Key] = []
        var later = Duration.zero
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "live-80x24", snapshot: SampleSnapshots.subway(), columns: 80, rows: 24),
        Case(name: "live-120x40", snapshot: SampleSnapshots.subway(), columns: 120, rows: 40),
        Case(name: "live-200x60", snapshot: SampleSnapshots.subway(age: 700), columns: 200, rows: 60),
        Case(name: "live-60x16", snapshot: SampleSnapshots.subway(), columns: 60, rows: 16),
        Case(name: "paused-80x24", snapshot: SampleSnapshots.subway(isTriggered: false), columns: 80, rows: 24),
        Case(name: "paused-120x40", snapshot: SampleSnapshots.subway(isTriggered: false), columns: 120, rows: 40),
        Case(name: "stale-120x40", snapshot: SampleSnapshots.subway(), columns: 120, rows: 40, later: .seconds(7)),
        Case(name: "starting-80x24", snapshot: nil, columns: 80, rows: 24),
        Case(name: "empty-80x24", snapshot: SampleSnapshots.empty(), columns: 80, rows: 24),
        Case(name: "odd-80x24", snapshot: SampleSnapshots.odd(), columns: 80, rows: 24),
        Case(name: "odd-120x40", snapshot: SampleSnapshots.odd(), columns: 120, rows: 40),
        Case(name: "too-small-40x10", snapshot: SampleSnapshots.subway(), columns: 40, rows: 10),
        Case(name: "too-small-20x5", snapshot: SampleSnapshots.subway(), columns: 20, rows: 5),
        Case(
            name: "zoom-scheduler-80x24", snapshot: SampleSnapshots.subway(), columns: 80, rows: 24,
            keys: [.character("z")]),
        Case(
            name: "zoom-queues-120x40", snapshot: SampleSnapshots.subway(), columns: 120, rows: 40,
            keys: [.character("2"), .character("z")]),
        Case(
            name: "zoom-topics-120x40", snapshot: SampleSnapshots.subway(), columns: 120, rows: 40,
            keys: [.character("4"), .down, .enter]),
        Case(
            name: "zoom-step-120x40", snapshot: SampleSnapshots.subway(age: 400), columns: 120, rows: 40,
            keys: [.character("5"), .character("z"), .character("G"), .character("k")]),
        Case(name: "help-80x24", snapshot: SampleSnapshots.subway(), columns: 80, rows: 24, keys: [.character("?")]),
        Case(
            name: "themes-80x24", snapshot: SampleSnapshots.subway(), columns: 80, rows: 24,
            keys: [.character("t"), .down]),
        Case(name: "quit-80x24", snapshot: SampleSnapshots.subway(), columns: 80, rows: 24, keys: [.character("q")]),
        Case(
            name: "seek-120x40", snapshot: SampleSnapshots.subway(), columns: 120, rows: 40,
            keys: [.character("4"), .down, .character("S"), .backspace, .character("x"), .enter]),
        Case(
            name: "filter-80x24", snapshot: SampleSnapshots.subway(), columns: 80, rows: 24,
            keys: [.character("5"), .character("/"), .character("w"), .character("r"), .character("i")]),
        Case(
            name: "frozen-80x24", snapshot: SampleSnapshots.subway(), columns: 80, rows: 24, keys: [.character("f")],
            later: .seconds(12)),
    ]

    @Test(arguments: cases)
    func looksAsRecorded(_ example: Case) throws {
        let state = screen(
            example.snapshot, columns: example.columns, rows: example.rows, keys: example.keys, later: example.later)
        try expectGolden(state.text, example.name)
    }

    @Test func drawsAnySizeInEveryModeWithoutATrap() {
        let snapshots: [Snapshot?] = [nil, SampleSnapshots.empty(), SampleSnapshots.subway(), SampleSnapshots.odd()]
        let modes: [[Key]] = [
            [], [.character("z")], [.character("5"), .character("z")], [.character("4"), .down, .character("S")],
            [.character("?")], [.character("t")], [.character("q")],
            [.character("7"), .up, .character("/"), .character("e")],
        ]
        for snapshot in snapshots {
            for keys in modes {
                for (columns, rows) in [
                    (0, 0), (1, 1), (59, 16), (60, 15), (60, 16), (61, 17), (79, 23), (99, 31), (131, 37), (160, 36),
                    (300, 17),
                    (60, 200),
                ] {
                    let state = screen(snapshot, columns: columns, rows: rows, keys: keys)
                    for look in [Look.dark, .mono] {
                        let grid = state.render(look)
                        #expect(grid.size == Size(columns: columns, rows: rows))
                    }
                }
            }
        }
    }

    @Test(arguments: [(80, 24), (120, 40), (200, 60)])
    func aPausedTriggerNamesTheKeyThatResumesIt(columns: Int, rows: Int) {
        let text = screen(SampleSnapshots.subway(isTriggered: false), columns: columns, rows: rows).text
        let lines = text.split(separator: "\n")
        #expect(lines.first?.contains("PAUSED   space resumes") == true)
        #expect(lines.last?.contains("space resume trigger") == true)
        if rows >= 40 { #expect(text.contains("paused: press  space  to start the events")) }
        #expect(!screen(SampleSnapshots.subway(), columns: columns, rows: rows).text.contains("space resumes"))
    }

    @Test func aReboundKeyIsTheOneNamed() throws {
        let keymap = try Keymap(text: "toggle-trigger = f5", file: "keys")
        let text = screen(SampleSnapshots.subway(isTriggered: false), keymap: keymap).text
        #expect(text.contains("f5 resumes"))
        #expect(text.contains("f5 resume trigger"))
        #expect(!text.contains("space resume"))
    }

    @Test func theWholeNameOfATableIsSeenOnTheSmallestUsualScreen() {
        let text = screen(SampleSnapshots.subway(), columns: 80, rows: 24).text
        #expect(text.firstMatch(of: /realtime_updates\s+462\b/) != nil)
    }

    @Test func agesAndCountdownsRunBetweenSnapshots() {
        #expect(screen(SampleSnapshots.subway()).text.contains("ENABLED     42 s"))
        #expect(screen(SampleSnapshots.subway(), later: .seconds(1)).text.contains("ENABLED     41 s"))
        #expect(
            screen(SampleSnapshots.subway(), keys: [.character("f")], later: .seconds(1)).text.contains(
                "ENABLED     42 s"))
    }

    @Test func whatFastForwardShowsHasAMark() {
        var snapshot = SampleSnapshots.subway()
        snapshot.isFastForward = true
        #expect(screen(snapshot).text.contains("» 09:02:05 UTC"))
        #expect(screen(snapshot, later: .seconds(1)).text.contains("» 09:02:05 UTC"))
    }
}

@Suite struct LookTests {
    /// The row of the screen that holds a text, and a cell within it.
    func cell(of text: String, in grid: CellGrid) throws -> Cell {
        for (row, line) in grid.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let range = line.firstRange(of: text) {
                let column = CharacterWidth.of(String(line[..<range.lowerBound]))
                return grid[row, column]
            }
        }
        throw Missing(text: text, screen: grid.text)
    }

    struct Missing: Error, CustomStringConvertible {
        let text: String
        let screen: String
        var description: String { "'\(text)' is not on the screen:\n\(screen)" }
    }

    @Test func monoHasNoColorsAndShowsSelectionAndSeverityWithoutThem() throws {
        let grid = screen(SampleSnapshots.odd(), keys: [.character("5")]).render(.mono)
        for row in 0..<grid.rows {
            #expect(grid.row(row).allSatisfy { $0.foreground.isTerminal && $0.background.isTerminal })
        }
        #expect(try cell(of: "realtime_updates  RETRYING", in: grid).attributes.contains(.reverse))
        #expect(try cell(of: "ReadFeed", in: grid).attributes.contains(.reverse) == false)
        #expect(try cell(of: "E pipeline", in: grid).attributes.contains(.bold))
        #expect(try cell(of: "✖ 3 problems", in: grid).attributes.contains(.bold))
    }

    @Test func inMonoABarIsMadeOfLetters() throws {
        let text = screen(SampleSnapshots.subway()).render(.mono).text
        #expect(text.contains("0.05/s fll"))
    }

    @Test func theSelectedRowHasTheThemesColors() throws {
        let grid = screen(SampleSnapshots.subway(), keys: [.character("6"), .down]).render(.dark)
        #expect(try cell(of: "line_activity", in: grid).background == Theme.standard[.selectedBackground])
        #expect(try cell(of: "realtime_updates  ", in: grid).background == Theme.standard[.mainBackground])
    }

    @Test func levelsOfTheLogHaveTheirColors() throws {
        let grid = screen(SampleSnapshots.subway()).render(.dark)
        #expect(try cell(of: "E pipeline", in: grid).foreground == Theme.standard[.cpu][100])
        #expect(try cell(of: "W queue", in: grid).foreground == Theme.standard[.cpu][50])
    }

    @Test func sixteenColorsLeaveTextAndBackgroundsToTheTerminal() throws {
        let light = Look(theme: ThemeCatalog.theme("streamtop-light"), depth: .ansi16)
        let grid = screen(SampleSnapshots.subway()).render(light)
        for row in 0..<grid.rows { #expect(grid.row(row).allSatisfy { $0.background.isTerminal }) }
        #expect(try cell(of: "ReadFeed", in: grid).foreground.isTerminal)
        #expect(try cell(of: "E pipeline", in: grid).foreground.index16 == 9)
    }

    @Test func asciiHasOnlyASCII() {
        let text = screen(SampleSnapshots.odd()).render(.dark).inASCII.text
        #expect(text.utf8.allSatisfy { $0 < 0x7f })
        #expect(text.contains("+-5-pipelines-"))
    }
}

extension ThemeCatalog {
    static func theme(_ name: String) -> Theme {
        (try? ThemeCatalog().load(name))?.theme ?? .standard
    }
}
