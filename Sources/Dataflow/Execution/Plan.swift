import Columnar
import Logging
import Pipes

/// A graph made ready to run: what each step does, with everything that it needs from the outside.
struct Plan: Sendable {
    /// What a step is to the engine.
    enum Work: Sendable {
        case read(ReadStep)
        case readFiles(ReadFilesStep)
        case readRows(RowScan, any RowSource)
        case create(Batch)
        case element(any ElementStep)
        case combine(CombineStep)
        case join(JoinStep)
        case writeRows(WriteRowsStep)
        case writeMessages(WriteMessagesStep)
        case writeFiles(WriteFilesStep)
    }

    struct Node: Sendable {
        var step: Step
        var work: Work
        /// Whether a step reads its error output; otherwise what it rejects becomes dead letters.
        var emitsErrors: Bool
        var errorSchema: Schema
    }

    let pipeline: String
    let nodes: [Node]
    /// Positions of the steps of a kind, ascending.
    let reads: [Int]
    let fileReads: [Int]
    let rowReads: [Int]
    let creates: [Int]
    let combines: [Int]
    let joins: [Int]
    /// By reading step, those whose rows its own meet in a join.
    private(set) var rivals: [Int: Set<Int>] = [:]
    let fileWrites: [Int]
    /// For each step, the last step that reads from it: then its output can go.
    let lastReader: [Int]
    /// Whose output no step reads: where the pipeline ends.
    let ends: [Int]

    /// Checks the graph and binds it to its environment. Throws `PipelineError`.
    init(_ graph: Graph, environment: PipelineEnvironment) throws {
        pipeline = graph.name
        var windowing: [WindowFunction] = []
        var mayMerge: [Bool] = []
        // Whether an element in several windows is a row in each of them: they are told apart by what looks at windows.
        var hasCopies: [Bool] = []
        var isCombined: [Bool] = []
        var isUnbounded: [Bool] = []
        var nodes: [Node] = []
        var lastReader = Array(graph.steps.indices)
        try Self.check(graph)
        for step in graph.steps {
            let input = step.inputs.first
            let inputSchema = input.map { edge in
                edge.output == .main ? graph.steps[edge.step].schema : nodes[edge.step].errorSchema
            }
            for edge in step.inputs { lastReader[edge.step] = max(lastReader[edge.step], step.id) }
            var function = input.map { windowing[$0.step] } ?? .global
            var merges = input.map { mayMerge[$0.step] } ?? false
            if case .window(let new) = step.operation {
                function = new
                if case .sessions = new { merges = true } else { merges = false }
            }
            // New times, new sessions.
            if case .assignTimestamps = step.operation, case .sessions = function { merges = true }
            var copies = step.inputs.contains { hasCopies[$0.step] }
            let combined = step.inputs.contains { isCombined[$0.step] }
            let unbounded = step.inputs.contains { isUnbounded[$0.step] }
            let work: Work
            var isCombine = false
            if case .join(let join) = step.operation {
                guard step.inputs.count == 2 else {
                    throw PipelineError(.invalidGraph, "step '\(step.name)': a join has two inputs")
                }
                let joining = try JoinStep(
                    step, join,
                    inputs: step.inputs.map {
                        $0.output == .main ? graph.steps[$0.step].schema : nodes[$0.step].errorSchema
                    }, isUnbounded: step.inputs.map { isUnbounded[$0.step] },
                    windowing: step.inputs.map { windowing[$0.step] })
                work = .join(joining)
                if let main = joining.main {
                    function = windowing[step.inputs[main.rawValue].step]
                    merges = mayMerge[step.inputs[main.rawValue].step]
                    copies = hasCopies[step.inputs[main.rawValue].step]
                } else {
                    isCombine = true
                }
            } else {
                work = try Self.work(
                    step, function: function, merges: merges, hasCopies: copies, isCombined: combined,
                    inputSchema: inputSchema, environment: environment)
            }
            if case .combine = work { isCombine = true }
            switch step.operation {
            case .window, .assignTimestamps: copies = true
            case .windowingInfo: copies = false
            default: copies = copies && !isCombine
            }
            hasCopies.append(copies)
            if case .readMessages = step.operation { isUnbounded.append(true) } else { isUnbounded.append(unbounded) }
            windowing.append(function)
            // Sessions merge once: what comes out of a Combine has its final windows.
            mayMerge.append(merges && !isCombine)
            isCombined.append(combined || isCombine)
            let errorsAreRead = graph.steps.contains { $0.inputs.contains(Edge(step: step.id, output: .errors)) }
            nodes.append(
                Node(
                    step: step, work: work, emitsErrors: step.handlesErrors && errorsAreRead,
                    errorSchema: Graph.errorSchema(for: step.operation, input: inputSchema)))
        }
        self.nodes = nodes
        self.lastReader = lastReader
        func positions(_ isIncluded: (Work) -> Bool) -> [Int] { nodes.indices.filter { isIncluded(nodes[$0].work) } }
        reads = positions { if case .read = $0 { true } else { false } }
        rowReads = positions { if case .readRows = $0 { true } else { false } }
        fileReads = positions { if case .readFiles = $0 { true } else { false } }
        fileWrites = positions { if case .writeFiles = $0 { true } else { false } }
        creates = positions { if case .create = $0 { true } else { false } }
        combines = positions { if case .combine = $0 { true } else { false } }
        joins = positions { if case .join = $0 { true } else { false } }
        if !fileWrites.isEmpty, let read = reads.first {
            throw PipelineError(
                .invalidGraph,
                "step '\(graph.steps[fileWrites[0]].name)' writes files, which are finished when the input ends; "
                    + "'\(graph.steps[read].name)' never ends. Write to a table instead")
        }
        ends = nodes.indices.filter { lastReader[$0] == $0 }
        rivals = makeRivals()
    }

    private static func check(_ graph: Graph) throws {
        var names: Set<String> = []
        for (position, step) in graph.steps.enumerated() {
            guard step.id == position else {
                throw PipelineError(.invalidGraph, "step '\(step.name)' has number \(step.id) at position \(position)")
            }
            guard names.insert(step.name).inserted else {
                throw PipelineError(.invalidGraph, "two steps are called '\(step.name)'; give one of them another name")
            }
            guard step.inputs.allSatisfy({ (0..<position).contains($0.step) }) else {
                throw PipelineError(.invalidGraph, "step '\(step.name)' reads from a step that does not come before it")
            }
            let isSource =
                switch step.operation {
                case .readMessages, .readFiles, .readRows, .create: true
                default: false
                }
            guard isSource == step.inputs.isEmpty else {
                throw PipelineError(
                    .invalidGraph,
                    "step '\(step.name)': \(step.transform) \(isSource ? "takes no input" : "needs an input")")
            }
        }
    }

    private static func work(
        _ step: Step, function: WindowFunction, merges: Bool, hasCopies: Bool, isCombined: Bool, inputSchema: Schema?,
        environment: PipelineEnvironment
    ) throws -> Work {
        let names = inputSchema?.names ?? []
        switch step.operation {
        case .readMessages(let read): return .read(ReadStep(read: read, schema: step.schema))
        case .readFiles(let read): return .readFiles(ReadFilesStep(read: read, schema: step.schema))
        case .readRows(let read):
            guard let source = environment.rows else {
                throw PipelineError(
                    .unavailable,
                    "step '\(step.name)': there is no warehouse to read from; name its folder with --data DIR")
            }
            return .readRows(try scan(read, step), source)
        case .create(let batch): return .create(batch.compacted())
        case .map(let map): return .element(MapStep(expressions: map.expressions, schema: step.schema))
        case .filter(let condition): return .element(FilterStep(condition: condition))
        case .explode(let explode):
            return .element(
                ExplodeStep(
                    fields: explode.fields, crossProduct: explode.crossProduct, schema: step.schema,
                    names: explode.fields.map { names[$0] }))
        case .lookup(let lookup):
            guard let source = environment.lookup else {
                throw PipelineError(
                    .unavailable, "step '\(step.name)': there is no warehouse to look up '\(lookup.table)' in")
            }
            return .element(
                LookupStep(
                    lookup: lookup, table: try table(lookup.table, step), source: source, schema: step.schema,
                    names: lookup.keyFields.map { names[$0] }))
        case .assignTimestamps(let time):
            return .element(AssignTimestampsStep(time: time, windowing: function, hasCopies: hasCopies))
        case .window(let function): return .element(WindowStep(function: function))
        case .windowingInfo(let fields):
            return .element(WindowingInfoStep(fields: fields, schema: step.schema, isCombined: isCombined))
        case .flatten: return .element(FlattenStep(schema: step.schema))
        case .combine(let combine): return .combine(try CombineStep(step, combine, mergesSessions: merges))
        case .join: throw PipelineError(.invalidGraph, "step '\(step.name)': a join has two inputs")
        case .writeRows(let write):
            return .writeRows(WriteRowsStep(table: try table(write.table, step), sink: environment.sink))
        case .writeMessages(let write):
            guard environment.publisher != nil else {
                throw PipelineError(
                    .unavailable, "step '\(step.name)': there is no broker to publish '\(write.topic)' to")
            }
            return .writeMessages(WriteMessagesStep(write: write))
        case .writeFiles(let write):
            return .writeFiles(WriteFilesStep(write: write, schema: inputSchema ?? Schema()))
        case .python(let columns, let operation):
            guard let runner = environment.python else {
                throw PipelineError(.unavailable, "step '\(step.name)': there is no Python to run its code")
            }
            var inner = step
            inner.operation = operation
            let work = try work(
                inner, function: function, merges: merges, hasCopies: hasCopies, isCombined: isCombined,
                inputSchema: columns.extending(inputSchema ?? Schema()), environment: environment)
            guard case .element(let then) = work else {
                throw PipelineError(.invalidGraph, "step '\(step.name)': \(step.transform) takes no Python code")
            }
            return .element(
                PythonStep(columns, input: inputSchema ?? Schema(), runner: runner, then: then))
        case .log(let prefix): return .element(LogStep(prefix: prefix, logger: environment.logger))
        case .assertion: return .element(AssertionStep(name: step.name, report: environment.assertionFailed))
        }
    }

    private static func scan(_ read: ReadRows, _ step: Step) throws -> RowScan {
        switch read.source {
        case .query(let query): return RowScan(.query(query), schema: step.schema)
        case .table(let name, let condition):
            return RowScan(.table(try table(name, step), condition: condition), schema: step.schema)
        }
    }

    private static func table(_ name: String, _ step: Step) throws -> TableName {
        guard let table = TableName(name) else {
            throw PipelineError(.invalidGraph, "step '\(step.name)': '\(name)' is not a table; write dataset.table")
        }
        return table
    }
}
