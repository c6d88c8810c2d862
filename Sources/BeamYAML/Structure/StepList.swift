import Columnar
import Dataflow

/// The steps of a graph in their order, and those among them that the file does not spell out: for several collections
/// read as one, for windows, and for what a transform needs beside its own step.
struct StepList {
    private(set) var all: [Step] = []
    private let findings: Findings

    init(_ findings: Findings) { self.findings = findings }

    /// Adds a step, with a number behind its name where another has it.
    mutating func append(_ step: Step) -> Edge {
        var step = step
        step.id = all.count
        var number = 2
        let name = step.name
        while all.contains(where: { $0.name == step.name }) {
            step.name = "\(name) \(number)"
            number += 1
        }
        all.append(step)
        return Edge(step: step.id)
    }

    /// The inputs of the last join of a chain: what the links before it make of the first ones, and the last.
    mutating func linked(_ inputs: [Edge], _ links: [JoinLink], _ name: String, _ spec: TransformSpec) -> [Edge] {
        var edges = inputs
        for link in links {
            let edge = append(
                Step(
                    id: 0, name: "\(name)/\(link.name)", transform: spec.type, operation: .join(link.join),
                    inputs: Array(edges.prefix(2)), schema: link.schema))
            edges.replaceSubrange(0..<2, with: [edge])
        }
        return edges
    }

    /// The steps that a transform needs beside its own; the last one's output, or nil when there are none.
    mutating func append(_ steps: [InnerStep], to outer: [Edge], _ name: String) -> Edge? {
        var edges: [Edge] = []
        for step in steps {
            let inputs = step.inputs.flatMap { input -> [Edge] in
                switch input {
                case .outer: outer
                case .input(let number): [outer[number]]
                case .inner(let number): [edges[number]]
                }
            }
            edges.append(
                append(
                    Step(
                        id: 0, name: "\(name)/\(step.name)", transform: step.transform, operation: step.operation,
                        inputs: inputs, schema: step.schema)))
        }
        return edges.last
    }

    /// One collection of many: a list of inputs means all of them together.
    mutating func flattened(_ collections: [Collection], _ name: String, _ key: String, _ spec: TransformSpec)
        -> Collection
    {
        guard collections.count > 1 else { return collections.first ?? .unknown }
        guard let rows = Flattening.rows(of: collections.map(\.rows), at: spec.place, findings) else { return .unknown }
        let label = key == "input" ? "\(name)/Flatten" : "\(name)/Flatten \(key)"
        let inputs = aligned(collections, to: rows, label, spec)
        let edge = append(
            Step(
                id: 0, name: label, transform: "Flatten", operation: .flatten, inputs: inputs.map(\.edge),
                schema: rows.schema))
        return Collection(edge: edge, rows: rows)
    }

    /// Collections whose fields are those of `rows`, in that order: what lacks a field gets nulls.
    mutating func aligned(
        _ collections: [Collection], to rows: Rows, _ name: String, _ spec: TransformSpec
    ) -> [Collection] {
        collections.enumerated().map { index, collection in
            guard let own = collection.rows, own.schema != rows.schema,
                let expressions = Flattening.expressions(from: own.schema, to: rows.schema)
            else { return collection }
            var aligned = own
            aligned.schema = rows.schema
            let edge = append(
                Step(
                    id: 0, name: "\(name)/Fields \(index + 1)", transform: "MapToFields",
                    operation: .map(MapFields(expressions: expressions)), inputs: [collection.edge], schema: rows.schema
                ))
            return Collection(edge: edge, rows: aligned)
        }
    }

    /// The collection in the windows that the transform asks for.
    mutating func windowed(_ collection: Collection, _ spec: TransformSpec, name: String) -> Collection {
        guard let windowing = spec.windowing, let function = WindowingSpec.read(windowing, findings) else {
            return collection
        }
        guard var rows = collection.rows else { return collection }
        rows.windowing = function
        let edge = append(
            Step(
                id: 0, name: "\(name)/Windowing", transform: "WindowInto", operation: .window(function),
                inputs: [collection.edge], schema: rows.schema))
        return Collection(edge: edge, rows: rows)
    }
}
