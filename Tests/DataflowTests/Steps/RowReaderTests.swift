import Columnar
import Dataflow
import Pipes
import Testing
import Time

private let schema = Schema([Field("n", .int64, isNullable: false)])

/// A table of numbers, three of which are read at once.
private struct Numbers: RowSource {
    var count: Int64
    let crash: CrashPlan

    struct Missing: Error, CustomStringConvertible { var description: String { "there is no table" } }

    func begin(_ scan: RowScan) async throws -> [UInt8] {
        try crash.point()
        guard case .table(let table, let condition) = scan.source, "\(table)" == "d.numbers", condition == "n > 0"
        else { throw Missing() }
        return [0]
    }

    func rows(_ scan: RowScan, at position: [UInt8], limit: Int) async throws -> ScannedRows {
        try crash.point()
        let first = Int64(position[0])
        let last = min(first + 3, count)
        return ScannedRows(
            batch: Batch(scan.schema, rows: (first..<last).map { [.int64($0)] }),
            next: last < count ? [UInt8(last)] : nil)
    }
}

@Suite("A step that reads a warehouse") struct RowReaderTests {
    private func graph(_ table: String = "p.d.numbers") -> Graph {
        var builder = GraphBuilder()
        builder.add("read", .readRows(ReadRows(.table(table, condition: "n > 0"))), schema: schema)
        builder.write("d.out")
        builder.add(
            "sum",
            .combine(
                Combine(
                    keys: [], aggregates: [.init(function: .sum, value: field("n", in: schema))])),
            from: [Edge(step: 0)], schema: Schema([Field("total", .int64)]))
        builder.write("d.sums", name: "sums")
        return builder.graph
    }

    private func pipeline(_ bench: Bench, _ graph: Graph, count: Int64 = 23) throws -> Pipeline {
        var environment = PipelineEnvironment.isolated(clock: bench.clock)
        environment.sink = bench.warehouse
        environment.rows = Numbers(count: count, crash: bench.crash)
        return try Pipeline(
            graph: graph, environment: environment, settings: PipelineSettings(workers: 2, maxBytesPerEpoch: 1))
    }

    @Test("loses no row and doubles none, wherever it dies", arguments: [nil] + (1...40).map { Int?($0) })
    func crash(point: Int?) async throws {
        let bench = Bench()
        bench.crash.restart(dyingAt: point)
        var runs = 0
        while runs < 3 {
            runs += 1
            let pipeline = try pipeline(bench, graph())
            try? await pipeline.start()
            await bench.settle(pipeline)
            if !bench.crash.isDead {
                await pipeline.waitUntilEnd()
                #expect(await pipeline.state == .drained)
                #expect(await pipeline.metrics().steps[0].elementsOut == 23)
                break
            }
            await pipeline.stop()
            bench.crash.restart(dyingAt: nil)
        }
        let numbers = bench.warehouse.rows("d.out").compactMap { row -> Int64? in
            if case .int64(let number) = row[0] { number } else { nil }
        }
        #expect(numbers.sorted() == Array(0..<23))
        #expect(bench.warehouse.rows("d.sums") == [[.int64(253)]])
        #expect(bench.warehouse.commits.count > 8)
    }

    @Test("of an empty table has no rows, and of none does not start")
    func nothing() async throws {
        let bench = Bench()
        let empty = try pipeline(bench, graph(), count: 0)
        try await empty.start()
        await empty.waitUntilEnd()
        #expect(await empty.state == .drained)
        #expect(bench.warehouse.rows("d.out").isEmpty)
        let missing = try pipeline(Bench(), graph("d.others"))
        await #expect(throws: Numbers.Missing.self) { try await missing.start() }
        #expect(throws: PipelineError.self) {
            try Pipeline(graph: graph(), environment: .isolated(clock: bench.clock))
        }
    }
}
