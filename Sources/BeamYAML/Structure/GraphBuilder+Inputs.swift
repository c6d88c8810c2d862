import Columnar
import Dataflow

/// Who reads what: references to transforms, the outputs that they mean, and the inputs as a transform takes them.
extension GraphBuilder {
    /// The collection that a name in `scope` refers to.
    func collection(
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

    func output(
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
    func inputs(of spec: TransformSpec, in scope: Scope) -> [(key: String, collections: [Collection])] {
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

    /// The inputs as the transform takes them: none, one, or many. Nil when they do not fit.
    func arranged(
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
            return [steps.flattened(input.collections, name, input.key, spec)]
        case .tables:
            guard !inputs.isEmpty else {
                findings.error(
                    "\(spec.type) needs an input", at: spec.place,
                    suggestion: "write 'input:' and the name of a transform, or 'input: {a: A, b: B}'")
                return nil
            }
            return inputs.map { steps.flattened($0.collections, name, $0.key, spec) }
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
            return inputs.map { steps.flattened($0.collections, name, $0.key, spec) }
        }
    }
}
