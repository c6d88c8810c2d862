import Control
import Terminal
import Testing
import Time

@testable import Dashboard

@Suite struct FiguresTests {
    @Test(
        arguments: [
            (0, "0"), (999, "999"), (9999, "9999"), (10_000, "10.0k"), (12_345, "12.3k"), (99_949, "99.9k"),
            (123_456, "123k"), (999_999, "1.00M"), (1_234_567, "1.23M"), (-12_345, "-12.3k"), (.max, "9.22E"),
            (.min, "-9.22E"),
        ] as [(Int64, String)])
    func counts(value: Int64, text: String) { #expect(Figures.count(value) == text) }

    @Test(
        arguments: [
            (0, "0"), (306, "306"), (1_234, "1,234"), (123_456, "123,456"), (1_234_567, "1,234,567"), (-5, "-5"),
            (-1_234, "-1,234"),
            (999_999_999, "999,999,999"), (12_345_678_901, "12.3G"), (.min, "-9.22E"),
        ] as [(Int64, String)])
    func exactNumbers(value: Int64, text: String) { #expect(Figures.exact(value) == text) }

    @Test(
        arguments: [
            (nil, "—"), (.nan, "—"), (.infinity, "—"), (0, "0/s"), (0.001, "0/s"), (0.05, "0.05/s"), (3.849, "3.85/s"),
            (9.996, "10.0/s"), (12.34, "12.3/s"), (99.96, "100/s"), (1234.4, "1234/s"), (9999.6, "10.0k/s"),
            (1e6, "1.00M/s"),
            (-2.5, "-2.50/s"), (1e300, ">999E/s"),
        ] as [(Double?, String)])
    func rates(value: Double?, text: String) { #expect(Figures.rate(value) == text) }

    @Test(
        arguments: [
            (nil, "—"), (0, "0 B"), (999, "999 B"), (1000, "1.0 KiB"), (3_480, "3.4 KiB"), (101_000_000, "96.3 MiB"),
            (123_000_000, "117 MiB"), (-2048, "-2.0 KiB"), (.max, "8.0 EiB"),
        ] as [(Int64?, String)])
    func sizes(value: Int64?, text: String) { #expect(Figures.bytes(value) == text) }

    @Test(
        arguments: [
            (nil, "—"), (.nan, "—"), (.infinity, ">9999y"), (-.infinity, "->9999y"), (0, "0 ms"), (0.000_85, "850 µs"),
            (0.0042, "4.2 ms"), (0.12, "120 ms"), (0.999_6, "1.0 s"), (4.24, "4.2 s"), (42, "42 s"), (59.4, "59 s"),
            (59.6, "1m 00s"),
            (125, "2m 05s"), (3599.6, "1h 00m"), (11_220, "3h 07m"), (442_800, "5d 03h"), (1e7, "115d"), (1e9, "31y"),
            (1e15, ">9999y"), (-1.5, "-1.5 s"),
        ] as [(Double?, String)])
    func durations(value: Double?, text: String) { #expect(Figures.duration(value) == text) }

    @Test func durationsFitTheirColumn() {
        for exponent in stride(from: -7.0, through: 12, by: 0.01) {
            let seconds = pow10(exponent)
            #expect(CharacterWidth.of(Figures.duration(seconds)) <= 7, "\(seconds)")
            #expect(CharacterWidth.of(Figures.rate(seconds)) <= 8, "\(seconds)")
        }
    }

    private func pow10(_ exponent: Double) -> Double {
        var result = 1.0
        for _ in 0..<Int(abs(exponent)) { result *= exponent < 0 ? 0.1 : 10 }
        let rest = abs(exponent) - Double(Int(abs(exponent)))
        return exponent < 0 ? result / (1 + 9 * rest) : result * (1 + 9 * rest)
    }

    @Test(
        arguments: [(nil, "—"), (0.031, "3.1 %"), (0, "0.0 %"), (1.5, "150 %"), (.infinity, "—"), (1e18, "—")]
            as [(Double?, String)])
    func shares(value: Double?, text: String) { #expect(Figures.percent(value) == text) }

    @Test(
        arguments: [
            (0.084, 0.213, "84/213 ms"), (0.000_85, 0.0021, "850 µs/2.1 ms"), (nil, nil, "—"), (0.084, nil, "84 ms/—"),
            (125, 130, "2m 05s/2m 10s"), (42, 125, "42 s/2m 05s"), (42, 43, "42/43 s"), (0.001, 0.001, "1.0/1.0 ms"),
        ] as [(Double?, Double?, String)])
    func pairs(one: Double?, other: Double?, text: String) { #expect(Figures.pair(one, other) == text) }

    @Test func watermarksAreTimesOrDays() throws {
        let now = try #require(Timestamp(rfc3339: "2026-02-28T13:04:05Z"))
        let morning = try #require(Timestamp(rfc3339: "2026-02-28T00:41:00Z"))
        let before = try #require(Timestamp(rfc3339: "2025-12-01T23:59:59Z"))
        #expect(Figures.watermark(morning, now: now) == "00:41:00")
        #expect(Figures.watermark(before, now: now) == "25-12-01")
        #expect(Figures.watermark(nil, now: now) == "—")
        #expect(Figures.watermark(.distantPast, now: now) == "—")
        #expect(Figures.watermark(.distantFuture, now: now) == "end")
        #expect(Figures.clock(Timestamp(micros: -1)) == "23:59:59")
    }
}

@Suite struct LayoutTests {
    let counts: [Panel: Int] = [
        .scheduler: 1, .queues: 1, .services: 2, .topics: 3, .pipelines: 10, .warehouse: 3, .log: 50,
    ]

    @Test func panelsFillTheScreenWithoutOverlap() {
        for columns in stride(from: 60, through: 220, by: 20) {
            for rows in stride(from: 16, through: 70, by: 3) {
                let size = Size(columns: columns, rows: rows)
                for zoomed in [nil, Panel.topics] {
                    let layout = Layout(size: size, counts: counts, zoomed: zoomed)
                    var covered = Array(repeating: 0, count: columns * rows)
                    for rect in layout.panels.map(\.rect) + [layout.header, layout.footer] {
                        for row in rect.row..<rect.endRow {
                            for column in rect.column..<rect.endColumn { covered[row * columns + column] += 1 }
                        }
                    }
                    #expect(covered.allSatisfy { $0 == 1 }, "\(columns)×\(rows)")
                    #expect(layout.panels.count == (zoomed == nil ? 7 : 1))
                    #expect(layout.panels.allSatisfy { $0.rect.rows >= 3 && $0.rect.columns >= 30 })
                }
            }
        }
    }

    @Test(
        arguments: [
            (10, [2, 2, 2], [3, 9, 1], [2, 6, 2]), (30, [2, 2, 2], [3, 9, 1], [3, 25, 2]),
            (6, [2, 2, 2], [9, 9, 9], [2, 2, 2]),
        ] as [(Int, [Int], [Int], [Int])])
    func heightIsSharedByNeedThenByGrowth(height: Int, minimum: [Int], need: [Int], result: [Int]) {
        let bands = zip(minimum, need).enumerated().map {
            Layout.Band(minimum: $0.element.0, need: $0.element.1, growth: $0.offset == 1 ? 1 : 0)
        }
        #expect(Layout.share(height, bands: bands) == result)
    }

    @Test func columnsGoByPriorityAndNamesBeforeExtras() {
        let columns = [
            Column.name(longest: 20, atLeast: 10), Column("a", 6, priority: 2), Column("b", 6, priority: 1),
            Column("c", 6, priority: 5),
        ]
        #expect(ColumnFit(columns, width: 10).places == [.init(column: 0, start: 0, width: 10)])
        #expect(
            ColumnFit(columns, width: 18).places
                == [.init(column: 0, start: 0, width: 11), .init(column: 2, start: 12, width: 6)])
        #expect(ColumnFit(columns, width: 34).places.map(\.column) == [0, 1, 2])
        #expect(ColumnFit(columns, width: 41).places.map(\.column) == [0, 1, 2, 3])
        #expect(ColumnFit(columns, width: 3).places == [.init(column: 0, start: 0, width: 3)])
    }
}

@Suite struct LagGraphTests {
    @Test(
        arguments: [
            ([nil], 1.0), ([0.2], 1), ([1.5, nil], 2), ([31], 40), ([61], 90), ([90_000], 172_800),
            ([.nan, .infinity, -4], 1),
        ] as [([Double?], Double)])
    func scalesAreRound(values: [Double?], scale: Double) { #expect(Renderer.scale(values) == scale) }

    @Test func theGreatestOfSeveralIsTakenFromTheNewestBack() {
        #expect(Renderer.greatest([[1, nil, 3], [5, 2]]) == [1, 5, 3])
        #expect(Renderer.greatest([[.nan], [nil, nil]]) == [nil, nil])
        #expect(Renderer.greatest([]).isEmpty)
    }

    @Test func peaksStandStillWhileReadingsMoveBy() {
        var snapshot = SampleSnapshots.subway()
        var state = screen(snapshot)
        func readings(_ history: [Double?], at time: Timestamp) -> [Double?] {
            snapshot.takenAt = time
            _ = state.reduce(.snapshot(snapshot, at: state.now))
            return Renderer(state: state, look: .dark).lagReadings(history, columns: 30)
        }
        // 2 minutes in 60 dots: 4 readings a dot. A peak stays whole in one dot, wherever the readings begin.
        let start = SampleSnapshots.start
        var history: [Double?] = Array(repeating: 1, count: 200)
        history[150] = 9
        for step in 0..<12 {
            let result = readings(history + Array(repeating: 1, count: step), at: start + .milliseconds(500 * step))
            #expect(result.filter { $0 == 9 }.count == 1)
            #expect(result.count <= 60)
        }
        #expect(readings([nil, nil, nil], at: start).allSatisfy { $0 == nil })
        #expect(readings([], at: start).isEmpty)
    }
}
