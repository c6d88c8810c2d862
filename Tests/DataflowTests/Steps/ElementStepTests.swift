import Columnar
import Pipes
import Testing
import Time

@testable import Dataflow

private let schema = Schema([Field("k", .string), Field("v", .int64)])

private func batch(_ rows: [[Scalar]], times: [Int64]? = nil, selection: [Int32]? = nil) -> Batch {
    var batch = Batch(schema, rows: rows)
    batch.eventTimes = times ?? rows.indices.map { Int64($0) }
    batch.selection = selection
    return batch
}

private let five = batch(
    [
        [.string("a"), .int64(0)], [.string("b"), .int64(1)], [.null, .int64(2)], [.string("d"), .null],
        [.string("e"), .int64(4)],
    ])

private let selected = batch(five.rows, selection: [1, 2, 3, 4])

/// Rejects the row where `v` is 4.
private let doubled = RowExpression(.int64) { row in
    guard case .int64(let value)? = row["v"] else { return .null }
    if value == 4 { throw RowExpression.Rejection(reason: "four") }
    return .int64(value * 2)
}

@Suite struct ElementStepTests {
    @Test func mapEvaluatesLiveRowsAndRejectsFailures() {
        var failures = RowFailures()
        let out = Schema([Field("d", .int64), Field("k", .string)])
        let result = MapStep(expressions: [doubled, field("k", in: schema)], schema: out)
            .process(selected, failures: &failures)
        #expect(result.rows == [[.int64(2), .string("b")], [.int64(4), .null], [.null, .string("d")]])
        #expect(result.compacted().eventTimes == [1, 2, 3])
        #expect(failures.reasons == [3: "four"])
        #expect(result.schema == out)
    }

    @Test func filterKeepsWhatIsTrueAndCopiesNothing() {
        var failures = RowFailures()
        let condition = RowExpression(.boolean) { row in
            if row["v"] == .int64(4) { throw RowExpression.Rejection(reason: "four") }
            return row["v"] == .null ? .null : .boolean(row["v"] != .int64(2))
        }
        let result = FilterStep(condition: condition).process(selected, failures: &failures)
        #expect(result.selection == [1])
        #expect(result.count == 5)
        #expect(failures.reasons == [3: "four"])
        let none = FilterStep(condition: LiteralExpression(.null, .null)).process(five, failures: &failures)
        #expect(none.liveCount == 0)
    }

    private let lists = Schema([
        Field("k", .string), Field("l", .list(.int64)), Field("m", .list(.string)),
    ])
    private let exploded = Schema([Field("k", .string), Field("l", .int64), Field("m", .string)])

    private func explode(_ rows: [[Scalar]], cross: Bool, selection: [Int32]? = nil) -> ([[Scalar]], RowFailures) {
        var batch = Batch(lists, rows: rows)
        batch.selection = selection
        var failures = RowFailures()
        let step = ExplodeStep(fields: [1, 2], crossProduct: cross, schema: exploded, names: ["l", "m"])
        return (step.process(batch, failures: &failures).rows, failures)
    }

    private let listRows: [[Scalar]] = [
        [.string("a"), .list([.int64(1), .int64(2)]), .list([.string("x"), .string("y")])],
        [.string("b"), .list([]), .list([])],
        [.string("c"), .list([.int64(7)]), .list([.string("x"), .string("y"), .string("z")])],
    ]

    // As apache_beam.yaml 2.77 gives it.
    @Test func crossProductGivesAllCombinations() {
        let (rows, failures) = explode(listRows, cross: true)
        #expect(
            rows.map { "\($0)" }
                == [
                    ("a", 1, "x"), ("a", 1, "y"), ("a", 2, "x"), ("a", 2, "y"), ("c", 7, "x"), ("c", 7, "y"),
                    ("c", 7, "z"),
                ].map { "\([Scalar.string($0), .int64(Int64($1)), .string($2)])" })
        #expect(failures.isEmpty)
    }

    @Test func withoutItListsAreWalkedSideBySide() {
        let (rows, failures) = explode(listRows, cross: false, selection: [1, 2])
        #expect(
            rows == [
                [.string("c"), .int64(7), .string("x")], [.string("c"), .null, .string("y")],
                [.string("c"), .null, .string("z")],
            ])
        #expect(failures.isEmpty)
    }

    @Test func aNullListIsRejected() {
        let (rows, failures) = explode(
            [
                [.string("a"), .null, .list([.string("x")])],
                [.string("b"), .list([.int64(1)]), .list([.string("x")])],
            ],
            cross: true)
        #expect(rows == [[.string("b"), .int64(1), .string("x")]])
        #expect(failures.reasons == [0: "'l' is null; Explode needs a list"])
    }

    @Test func elementsKeepTheirRowsTimeAndWindow() {
        var failures = RowFailures()
        var source = Batch(lists, rows: listRows)
        source.eventTimes = [10, 20, 30]
        source.windows = .intervals(starts: [0, 1, 2], ends: [100, 101, 102])
        let step = ExplodeStep(fields: [2], crossProduct: true, schema: lists, names: ["m"])
        let result = step.process(source, failures: &failures)
        #expect(result.eventTimes == [10, 10, 30, 30, 30])
        #expect(result.windows == .intervals(starts: [0, 0, 2, 2, 2], ends: [100, 100, 102, 102, 102]))
    }

    @Test func timestampsComeFromSecondsOrTimes() {
        for (expression, expected) in [
            (RowExpression(.int64) { $0["v"] ?? .null }, [1_000_000, 2_000_000, 4_000_000]),
            (
                RowExpression(.float64) {
                    if case .int64(let v)? = $0["v"] { .float64(Double(v) + 0.25) } else { .null }
                },
                [1_250_000, 2_250_000, 4_250_000]
            ),
            (
                RowExpression(.timestamp) {
                    if case .int64(let v)? = $0["v"] { .timestamp(Timestamp(micros: v)) } else { .null }
                }, [1, 2, 4]
            ),
        ] as [(RowExpression, [Int64])] {
            var failures = RowFailures()
            let result = AssignTimestampsStep(time: expression, windowing: .global)
                .process(selected, failures: &failures)
            #expect(result.compacted().eventTimes == expected)
            #expect(failures.reasons == [2: "the timestamp is null"])
        }
    }

    @Test(arguments: [
        Scalar.float64(.nan), .float64(.infinity), .float64(1e18), .float64(-1e18), .int64(.max), .int64(.min),
    ])
    func timesThatDoNotFitAreRejected(_ value: Scalar) {
        var failures = RowFailures()
        let type: DataType = if case .int64 = value { .int64 } else { .float64 }
        let result = AssignTimestampsStep(time: LiteralExpression(value, type), windowing: .global)
            .process(batch([[.string("a"), .int64(0)]]), failures: &failures)
        #expect(result.liveCount == 0)
        #expect(failures.reasons.count == 1)
    }

    @Test func windowsFollowANewTimestamp() {
        let windowing = WindowFunction.sliding(size: 10_000_000, period: 5_000_000, offset: 0)
        let assigned = windowing.assign(
            to: batch([[.string("a"), .int64(3)], [.string("b"), .null]], times: [0, 0]))
        #expect(assigned.count == 4)
        var failures = RowFailures()
        let result = AssignTimestampsStep(time: field("v", in: schema), windowing: windowing)
            .process(assigned, failures: &failures)
        #expect(result.eventTimes == [3_000_000, 3_000_000])
        #expect(result.windows == .intervals(starts: [0, -5_000_000], ends: [10_000_000, 5_000_000]))
        #expect(failures.reasons.keys.sorted() == [2, 3], "an element is rejected in all of its windows")
        var single = AssignTimestampsStep(time: field("v", in: schema), windowing: windowing)
        single.hasCopies = false
        #expect(single.process(assigned, failures: &failures).eventTimes.count == 4, "rows of windows are no copies")
    }

    @Test func flattenPutsFieldsInOrder() {
        var failures = RowFailures()
        let other = Schema([Field("v", .int64), Field("k", .string)])
        let result = FlattenStep(schema: other).process(five, failures: &failures)
        #expect(result.rows == five.rows.map { [$0[1], $0[0]] })
    }

    @Test func windowingInfoIsBeams() {
        var failures = RowFailures()
        var source = batch([[.string("a"), .int64(1)], [.string("b"), .int64(2)]], times: [1_500_000, 2_000_000])
        source.windows = .intervals(starts: [0, 1_500_000], ends: [10_000_000, 4_000_000])
        source.selection = [1]
        let pane = DataType.structure([
            Field("is_first", .boolean), Field("is_last", .boolean), Field("timing", .string), Field("index", .int64),
            Field("nonspeculative_index", .int64),
        ])
        let out = Schema(
            schema.fields + [
                Field("timestamp", .timestamp), Field("window_start", .timestamp), Field("window_end", .timestamp),
                Field("window_string", .string), Field("window_type", .string), Field("window_object", .string),
                Field("pane_info", pane),
            ])
        let fields: [WindowingInfoField] = [
            .timestamp, .windowStart, .windowEnd, .windowString, .windowType, .windowObject, .paneInfo,
        ]
        let step = WindowingInfoStep(fields: fields, schema: out, isCombined: true)
        #expect(
            step.process(source, failures: &failures).rows == [
                [
                    .string("b"), .int64(2), .timestamp(Timestamp(seconds: 2)), .timestamp(Timestamp(millis: 1500)),
                    .timestamp(Timestamp(seconds: 4)), .string("[1.5, 4.0)"), .string("IntervalWindow"),
                    .string("[1.5, 4.0)"),
                    .structure([.boolean(true), .boolean(false), .string("ON_TIME"), .int64(0), .int64(0)]),
                ]
            ])
        let global = Batch(schema, rows: [[.null, .null]])
        let row = step.process(global, failures: &failures).rows[0]
        #expect(row[2] == .timestamp(Timestamp(micros: -9_223_372_036_854_775_000)))
        #expect(row[4] == .timestamp(Timestamp(micros: 9_223_371_950_454_775_000)))
        #expect(row[5] == .string("GlobalWindow"))
    }
}
