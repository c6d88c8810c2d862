import Columnar
import Pipes
import PipesTestSupport
import TestSupport
import Testing
import Time

@testable import Dataflow

private let schema = Schema([Field("k", .string), Field("v", .int64)])
private let start = modelStart

private func build(_ pieces: [Piece]) -> Graph {
    var builder = GraphBuilder()
    builder.read(schema, timestampAttribute: "t")
    let key = field("k", in: schema)
    func value(_ body: @escaping @Sendable (Int64) throws -> Int64) -> any ColumnExpression {
        RowExpression(.int64) { row in try number(row).map { .int64(try body($0)) } ?? .null }
    }
    for (index, piece) in pieces.enumerated() {
        let name = "step\(index)"
        switch piece {
        case .scale(let factor): builder.add(name, .map(MapFields(expressions: [key, value { $0 * factor }])))
        case .keep(let modulus, let remainder):
            builder.add(
                name,
                .filter(
                    RowExpression(.boolean) { row in
                        number(row).map { .boolean(floorMod($0, modulus) == remainder) } ?? .null
                    }))
        case .reject(let modulus):
            builder.add(
                name,
                .map(
                    MapFields(expressions: [
                        key,
                        value { value in
                            if value % modulus == 0 { throw RowExpression.Rejection(reason: "divisible") }
                            return value
                        },
                    ])))
        case .fanOut(let count):
            let lists = Schema(schema.fields + [Field("l", .list(.int64))])
            let items = Schema(schema.fields + [Field("l", .int64)])
            builder.add(
                name + "list",
                .map(
                    MapFields(expressions: [
                        key, field("v", in: schema),
                        RowExpression(.list(.int64)) { row in
                            .list((0..<floorMod(number(row) ?? 0, count)).map { .int64($0) })
                        },
                    ])), schema: lists)
            builder.add(name, .explode(Explode(fields: [2], crossProduct: index % 2 == 0)), schema: items)
            builder.add(
                name + "add",
                .map(
                    MapFields(expressions: [
                        key,
                        RowExpression(.int64) { row in
                            number(row).map { .int64($0 + (number(row, "l") ?? 0)) } ?? .null
                        },
                    ])), schema: schema)
        case .retime:
            builder.add(
                name,
                .assignTimestamps(
                    RowExpression(.timestamp) { row in
                        number(row).map { .timestamp(Timestamp(micros: eventTime(of: $0))) } ?? .null
                    }))
        case .window(let function): builder.add(name, .window(function))
        case .combine:
            builder.add(
                name,
                .combine(
                    Combine(keys: [key], aggregates: [.init(function: .sum, value: field("v", in: schema))])),
                schema: schema)
        }
    }
    builder.add(
        "info", .windowingInfo([.timestamp, .windowString]),
        schema: Schema(schema.fields + [Field("at", .timestamp), Field("window", .string)]))
    builder.write("d.t")
    return builder.graph
}

@Suite struct ModelTests {
    private func play(_ seed: Int, pieces: [Piece], elements: [RowModel.Element], _ random: inout SplitMix64)
        async throws
        -> (rows: [String], rejected: Int)
    {
        let bench = Bench(pullLimit: Int.random(in: 1...40, using: &random))
        let settings = PipelineSettings(
            workers: Int.random(in: 1...8, using: &random), maxMessagesPerEpoch: Int.random(in: 1...50, using: &random))
        let graph = build(pieces)
        var pipeline = try await bench.running(graph, settings)
        var rest = elements[...]
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...60, using: &random))
            rest = rest.dropFirst(part.count)
            bench.subscription.publish(
                part.map { element in
                    OutgoingMessage(
                        data: Array(
                            json([
                                "k": element.k.map { "\"\($0)\"" } ?? "null", "v": element.v.map(String.init) ?? "null",
                            ]).utf8),
                        attributes: ["t": String(element.time / 1000)])
                })
            await bench.settle(pipeline)
            await pipeline.setWorkers(Int.random(in: 1...8, using: &random))
            if Int.random(in: 0..<4, using: &random) == 0 {
                await pipeline.stop()
                pipeline = try await bench.running(graph, settings)
            }
        }
        try await pipeline.drain()
        let metrics = await pipeline.metrics()
        #expect(metrics.steps.allSatisfy { $0.late == 0 })
        return (sorted(bench.warehouse.rows("d.t")), Int(metrics.steps.reduce(0) { $0 + $1.rejected }))
    }

    @Test(arguments: 0..<60) func randomPipelinesGiveWhatTheModelGives(seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed))
        let pieces = (0..<Int.random(in: 1...7, using: &random)).map { _ in Piece.random(&random) }
        var elements = [RowModel.Element(k: "a", v: 1, time: start)]
        for _ in 0..<Int.random(in: 0...200, using: &random) {
            elements.append(
                RowModel.Element(
                    k: ["a", "b", "ü", nil].randomElement(using: &random) ?? nil,
                    v: Int.random(in: 0..<20, using: &random) == 0 ? nil : Int64.random(in: -50...50, using: &random),
                    time: start + Int64.random(in: 0..<200, using: &random) * 1_000_000))
        }
        var model = RowModel()
        let expected = model.run(pieces, elements).map { element -> [Scalar] in
            [
                element.k.map { .string($0) } ?? .null, element.v.map { .int64($0) } ?? .null,
                .timestamp(Timestamp(micros: element.time)), .string("\(element.window)"),
            ]
        }
        let (rows, rejected) = try await play(seed, pieces: pieces, elements: elements, &random)
        #expect(rows == sorted(expected), "\(pieces)")
        #expect(rejected == model.rejected, "\(pieces)")
    }

    @Test func theNumberOfWorkersChangesNothing() async throws {
        var random = SplitMix64(seed: 99)
        let pieces: [Piece] = [
            .fanOut(4), .window(.sliding(size: 30_000_000, period: 10_000_000, offset: 0)), .combine,
        ]
        let elements = (0..<3000).map { index in
            RowModel.Element(
                k: index == 0 ? "0" : "\(Int.random(in: 0..<300, using: &random))",
                v: Int64.random(in: 0...1000, using: &random),
                time: index == 0 ? start : start + Int64.random(in: 0..<500, using: &random) * 1_000_000)
        }
        var model = RowModel()
        let expected = model.run(pieces, elements).count
        var results: [[[Scalar]]] = []
        for workers in [1, 2, 4, 8] {
            let bench = Bench()
            bench.subscription.publish(
                elements.map { element in
                    OutgoingMessage(
                        data: Array(json(["k": "\"\(element.k ?? "")\"", "v": "\(element.v ?? 0)"]).utf8),
                        attributes: ["t": String(element.time / 1000)])
                })
            let pipeline = try await bench.running(build(pieces), PipelineSettings(workers: workers))
            try await pipeline.drain()
            results.append(bench.warehouse.rows("d.t"))
        }
        #expect(results[0].count == expected)
        // Not even the order.
        #expect(results.allSatisfy { $0 == results[0] })
    }
}
