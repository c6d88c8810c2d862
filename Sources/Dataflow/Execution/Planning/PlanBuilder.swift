import Columnar

/// What the steps behind a step must know of its rows.
struct RowTraits: Sendable {
    var windowing = WindowFunction.global
    /// Whether the windows are sessions that have not merged yet. What comes out of a Combine has its final windows.
    var mayMerge = false
    /// Whether an element in several windows is a row in each of them: what looks at windows tells them apart.
    var hasCopies = false
    var isCombined = false
    /// Whether they may never end.
    var isUnbounded = false
}

/// Binds the steps of a graph, one after the other, each after those that it reads from.
struct PlanBuilder {
    private let graph: Graph
    private let environment: PipelineEnvironment
    private(set) var nodes: [Plan.Node] = []
    /// For each step, the last step that reads from it; itself when there is none.
    private(set) var lastReader: [Int]
    private var traits: [RowTraits] = []

    init(_ graph: Graph, _ environment: PipelineEnvironment) {
        self.graph = graph
        self.environment = environment
        lastReader = Array(graph.steps.indices)
    }

    /// Adds the next step. Throws `PipelineError`.
    mutating func add(_ step: Step) throws {
        for edge in step.inputs { lastReader[edge.step] = max(lastReader[edge.step], step.id) }
        let inputSchema = step.inputs.first.map(schema)
        var rows = inputTraits(step)
        let work: Plan.Work
        var isCombine = false
        if case .join(let join) = step.operation {
            let joining = try joinStep(step, join)
            work = .join(joining)
            if let main = joining.main {
                let side = traits[step.inputs[main.rawValue].step]
                (rows.windowing, rows.mayMerge, rows.hasCopies) = (side.windowing, side.mayMerge, side.hasCopies)
            } else {
                isCombine = true
            }
        } else {
            work = try Plan.Work(step, rows, inputSchema: inputSchema, environment: environment)
        }
        if case .combine = work { isCombine = true }
        switch step.operation {
        case .window, .assignTimestamps: rows.hasCopies = true
        case .windowingInfo: rows.hasCopies = false
        default: rows.hasCopies = rows.hasCopies && !isCombine
        }
        rows.mayMerge = rows.mayMerge && !isCombine
        rows.isCombined = rows.isCombined || isCombine
        if case .readMessages = step.operation { rows.isUnbounded = true }
        traits.append(rows)
        let errorsAreRead = graph.steps.contains { $0.inputs.contains(Edge(step: step.id, output: .errors)) }
        nodes.append(
            Plan.Node(
                step: step, work: work, emitsErrors: step.handlesErrors && errorsAreRead,
                errorSchema: Graph.errorSchema(for: step.operation, input: inputSchema)))
    }

    /// The fields of what flows along an edge.
    private func schema(_ edge: Edge) -> Schema {
        edge.output == .main ? graph.steps[edge.step].schema : nodes[edge.step].errorSchema
    }

    /// What the step's work sees: its input's rows, in the windows and with the times that it gives them.
    private func inputTraits(_ step: Step) -> RowTraits {
        let inputs = step.inputs.map { traits[$0.step] }
        var rows = inputs.first ?? RowTraits()
        rows.hasCopies = inputs.contains(where: \.hasCopies)
        rows.isCombined = inputs.contains(where: \.isCombined)
        rows.isUnbounded = inputs.contains(where: \.isUnbounded)
        if case .window(let function) = step.operation {
            rows.windowing = function
            if case .sessions = function { rows.mayMerge = true } else { rows.mayMerge = false }
        }
        // New times, new sessions.
        if case .assignTimestamps = step.operation, case .sessions = rows.windowing { rows.mayMerge = true }
        return rows
    }

    private func joinStep(_ step: Step, _ join: Join) throws -> JoinStep {
        guard step.inputs.count == 2 else {
            throw PipelineError(.invalidGraph, "step '\(step.name)': a join has two inputs")
        }
        let inputs = step.inputs.map { traits[$0.step] }
        return try JoinStep(
            step, join, inputs: step.inputs.map(schema), isUnbounded: inputs.map(\.isUnbounded),
            windowing: inputs.map(\.windowing))
    }
}
