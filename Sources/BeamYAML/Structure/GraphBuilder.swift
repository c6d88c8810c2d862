import Columnar
import Dataflow

/// Resolves who reads what, has each transform compiled, and puts the steps in order.
final class GraphBuilder {
    private enum State {
        case resolving
        case done(Outputs)
    }

    let environment: CompileEnvironment
    let options: PipelineOptions
    let source: SourceText
    let findings: Findings
    var steps: StepList
    private var states: [ObjectIdentifier: State] = [:]
    /// Transforms with an error output, and those of them whose output somebody reads.
    var errorOutputs: [(spec: TransformSpec, name: String, place: Place)] = []
    var consumedErrors: Set<ObjectIdentifier> = []
    /// Whether error outputs need not be read: a test is a part of a pipeline.
    var toleratesUnreadErrors = false

    init(_ environment: CompileEnvironment, _ options: PipelineOptions, _ source: SourceText, _ findings: Findings) {
        self.environment = environment
        self.options = options
        self.source = source
        self.findings = findings
        steps = StepList(findings)
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
        return steps.all
    }

    func resolve(_ spec: TransformSpec, in scope: Scope) -> Outputs {
        let key = ObjectIdentifier(spec)
        if case .done(let outputs)? = states[key] { return outputs }
        states[key] = .resolving
        let outputs = spec.isComposite ? composite(spec, in: scope) : leaf(spec, in: scope)
        states[key] = .done(outputs)
        return outputs
    }

    func isResolving(_ spec: TransformSpec) -> Bool {
        if case .resolving? = states[ObjectIdentifier(spec)] { true } else { false }
    }

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
            let collection = steps.flattened(collections, path, key, spec)
            given[key] = steps.windowed(collection, spec, name: "\(path)/\(key)")
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
}
