import Columnar

/// A graph as people read it: as text, or as a DOT file for Graphviz.
///
/// Steps that run batch by batch in one pass are fused into a stage. A stage begins with a source or a `Combine`, whose
/// rows come out when windows close.
public struct GraphText: Sendable {
    private let graph: Graph
    /// Which stage a step is in, counted from 0.
    private let stageOfStep: [Int]

    /// Of a graph that is in order: steps read only from those before them.
    public init(_ graph: Graph) {
        self.graph = graph
        var root = Array(graph.steps.indices)
        func find(_ step: Int) -> Int {
            var step = step
            while root[step] != step { step = root[step] }
            return step
        }
        for step in graph.steps {
            if case .combine = step.operation { continue }
            // What reads from two stages runs in a pass of either: they are one.
            for edge in step.inputs {
                let (a, b) = (find(edge.step), find(step.id))
                root[max(a, b)] = min(a, b)
            }
        }
        var numbers: [Int: Int] = [:]
        stageOfStep = graph.steps.indices.map { step in
            let root = find(step)
            if let number = numbers[root] { return number }
            numbers[root] = numbers.count
            return numbers.count - 1
        }
    }

    /// The stages one after the other, a step a line: `name: transform <- inputs (fields)`.
    public var text: String {
        var text = ""
        for (number, steps) in stages.enumerated() {
            text += "stage \(number + 1)\n"
            for step in steps {
                let inputs = step.inputs.map { graph.steps[$0.step].name + ($0.output == .errors ? " (errors)" : "") }
                text += "  \(step.name): \(title(step))"
                if !inputs.isEmpty { text += " <- \(inputs.joined(separator: ", "))" }
                if !step.schema.fields.isEmpty {
                    let fields = step.schema.fields.map { "\($0.name): \($0.type)" }
                    text += " (\(fields.joined(separator: ", ")))"
                }
                text += "\n"
            }
        }
        return text
    }

    /// A directed graph with a cluster for each stage.
    public var dot: String {
        var text = "digraph \(Self.quoted(graph.name)) {\n  rankdir=LR;\n  node [shape=box];\n"
        for (number, steps) in stages.enumerated() {
            text += "  subgraph cluster_\(number + 1) {\n    label=\"stage \(number + 1)\";\n"
            for step in steps { text += "    s\(step.id) [label=\(Self.quoted("\(step.name)\n\(title(step))"))];\n" }
            text += "  }\n"
        }
        for step in graph.steps {
            for edge in step.inputs {
                text += "  s\(edge.step) -> s\(step.id)"
                text += edge.output == .errors ? " [label=\"errors\", style=dashed];\n" : ";\n"
            }
        }
        return text + "}\n"
    }

    private var stages: [[Step]] {
        var stages = [[Step]](repeating: [], count: (stageOfStep.max() ?? -1) + 1)
        for step in graph.steps { stages[stageOfStep[step.id]].append(step) }
        return stages
    }

    /// The transform, with what it reads or writes outside.
    private func title(_ step: Step) -> String {
        let outside: String? =
            switch step.operation {
            case .readMessages(let read): read.subscription ?? read.topic
            case .readFiles(let read): read.pattern
            case .lookup(let lookup): lookup.table
            case .writeRows(let write): write.table
            case .writeMessages(let write): write.topic
            case .writeFiles(let write): write.path
            case .python: "in CPython"
            default: nil
            }
        return step.transform + (outside.map { " \($0)" } ?? "")
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }
}
