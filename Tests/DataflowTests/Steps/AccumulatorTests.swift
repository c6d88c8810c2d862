import Columnar
import Testing
import Time

@testable import Dataflow

private typealias Function = Combine.Aggregate.Function

@Suite struct AccumulatorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var function: Combine.Aggregate.Function
        var type: DataType
        var output: DataType
        var values: [Scalar]
        var result: Scalar

        init(
            _ function: Combine.Aggregate.Function, _ type: DataType, _ output: DataType, _ values: [Scalar],
            _ result: Scalar
        ) {
            self.function = function
            self.type = type
            self.output = output
            self.values = values
            self.result = result
        }

        var testDescription: String { "\(function.rawValue) of \(values)" }
    }

    // The results are those of apache_beam.yaml 2.77, but for concat of text, which Beam refuses.
    static let cases: [Case] = [
        Case(.sum, .int64, .int64, [.int64(1), .int64(2)], .int64(3)),
        Case(.sum, .int64, .int64, [.int64(.max), .int64(.max), .int64(-Int64.max)], .int64(.max)),
        Case(.sum, .float64, .float64, [.float64(1.5), .float64(2.25)], .float64(3.75)),
        Case(.sum, .boolean, .int64, [.boolean(true), .boolean(false), .boolean(true)], .int64(2)),
        Case(.mean, .int64, .float64, [.int64(1), .int64(2)], .float64(1.5)),
        Case(.mean, .float64, .float64, [.float64(1), .float64(2)], .float64(1.5)),
        Case(.count, .int64, .int64, [.null, .int64(2)], .int64(2)),
        Case(
            .group, .string, .list(.string), [.string("x"), .null, .string("x")],
            .list([.string("x"), .null, .string("x")])),
        Case(
            .concat, .list(.int64), .list(.int64), [.list([.int64(1), .int64(2)]), .list([]), .list([.int64(3)])],
            .list([.int64(1), .int64(2), .int64(3)])),
        Case(.concat, .string, .string, [.string("a"), .string(""), .string("ü")], .string("aü")),
        Case(.max, .int64, .int64, [.int64(-3), .int64(-1), .int64(-2)], .int64(-1)),
        Case(.min, .int64, .int64, [.int64(-3), .int64(-1)], .int64(-3)),
        Case(.max, .string, .string, [.string("a"), .string("z"), .string("b")], .string("z")),
        Case(.min, .string, .string, [.string("b"), .string("ä")], .string("b")),
        Case(.max, .float64, .float64, [.float64(1), .float64(-0.5), .float64(2)], .float64(2)),
        Case(
            .min, .timestamp, .timestamp, [.timestamp(Timestamp(seconds: 5)), .timestamp(Timestamp(seconds: 4))],
            .timestamp(Timestamp(seconds: 4))),
        Case(.max, .boolean, .boolean, [.boolean(false), .boolean(true)], .boolean(true)),
        Case(.min, .bytes, .bytes, [.bytes([2]), .bytes([1, 9])], .bytes([1, 9])),
        Case(.any, .string, .boolean, [.string(""), .null], .boolean(false)),
        Case(.any, .string, .boolean, [.string(""), .string("x")], .boolean(true)),
        Case(.all, .int64, .boolean, [.int64(1), .int64(0)], .boolean(false)),
        Case(.all, .int64, .boolean, [.int64(1), .null], .boolean(false)),
        Case(.all, .list(.int64), .boolean, [.list([.int64(0)])], .boolean(true)),
        // SQL's COUNT(DISTINCT …); keys have one zero and one NaN, and so have these.
        Case(.countDistinct, .int64, .int64, [.int64(3), .int64(-1), .int64(3)], .int64(2)),
        Case(
            .countDistinct, .float64, .int64,
            [.float64(0), .float64(-0.0), .float64(.nan), .float64(-.nan), .float64(.infinity)], .int64(3)),
        Case(.countDistinct, .string, .int64, [.string("a"), .string(""), .string("a"), .string("ä")], .int64(3)),
        Case(.countDistinct, .boolean, .int64, [.boolean(true), .boolean(true)], .int64(1)),
        Case(.countDistinct, .timestamp, .int64, [.timestamp(Timestamp(seconds: 5))], .int64(1)),
    ]

    /// Folds runs of values into a slot each, and gives the accumulator.
    private func folded(_ example: Case, _ runs: [[Scalar]]) throws -> any Accumulator {
        var accumulator = try #require(example.function.accumulator(of: example.type, giving: example.output))
        accumulator.append()
        for (slot, run) in runs.enumerated() {
            accumulator.append()
            let rows = Array(0..<Int32(run.count))
            accumulator.fold(
                Column(example.type, run), rows: rows[...], into: rows.map { _ in Int32(slot + 1) })
        }
        return accumulator
    }

    @Test(arguments: cases) func resultsAreBeams(_ example: Case) throws {
        var failures = RowFailures()
        let accumulator = try folded(example, [example.values])
        #expect(accumulator.results([1], failures: &failures)[0] == example.result)
        #expect(failures.isEmpty)
    }

    @Test(arguments: cases) func mergedAndStoredAccumulatorsGiveTheSame(_ example: Case) throws {
        for split in 0...example.values.count {
            var accumulator = try folded(example, [Array(example.values[..<split]), Array(example.values[split...])])
            accumulator.merge(2, into: 1)
            var writer = ByteWriter()
            accumulator.encode(1, into: &writer)
            var restored = try #require(example.function.accumulator(of: example.type, giving: example.output))
            restored.append()
            var reader = ByteReader(writer.bytes)
            try restored.decode(0, from: &reader)
            #expect(reader.isAtEnd)
            var failures = RowFailures()
            let type = accumulator.results([1], failures: &failures).type
            #expect(type == example.output)
            #expect(restored.results([0], failures: &failures)[0] == example.result)
            accumulator.reset(1)
            var empty = ByteWriter()
            accumulator.encode(1, into: &empty)
            var fresh = ByteWriter()
            accumulator.encode(0, into: &fresh)
            #expect(empty.bytes == fresh.bytes)
        }
    }

    @Test func besideNaNTheFirstStaysAsInPython() throws {
        func maximum(_ values: [Double]) throws -> Scalar {
            var failures = RowFailures()
            let example = Case(.max, .float64, .float64, values.map { .float64($0) }, .null)
            return try folded(example, [example.values]).results([1], failures: &failures)[0]
        }
        #expect(try maximum([1, .nan, 2]) == .float64(2))
        #expect(try "\(maximum([.nan, 1, 2]))" == "\(Scalar.float64(.nan))")
    }

    @Test func theMeanOfGreatNumbersIsRoundedOnce() throws {
        let numbers: [Int64] = [9_007_199_254_740_993, 7, 10, 0, 19, 10, -2]
        let example = Case(.mean, .int64, .float64, numbers.map { .int64($0) }, .null)
        var failures = RowFailures()
        let mean = try folded(example, [example.values]).results([1], failures: &failures)[0]
        #expect(mean == .float64(1_286_742_750_677_291))
        let extremes = Case(.mean, .int64, .float64, [.int64(.min), .int64(.min), .int64(.min + 1)], .null)
        #expect(
            try folded(extremes, [extremes.values]).results([1], failures: &failures)[0] == .float64(-0x1p63))
    }

    @Test func aSumBeyond64BitsIsAnError() throws {
        let example = Case(.sum, .int64, .int64, [.int64(.max), .int64(1)], .null)
        var failures = RowFailures()
        _ = try folded(example, [example.values]).results([0, 1], failures: &failures)
        #expect(failures.reasons == [1: "the sum 9223372036854775808 does not fit into 64 bits"])
    }

    @Test func whatMakesNoSenseIsRefused() {
        #expect(Function.sum.accumulator(of: .string, giving: .string) == nil)
        #expect(Function.mean.accumulator(of: .timestamp, giving: .float64) == nil)
        #expect(Function.max.accumulator(of: .list(.int64), giving: .list(.int64)) == nil)
        #expect(Function.concat.accumulator(of: .int64, giving: .int64) == nil)
    }
}
