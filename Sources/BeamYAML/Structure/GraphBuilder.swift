import Columnar
import Dataflow

/// Resolves who reads what, has each transform compiled, and puts the steps in order.
final class GraphBuilder {
    private enum State {
        case resolving
        case done(Outputs)
    }

    private let environment: CompileEnvironment
    private let options: PipelineOptions
    private let source: SourceText
    private let findings: Findings
    private var steps: [Step] = []
    private var states: [ObjectIdentifier: State] = [:]
    /// Transforms with an error output, and those of them whose output somebody reads.
    private var errorOutputs: [(spec: TransformSpec, name: String, place: Place)] = []
    private var consumedErrors: Set<ObjectIdentifier> = []
    /// Whether error outputs need not be read: a test is a part of a pipeline.
    var toleratesUnreadErrors = false

    init(_ environment: CompileEnvironment, _ options: PipelineOptions, _ source: SourceText, _ findings: Findings) {
        self.environment = environment
        self.options = options
        self.source = source
        self.findings = findings
    }

    func build(_ root: TransformSpec) -> [Step] {
        let scope = Scope(root.children ?? [], inputs: [:], path: "", findings)
        for child in scope.transforms { _ = resolve(child, in: scope) }
        for (spec, name, place) in errorOutputs
        where !toleratesUnreadErrors && !consumedErrors.contains(ObjectIdentifier(spec)) {
            findings.error(
                "no transform reads the error output '\(spec.label).\(name)'", at: place,
                suggestion: "name it as the input of one, or remove 'error_handling'")
        }
        return steps
    }

    // MARK: Resolving

    private func resolve(_ spec: TransformSpec, in scope: Scope) -> Outputs {
        let key = ObjectIdentifier(spec)
        if case .done(let outputs)? = states[key] { return outputs }
        states[key] = .resolving
        let outputs = spec.isComposite ? composite(spec, in: scope) : leaf(spec, in: scope)
        states[key] = .done(outputs)
        return outputs
    }

    private func isResolving(_ spec: TransformSpec) -> Bool {
        if case .resolving? = states[ObjectIdentifier(spec)] { true } else { false }
    }

    /// The collection that a name in `scope` refers to.
    private func collection(
        _ reference: TransformSpec.Reference, in scope: Scope, _ findings: Findings
    ) -> Collection {
        if let input = scope.inputs[reference.text] { return input }
        var name = reference.text
        var output: String?
        if scope.transforms(called: name).isEmpty, let point = name.lastIndex(of: ".") {
            output = String(name[name.index(after: point)...])
            name = String(name[..<point])
        }
        let found = scope.transforms(called: name)
        guard let spec = found.first else {
            findings.unknown(
                "there is no transform '\(name)' to read from", name, among: scope.labels, called: "transforms",
                at: reference.place)
            return .unknown
        }
        if found.count > 1 {
            findings.error(
                "'\(name)' may mean \(found.count) transforms", at: reference.place,
                suggestion: "give them names and read by name")
            return .unknown
        }
        if isResolving(spec) {
            findings.error("'\(name)' reads its own output, directly or through others", at: reference.place)
            return .unknown
        }
        return self.output(output, of: spec, resolve(spec, in: scope), at: reference.place, findings)
    }

    private func output(
        _ name: String?, of spec: TransformSpec, _ outputs: Outputs, at place: Place, _ findings: Findings
    ) -> Collection {
        if let name, let named = outputs.named[name] {
            if let errorsOf = named.errorsOf { consumedErrors.insert(ObjectIdentifier(errorsOf)) }
            return named.collection
        }
        // Beam has these names for the output that is not the errors'.
        if let main = outputs.main, name == nil || ["good", "out", "output"].contains(name) { return main }
        if let name {
            findings.unknown(
                "'\(spec.label)' has no output '\(name)'", name, among: outputs.named.keys.sorted(), called: "outputs",
                at: place)
        } else if outputs.named.count > 1 {
            findings.error(
                "'\(spec.label)' has \(outputs.named.count) outputs", at: place,
                suggestion:
                    "name one: \(outputs.named.keys.sorted().map { "\(spec.label).\($0)" }.joined(separator: ", "))")
        } else if let only = outputs.named.values.first {
            if let errorsOf = only.errorsOf { consumedErrors.insert(ObjectIdentifier(errorsOf)) }
            return only.collection
        } else {
            findings.error("'\(spec.label)' has no output to read", at: place)
        }
        return .unknown
    }

    /// The inputs of a transform by name, each of one or more collections.
    private func inputs(of spec: TransformSpec, in scope: Scope) -> [(key: String, collections: [Collection])] {
        switch spec.input {
        case .absent: return []
        case .enclosing: return scope.inputs.sorted { $0.key < $1.key }.map { ($0.key, [$0.value]) }
        case .previous(let previous):
            return [("input", [output(nil, of: previous, resolve(previous, in: scope), at: spec.place, findings)])]
        case .references(let named):
            let findings = spec.findings ?? findings
            return named.map { input in (input.key, input.references.map { collection($0, in: scope, findings) }) }
        }
    }

    // MARK: Composites

    private func composite(_ spec: TransformSpec, in scope: Scope) -> Outputs {
        let path = spec.isBody ? String(scope.path.dropLast()) : scope.stepName(of: spec)
        if spec.isBroken { return unknownOutputs(of: spec) }
        if spec.needsInput, case .absent = spec.input {
            findings.error(
                "\(spec.type) needs an input", at: spec.place,
                suggestion: "write 'input:' and the name of a transform")
        }
        var given: [String: Collection] = [:]
        for (key, collections) in inputs(of: spec, in: scope) {
            given[key] = windowed(flattened(collections, path, key, spec), spec, name: "\(path)/\(key)")
        }
        let inner = Scope(spec.children ?? [], inputs: given, path: path + "/", findings)
        for child in inner.transforms { _ = resolve(child, in: inner) }
        if let last = spec.last, spec.outputs.isEmpty { return resolve(last, in: inner) }
        var outputs = Outputs()
        for (key, reference) in spec.outputs {
            if let last = spec.last, !inner.transforms(called: name(of: reference)).contains(where: { $0 === last }) {
                findings.error(
                    "the output of a chain is that of its last transform, '\(last.label)'", at: reference.place)
                continue
            }
            outputs.named[key] = .init(collection: collection(reference, in: inner, findings))
        }
        if outputs.named.count == 1 { outputs.main = outputs.named.first?.value.collection }
        return outputs
    }

    private func name(of reference: TransformSpec.Reference) -> String {
        reference.text.split(separator: ".").first.map(String.init) ?? reference.text
    }

    // MARK: Leaves

    private func leaf(_ spec: TransformSpec, in scope: Scope) -> Outputs {
        let findings = spec.findings ?? self.findings
        let inputs = inputs(of: spec, in: scope)
        let name = scope.stepName(of: spec)
        guard let kind = TransformKind.known[spec.type] else {
            TransformKind.refuse(spec, findings)
            return unknownOutputs(of: spec)
        }
        let config = MapReader(spec.config, of: spec.type, at: spec.place, findings)
        config.allow(kind.parameters, besides: kind.hasOutput ? [Self.outputSchema] : [])
        let errorOutput = kind.handlesErrors ? errorOutput(of: spec, config) : nil
        guard var collections = arranged(inputs, kind, name, spec) else { return unknownOutputs(of: spec, errorOutput) }
        // WindowInto does itself what the others have done to their inputs.
        let windowsInput = spec.windowing != nil && spec.type != "WindowInto"
        if windowsInput {
            collections = zip(collections, inputs.map(\.key)).map { collection, key in
                windowed(collection, spec, name: kind.inputs == .named ? "\(name)/\(key)" : name)
            }
        }
        let context = TransformContext(
            spec: spec, name: name, config: config, inputs: collections.map(\.rows), inputNames: inputs.map(\.key),
            environment: environment, options: options, source: spec.source ?? source, findings: findings)
        guard let compiled = kind.compile(context).map({ context.python.given(to: $0, reading: context.input) }) else {
            return unknownOutputs(of: spec, errorOutput, hasMain: kind.hasOutput)
        }
        if spec.type == "Flatten" { collections = aligned(collections, to: compiled.rows, name, spec) }
        let before = append(compiled.before, to: collections.map(\.edge), name)
        let edges = before.map { [$0] } ?? linked(collections.map(\.edge), compiled.links, name, spec)
        let edge = append(
            Step(
                id: 0, name: name, transform: spec.type, operation: compiled.operation, inputs: edges,
                schema: kind.hasOutput ? compiled.rows.schema : Schema(), handlesErrors: errorOutput != nil))
        var outputs = Outputs()
        for branch in compiled.branches {
            let end = append(branch.steps, to: [edge], name) ?? edge
            outputs.named[branch.name] = .init(collection: Collection(edge: end, rows: branch.rows))
        }
        if kind.hasOutput, compiled.branches.isEmpty {
            var main = Collection(edge: edge, rows: compiled.rows)
            if collections.isEmpty, windowsInput { main = windowed(main, spec, name: name) }
            outputs.main = main
        }
        if let errorOutput {
            let schema = Graph.errorSchema(for: compiled.operation, input: collections.first?.rows?.schema)
            var rows = collections.first?.rows ?? compiled.rows
            (rows.schema, rows.schemaLostBy, rows.possiblyAbsent) = (schema, nil, [])
            outputs.named[errorOutput] = .init(
                collection: Collection(edge: Edge(step: edge.step, output: .errors), rows: rows), errorsOf: spec)
        }
        if let schema = config[Self.outputSchema] { check(&outputs, schema, errorOutput, name, spec, findings) }
        return outputs
    }

    /// The parameter that every transform has: the JSON schema that its rows must obey.
    private static let outputSchema = "output_schema"

    /// Has the rows of the main output checked; those that disobey go to the error output.
    private func check(
        _ outputs: inout Outputs, _ schema: Value, _ errorOutput: String?, _ name: String, _ spec: TransformSpec,
        _ findings: Findings
    ) {
        guard let main = outputs.main, let rows = main.rows else {
            if outputs.main == nil {
                findings.error(
                    "\(spec.type) has several outputs, and 'output_schema' checks one", at: schema.place,
                    suggestion: "use ValidateWithSchema behind it")
            }
            return
        }
        if let place = schema.entries?.first(where: { $0.key == "error_handling" })?.place {
            findings.error(
                "'error_handling' does not belong into the schema", at: place,
                suggestion: "put it into the config of \(spec.type)")
            return
        }
        guard let operation = ValidateWithSchemaTransform.operation(schema, of: "the schema", rows, findings) else {
            outputs.main = .unknown
            return
        }
        let edge = append(
            Step(
                id: 0, name: "\(name)/EnforceOutputSchema", transform: "ValidateWithSchema", operation: operation,
                inputs: [main.edge], schema: rows.schema, handlesErrors: errorOutput != nil))
        outputs.main = Collection(edge: edge, rows: rows)
        guard let errorOutput, let own = outputs.named[errorOutput] else { return }
        var errors = rows
        (errors.schema, errors.schemaLostBy, errors.possiblyAbsent) = (
            Graph.errorSchema(for: operation, input: rows.schema), nil, []
        )
        guard own.collection.rows?.schema == errors.schema else {
            findings.error(
                "the rows that \(spec.type) rejects are of another shape than those that its schema rejects",
                at: schema.place,
                suggestion: "check them in a ValidateWithSchema behind it, with an error output of its own")
            return
        }
        let both = append(
            Step(
                id: 0, name: "\(name)/FlattenErrors", transform: "Flatten", operation: .flatten,
                inputs: [own.collection.edge, Edge(step: edge.step, output: .errors)], schema: errors.schema))
        outputs.named[errorOutput]?.collection = Collection(edge: both, rows: errors)
    }

    private func unknownOutputs(of spec: TransformSpec, _ errorOutput: String? = nil, hasMain: Bool = true) -> Outputs {
        var outputs = Outputs(main: hasMain ? .unknown : nil)
        if let errorOutput { outputs.named[errorOutput] = .init(collection: .unknown, errorsOf: spec) }
        if spec.type == "Partition" { PartitionTransform.addUnknownOutputs(of: spec, to: &outputs) }
        return outputs
    }

    private func errorOutput(of spec: TransformSpec, _ config: MapReader) -> String? {
        guard let value = config["error_handling"] else { return nil }
        guard value.entries != nil else {
            findings.error("'error_handling' is a map with 'output'", at: value.place)
            return nil
        }
        let reader = MapReader(
            value, of: "error_handling", at: config.place(ofKey: "error_handling") ?? spec.place, findings)
        reader.allow(["output"])
        guard let (name, place) = reader.requiredText("output") else { return nil }
        errorOutputs.append((spec, name, place))
        return name
    }

    /// The inputs as the transform takes them: none, one, or many. Nil when they do not fit.
    private func arranged(
        _ inputs: [(key: String, collections: [Collection])], _ kind: TransformKind, _ name: String,
        _ spec: TransformSpec
    ) -> [Collection]? {
        switch kind.inputs {
        case .none:
            guard inputs.isEmpty else {
                findings.error(
                    "\(spec.type) reads no other transform", at: spec.place, suggestion: "remove its 'input'")
                return nil
            }
            return []
        case .one:
            guard inputs.count == 1, let input = inputs.first else {
                findings.error(
                    inputs.isEmpty
                        ? "\(spec.type) needs an input" : "\(spec.type) takes one input, not \(inputs.count)",
                    at: spec.place, suggestion: inputs.isEmpty ? "write 'input:' and the name of a transform" : nil)
                return nil
            }
            return [flattened(input.collections, name, input.key, spec)]
        case .many:
            guard !inputs.isEmpty else {
                findings.error(
                    "\(spec.type) needs inputs", at: spec.place, suggestion: "write 'input:' and a list of transforms")
                return nil
            }
            return inputs.flatMap(\.collections)
        case .named:
            guard case .references(let references) = spec.input, references.map(\.key) != ["input"] else {
                findings.error(
                    "\(spec.type) needs inputs with names", at: spec.place,
                    suggestion: "write 'input: {left: A, right: B}'")
                return nil
            }
            return inputs.map { flattened($0.collections, name, $0.key, spec) }
        }
    }

    // MARK: Steps that the file does not spell out

    private func append(_ step: Step) -> Edge {
        var step = step
        step.id = steps.count
        var number = 2
        let name = step.name
        while steps.contains(where: { $0.name == step.name }) {
            step.name = "\(name) \(number)"
            number += 1
        }
        steps.append(step)
        return Edge(step: step.id)
    }

    /// The inputs of the last join of a chain: what the links before it make of the first ones, and the last.
    private func linked(_ inputs: [Edge], _ links: [JoinLink], _ name: String, _ spec: TransformSpec) -> [Edge] {
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
    private func append(_ steps: [InnerStep], to outer: [Edge], _ name: String) -> Edge? {
        var edges: [Edge] = []
        for step in steps {
            let inputs = step.inputs.flatMap { input -> [Edge] in
                switch input {
                case .outer: outer
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
    private func flattened(_ collections: [Collection], _ name: String, _ key: String, _ spec: TransformSpec)
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
    private func aligned(
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
    private func windowed(_ collection: Collection, _ spec: TransformSpec, name: String) -> Collection {
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
