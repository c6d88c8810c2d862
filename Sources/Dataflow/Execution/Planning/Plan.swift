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
        try Self.check(graph)
        var builder = PlanBuilder(graph, environment)
        for step in graph.steps { try builder.add(step) }
        let nodes = builder.nodes
        let lastReader = builder.lastReader
        func positions(_ isIncluded: (Work) -> Bool) -> [Int] { nodes.indices.filter { isIncluded(nodes[$0].work) } }
        pipeline = graph.name
        self.nodes = nodes
        self.lastReader = lastReader
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
}
