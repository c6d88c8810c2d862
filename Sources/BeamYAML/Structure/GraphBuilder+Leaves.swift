import Columnar
import Dataflow

/// Transforms that are no composites: each is compiled, and becomes a step with those around it that the file implies.
extension GraphBuilder {
    /// Compiles a transform and adds its steps; its outputs are unknown where it has an error.
    func leaf(_ spec: TransformSpec, in scope: Scope) -> Outputs {
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
                steps.windowed(
                    collection, spec, name: kind.inputs == .named || inputs.count > 1 ? "\(name)/\(key)" : name)
            }
        }
        let context = TransformContext(
            spec: spec, name: name, config: config, inputs: collections.map(\.rows), inputNames: inputs.map(\.key),
            environment: environment, options: options, source: spec.source ?? source, findings: findings)
        guard let compiled = kind.compile(context).map({ context.python.given(to: $0, reading: context.input) }) else {
            return unknownOutputs(of: spec, errorOutput, hasMain: kind.hasOutput)
        }
        if spec.type == "Flatten" { collections = steps.aligned(collections, to: compiled.rows, name, spec) }
        let before = steps.append(compiled.before, to: collections.map(\.edge), name)
        let edges =
            (before ?? compiled.reads.map { collections[$0].edge }).map { [$0] }
            ?? steps.linked(collections.map(\.edge), compiled.links, name, spec)
        let edge = steps.append(
            Step(
                id: 0, name: name, transform: spec.type, operation: compiled.operation, inputs: edges,
                schema: kind.hasOutput ? compiled.rows.schema : Schema(), handlesErrors: errorOutput != nil))
        var outputs = Outputs()
        for branch in compiled.branches {
            let end = steps.append(branch.steps, to: [edge], name) ?? edge
            outputs.named[branch.name] = .init(collection: Collection(edge: end, rows: branch.rows))
        }
        if kind.hasOutput, compiled.branches.isEmpty {
            var main = Collection(edge: edge, rows: compiled.rows)
            if collections.isEmpty, windowsInput { main = steps.windowed(main, spec, name: name) }
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
        let edge = steps.append(
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
        let both = steps.append(
            Step(
                id: 0, name: "\(name)/FlattenErrors", transform: "Flatten", operation: .flatten,
                inputs: [own.collection.edge, Edge(step: edge.step, output: .errors)], schema: errors.schema))
        outputs.named[errorOutput]?.collection = Collection(edge: both, rows: errors)
    }

    func unknownOutputs(of spec: TransformSpec, _ errorOutput: String? = nil, hasMain: Bool = true) -> Outputs {
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
}
