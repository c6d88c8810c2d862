import Columnar
import Pipes
import Testing
import Time

@testable import Dataflow

private let schema = Schema([Field("k", .string), Field("v", .int64)])
private let start: Int64 = 1_000_000_000_000

/// What a random pipeline is made of; each works on rows of `k` and `v`.
private enum Piece {
    case scale(Int64)
    /// Keeps the rows whose value leaves this remainder.
    case keep(modulus: Int64, remainder: Int64)
    /// Rejects the rows whose value is divisible by this.
    case reject(Int64)
    /// `v mod n` copies of a row, with `0, 1, …` added.
    case fanOut(Int64)
    /// Event time from the value.
    case retime
    case window(WindowFunction)
    case combine

    static func random(_ random: inout SeededRandom) -> Piece {
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return .scale(Int64.random(in: -3...3, using: &random))
        case 1:
            let modulus = Int64.random(in: 2...5, using: &random)
            return .keep(modulus: modulus, remainder: Int64.random(in: 0..<modulus, using: &random))
        case 2: return .reject(Int64.random(in: 3...9, using: &random))
        case 3: return .fanOut(Int64.random(in: 2...4, using: &random))
        case 4: return .retime
        case 5, 6:
            let size = Int64.random(in: 5...60, using: &random) * 1_000_000
            let other = Int64.random(in: 3...40, using: &random) * 1_000_000
            return .window(
                [
                    .global, .fixed(size: size, offset: other), .sliding(size: size, period: other, offset: 7),
                    .sessions(gap: other),
                ].randomElement(using: &random) ?? .global)
        default: return .combine
        }
    }
}

private func number(_ row: Row, _ name: String = "v") -> Int64? {
    if case .int64(let value)? = row[name] { value } else { nil }
}

private func floorMod(_ value: Int64, _ modulus: Int64) -> Int64 { value.dividedFloored(by: modulus).remainder }

/// The event time that `retime` gives: never before the start, so that nothing is late.
private func time(of value: Int64) -> Int64 { start + floorMod(value, 200) * 1_000_000 }

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
                        number(row).map { .timestamp(Timestamp(micros: time(of: $0))) } ?? .null
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

/// The same pipeline, an element at a time.
private struct Model {
    struct Element {
        var k: String?
        var v: Int64?
        var time: Int64
        var window = Window.global
    }

    var windowing = WindowFunction.global
    var mayMerge = false
    var rejected = 0

    mutating func run(_ pieces: [Piece], _ elements: [Element]) -> [Element] {
        var elements = elements
        for piece in pieces { elements = apply(piece, elements) }
        return elements
    }

    private mutating func apply(_ piece: Piece, _ elements: [Element]) -> [Element] {
        switch piece {
        case .scale(let factor): return elements.map { with($0) { $0.v = $0.v.map { $0 * factor } } }
        case .keep(let modulus, let remainder):
            return elements.filter { $0.v.map { floorMod($0, modulus) == remainder } ?? false }
        case .reject(let modulus):
            let kept = elements.filter { $0.v.map { $0 % modulus != 0 } ?? true }
            rejected += elements.count - kept.count
            return kept
        case .fanOut(let count):
            return elements.flatMap { element in
                (0..<floorMod(element.v ?? 0, count)).map { index in
                    with(element) { $0.v = $0.v.map { $0 + index } }
                }
            }
        case .retime:
            var result: [Element] = []
            for element in elements {
                // One element, however many windows it stands in.
                let first = windowing.windows(at: element.time).first
                if case .sliding = windowing, first != element.window { continue }
                guard let value = element.v else {
                    rejected += 1
                    continue
                }
                let at = time(of: value)
                for window in windowing.windows(at: at) {
                    result.append(with(element) { ($0.time, $0.window) = (at, window) })
                }
            }
            return result
        case .window(let function):
            windowing = function
            if case .sessions = function { mayMerge = true } else { mayMerge = false }
            return elements.flatMap { element in
                function.windows(at: element.time).map { window in with(element) { $0.window = window } }
            }
        case .combine: return combine(elements)
        }
    }

    private mutating func combine(_ elements: [Element]) -> [Element] {
        let valid = elements.filter { $0.v != nil }
        rejected += elements.count - valid.count
        var result: [Element] = []
        for (key, members) in Dictionary(grouping: valid, by: \.k) {
            var windows: [Window] = []
            for window in Set(members.map(\.window)).sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
                if mayMerge, let last = windows.last, last.end > window.start {
                    windows[windows.count - 1].end = max(last.end, window.end)
                } else {
                    windows.append(window)
                }
            }
            for window in windows {
                let inside = members.filter { member in
                    mayMerge
                        ? window.start <= member.window.start && member.window.end <= window.end
                        : member.window == window
                }
                result.append(
                    Element(
                        k: key, v: inside.reduce(0) { $0 + ($1.v ?? 0) }, time: window.maxTimestamp, window: window))
            }
        }
        mayMerge = false
        return result
    }

    private func with(_ element: Element, _ change: (inout Element) -> Void) -> Element {
        var element = element
        change(&element)
        return element
    }
}

@Suite struct ModelTests {
    private func play(_ seed: Int, pieces: [Piece], elements: [Model.Element], _ random: inout SeededRandom)
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
        var random = SeededRandom(UInt64(seed))
        let pieces = (0..<Int.random(in: 1...7, using: &random)).map { _ in Piece.random(&random) }
        var elements = [Model.Element(k: "a", v: 1, time: start)]
        for _ in 0..<Int.random(in: 0...200, using: &random) {
            elements.append(
                Model.Element(
                    k: ["a", "b", "ü", nil].randomElement(using: &random) ?? nil,
                    v: Int.random(in: 0..<20, using: &random) == 0 ? nil : Int64.random(in: -50...50, using: &random),
                    time: start + Int64.random(in: 0..<200, using: &random) * 1_000_000))
        }
        var model = Model()
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
        var random = SeededRandom(99)
        let pieces: [Piece] = [
            .fanOut(4), .window(.sliding(size: 30_000_000, period: 10_000_000, offset: 0)), .combine,
        ]
        let elements = (0..<3000).map { index in
            Model.Element(
                k: index == 0 ? "0" : "\(Int.random(in: 0..<300, using: &random))",
                v: Int64.random(in: 0...1000, using: &random),
                time: index == 0 ? start : start + Int64.random(in: 0..<500, using: &random) * 1_000_000)
        }
        var model = Model()
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
