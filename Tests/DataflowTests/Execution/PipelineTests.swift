import Columnar
import Dataflow
import Pipes
import Testing
import Time

private let schema = Schema([Field("k", .string), Field("v", .int64)])

@Suite struct PipelineTests {
    private func copyGraph() -> Graph {
        var builder = GraphBuilder()
        builder.read(schema)
        builder.write("d.t")
        return builder.graph
    }

    @Test func messagesBecomeRowsAndAreAcknowledgedAfterTheCommit() async throws {
        let bench = Bench()
        let pipeline = try await bench.running(copyGraph())
        bench.subscription.publish([json(["k": "\"a\"", "v": "1"]), json(["k": "\"b\"", "v": "null"])])
        await bench.settle(pipeline)
        #expect(bench.warehouse.rows("d.t") == [[.string("a"), .int64(1)], [.string("b"), .null]])
        #expect(bench.subscription.unacknowledged == 0)
        #expect(bench.warehouse.commits.map(\.epoch) == [1])
        let metrics = await pipeline.metrics()
        #expect(metrics.state == .running)
        #expect(metrics.epochs == 1)
        #expect(metrics.steps.map(\.elementsIn) == [2, 2])
        #expect(metrics.steps.map(\.elementsOut) == [2, 2])
        #expect(metrics.uncommitted == 0)
        await pipeline.stop()
        #expect(await pipeline.state == .stopped)
    }
}
