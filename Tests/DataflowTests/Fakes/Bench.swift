import Columnar
import Dataflow
import Logging
import Pipes
import PipesTestSupport
import Testing
import Time

/// A pipeline with everything around it in memory, on a manual clock.
struct Bench {
    let clock = ManualClock(now: Timestamp(seconds: 1_000_000))
    let crash = CrashPlan()
    let warehouse: FakeWarehouse
    let publisher: FakePublisher
    let subscription: FakeSubscription
    let second: FakeSubscription
    var lookup: FakeLookup?
    var deadLetterTopic: String? = "dead"

    init(existing: [String: Schema] = [:], pullLimit: Int = .max) {
        warehouse = FakeWarehouse(crash: crash, existing: existing)
        publisher = FakePublisher(crash: crash)
        subscription = FakeSubscription(clock: clock, pullLimit: pullLimit, point: crash.point)
        second = FakeSubscription(clock: clock, pullLimit: pullLimit, point: crash.point)
    }

    func pipeline(_ graph: Graph, _ settings: PipelineSettings = PipelineSettings()) throws -> Pipeline {
        try Pipeline(
            graph: graph,
            environment: PipelineEnvironment(
                clock: clock,
                source: { [subscription, second] read in
                    switch read.subscription {
                    case "first": subscription
                    case "second": second
                    default: throw PipelineError(.unavailable, "there is no subscription '\(read.subscription ?? "")'")
                    }
                }, publisher: publisher, deadLetterTopic: deadLetterTopic, sink: warehouse, lookup: lookup,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }), settings: settings)
    }

    func running(_ graph: Graph, _ settings: PipelineSettings = PipelineSettings()) async throws -> Pipeline {
        let pipeline = try pipeline(graph, settings)
        try await pipeline.start()
        await settle(pipeline)
        return pipeline
    }

    /// Returns when nothing will happen until time passes or a message comes.
    func settle(_ pipelines: Pipeline...) async {
        for pipeline in pipelines { while await !pipeline.isQuiet() { await Task.yield() } }
    }

    /// Lets time pass as a host does in fast mode: from deadline to deadline, each when all is quiet.
    func advance(_ pipeline: Pipeline, by duration: Duration) async {
        await advance(pipeline, to: clock.now + duration)
    }

    func advance(_ pipeline: Pipeline, to target: Timestamp) async {
        await settle(pipeline)
        while let deadline = await pipeline.nextDeadline, deadline <= target {
            clock.advance(to: deadline)
            await settle(pipeline)
        }
        clock.advance(to: target)
        await settle(pipeline)
    }
}

/// Graphs, built step by step.
struct GraphBuilder {
    var graph: Graph

    init(_ name: String = "test") { graph = Graph(name: name, steps: []) }

    @discardableResult
    mutating func add(
        _ name: String, _ operation: Dataflow.Operation, from inputs: [Edge] = [], schema: Schema = Schema(),
        handlesErrors: Bool = false
    ) -> Int {
        let id = graph.steps.count
        let inputs = inputs.isEmpty && id > 0 && !operation.isSource ? [Edge(step: id - 1)] : inputs
        let inherited = inputs.first.flatMap { $0.step < id ? graph.steps[$0.step].schema : nil } ?? Schema()
        graph.steps.append(
            Step(
                id: id, name: name, transform: name, operation: operation, inputs: inputs,
                schema: schema.fields.isEmpty ? inherited : schema, handlesErrors: handlesErrors))
        return id
    }

    /// JSON messages of `schema`.
    @discardableResult
    mutating func read(
        _ schema: Schema, subscription: String = "first", name: String = "read", timestampAttribute: String? = nil,
        idAttribute: String? = nil, handlesErrors: Bool = false
    ) -> Int {
        add(
            name,
            .readMessages(
                ReadMessages(
                    subscription: subscription, topic: nil, format: .json(schema), idAttribute: idAttribute,
                    timestampAttribute: timestampAttribute)), schema: schema, handlesErrors: handlesErrors)
    }

    @discardableResult
    mutating func write(_ table: String, name: String = "write", from inputs: [Edge] = [], handlesErrors: Bool = false)
        -> Int
    {
        add(
            name, .writeRows(WriteRows(table: table, createsTable: true, writeDisposition: .append)), from: inputs,
            handlesErrors: handlesErrors)
    }
}

extension Dataflow.Operation {
    fileprivate var isSource: Bool {
        switch self {
        case .readMessages, .readFiles, .readRows, .create: true
        default: false
        }
    }
}

/// An expression from a closure over the row; what it throws rejects the row.
struct RowExpression: ColumnExpression {
    struct Rejection: Error { var reason: String }

    let type: DataType
    let body: @Sendable (Row) throws -> Scalar

    init(_ type: DataType, _ body: @escaping @Sendable (Row) throws -> Scalar) {
        self.type = type
        self.body = body
    }

    func evaluate(_ batch: Batch, failures: inout RowFailures) -> Column {
        var values: [Scalar] = []
        for (position, row) in batch.rows.enumerated() {
            do {
                values.append(try body(Dictionary(uniqueKeysWithValues: zip(batch.schema.names, row))))
            } catch {
                failures.report(position, (error as? Rejection)?.reason ?? "\(error)")
                values.append(.null)
            }
        }
        return Column(type, values)
    }
}

func field(_ names: String..., in schema: Schema) -> any ColumnExpression {
    FieldExpression(names, in: schema) ?? LiteralExpression(.null, .null)
}

func json(_ pairs: KeyValuePairs<String, String>) -> String {
    "{" + pairs.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
}

/// Rows in an order of their own, to compare sets.
func sorted(_ rows: [[Scalar]]) -> [String] { rows.map { "\($0)" }.sorted() }
