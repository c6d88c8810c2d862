import Columnar
import Testing
import Time

@testable import Dataflow

@Suite struct WindowFunctionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var function: WindowFunction
        var time: Int64
        var windows: [Window]

        var testDescription: String { "\(function) at \(time)" }
    }

    // Recorded from apache_beam.transforms.window 2.77, in seconds there.
    @Test(arguments: [
        Case(function: .global, time: 5, windows: [.global]),
        Case(function: .fixed(size: 10, offset: 0), time: 0, windows: [Window(start: 0, end: 10)]),
        Case(function: .fixed(size: 10, offset: 0), time: 9, windows: [Window(start: 0, end: 10)]),
        Case(function: .fixed(size: 10, offset: 0), time: 10, windows: [Window(start: 10, end: 20)]),
        Case(function: .fixed(size: 10, offset: 0), time: -1, windows: [Window(start: -10, end: 0)]),
        Case(function: .fixed(size: 10, offset: 3), time: 2, windows: [Window(start: -7, end: 3)]),
        Case(function: .fixed(size: 10, offset: 13), time: 3, windows: [Window(start: 3, end: 13)]),
        Case(
            function: .sliding(size: 10, period: 5, offset: 0), time: 12,
            windows: [Window(start: 10, end: 20), Window(start: 5, end: 15)]),
        Case(
            function: .sliding(size: 10, period: 4, offset: 1), time: 10,
            windows: [Window(start: 9, end: 19), Window(start: 5, end: 15), Window(start: 1, end: 11)]),
        Case(function: .sliding(size: 5, period: 10, offset: 0), time: 4, windows: [Window(start: 0, end: 5)]),
        Case(function: .sliding(size: 5, period: 10, offset: 0), time: 5, windows: []),
        Case(
            function: .sliding(size: 6, period: 3, offset: 0), time: -1,
            windows: [Window(start: -3, end: 3), Window(start: -6, end: 0)]),
        Case(function: .sessions(gap: 30), time: 7, windows: [Window(start: 7, end: 37)]),
    ])
    func windowsFollowBeam(_ example: Case) {
        #expect(example.function.windows(at: example.time) == example.windows)
    }

    @Test(arguments: [
        WindowFunction.fixed(size: 7, offset: 2), .sliding(size: 10, period: 3, offset: 1),
        .sliding(size: 3, period: 10, offset: 4), .sessions(gap: 4), .global,
    ])
    func batchesAreAssignedLikeSingleTimes(_ function: WindowFunction) {
        let times: [Int64] = Array(-25..<25)
        var batch = Batch(
            schema: Schema([Field("t", .int64)]), columns: [.int64(FixedColumn(values: times))], count: times.count,
            eventTimes: times)
        batch.selection = batch.liveRows.filter { $0 % 3 != 0 }
        let assigned = function.assign(to: batch).compacted()
        let expected = batch.compacted().eventTimes.flatMap { time in function.windows(at: time).map { (time, $0) } }
        #expect(assigned.eventTimes == expected.map(\.0))
        #expect((0..<assigned.count).map { assigned.windows[$0] } == expected.map(\.1))
        #expect(assigned.rows == expected.map { [.int64($0.0)] })
        #expect(function.firstCopies(of: function.assign(to: batch)).liveCount <= batch.liveCount)
    }

    @Test func anElementInSeveralWindowsHasOneFirstCopy() {
        let function = WindowFunction.sliding(size: 10, period: 3, offset: 0)
        let times: [Int64] = [0, 1, 1, 17, 30]
        let batch = Batch(
            schema: Schema([Field("n", .int64)]), columns: [.int64(FixedColumn(values: [0, 1, 2, 3, 4]))], count: 5,
            eventTimes: times)
        let assigned = function.assign(to: batch)
        #expect(assigned.count > 15)
        #expect(function.firstCopies(of: assigned).rows == batch.rows)
    }

    @Test func windowsAreWrittenAsBeamWritesThem() {
        #expect("\(Window(start: 1_500_000, end: 20_000_000))" == "[1.5, 20.0)")
        #expect(
            "\(Window(start: 1_700_000_000_123_456, end: 1_700_000_010_000_000))" == "[1700000000.123456, 1700000010.0)"
        )
        #expect("\(Window.global)" == "GlobalWindow")
        #expect(Window.global.maxTimestamp == 9_223_371_950_454_774_000)
    }

    @Test func aWindowIsClosedWhenTheWatermarkReachesItsEnd() {
        let window = Window(start: 0, end: 10)
        #expect(!window.isClosed(by: 9))
        #expect(window.isClosed(by: 10))
        #expect(!Window.global.isClosed(by: Timestamp.distantFuture.micros))
    }
}
