import Columnar
import Pipes
import Testing

@testable import Dataflow

private let stops = Schema([Field("stop_id", .string), Field("name", .string), Field("lat", .float64)])
private let schema = Schema([Field("id", .int64), Field("stop", .string)])
private let enriched = Schema(schema.fields + [Field("name", .string), Field("lat", .float64)])

@Suite struct LookupStepTests {
    private let table = FakeLookup(
        stops, [[.string("A1"), .string("First"), .float64(1)], [.string("B2"), .string("Second"), .null]])

    private func step(rejecting: Bool = false) -> LookupStep {
        LookupStep(
            lookup: Lookup(
                table: "d.stops", keyFields: [1], keyColumns: ["stop_id"], columns: ["name", "lat"],
                rejectsUnmatched: rejecting),
            table: TableName(dataset: "d", table: "stops"), source: table, schema: enriched, names: ["stop"])
    }

    private func rows(_ stops: [String?]) -> Batch {
        Batch(schema, rows: stops.enumerated().map { [.int64(Int64($0)), $1.map { .string($0) } ?? .null] })
    }

    @Test func columnsAreAppendedAndUnmatchedRowsGetNulls() async throws {
        var failures = RowFailures()
        var batch = rows(["B2", "A1", "zz", nil, "A1"])
        batch.selection = [1, 2, 3, 4]
        let result = try await step().process(batch, failures: &failures)
        #expect(
            result.rows == [
                [.int64(1), .string("A1"), .string("First"), .float64(1)], [.int64(2), .string("zz"), .null, .null],
                [.int64(3), .null, .null, .null], [.int64(4), .string("A1"), .string("First"), .float64(1)],
            ])
        #expect(failures.isEmpty)
        #expect(result.schema == enriched)
    }

    @Test func onlyNewDistinctKeysAreLookedUp() async throws {
        var failures = RowFailures()
        let step = step()
        _ = try await step.process(rows(["A1", "A1", "zz"]), failures: &failures)
        #expect(table.asked == [[.string("A1")], [.string("zz")]])
        _ = try await step.process(rows(["zz", "B2", "A1"]), failures: &failures)
        #expect(table.asked.count == 3)
    }

    @Test func aChangedTableIsReadAnew() async throws {
        var failures = RowFailures()
        let step = step()
        _ = try await step.process(rows(["A1"]), failures: &failures)
        table.replace([[.string("A1"), .string("Renamed"), .null]])
        let result = try await step.process(rows(["A1"]), failures: &failures)
        #expect(result.rows[0][2] == .string("Renamed"))
    }

    @Test func unmatchedRowsAreRejectedWhenAsked() async throws {
        var failures = RowFailures()
        let result = try await step(rejecting: true).process(rows(["A1", "zz"]), failures: &failures)
        #expect(result.liveCount == 1)
        #expect(failures.reasons == [1: "d.stops has no row with stop = 'zz'"])
    }

    @Test func aFailingTableIsNotARowsFault() async throws {
        var failures = RowFailures()
        table.setFailure("locked")
        await #expect(throws: FakeWarehouse.Failure.self) {
            try await step().process(rows(["A1"]), failures: &failures)
        }
        #expect(failures.isEmpty)
    }
}
