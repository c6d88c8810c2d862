/// Reads the structure of a pipeline: which transforms there are and how they hang together. A chain becomes a composite
/// whose transforms each read the one before.
struct PipelineReader {
    private let document: PipelineDocument
    private let findings: Findings
    private let expansion = ProviderExpansion()

    private static let leafKeys = ["type", "name", "input", "config", "windowing", "resource_hints"]
    private static let compositeKeys = [
        "type", "name", "input", "output", "transforms", "extra_transforms", "source", "sink", "windowing",
        "resource_hints",
    ]
    private static let pipelineKeys = [
        "type", "transforms", "extra_transforms", "source", "sink", "windowing", "resource_hints",
    ]

    /// Types that Beam's `yaml_transform.py` prepares by their language before it looks into `extra_transforms`.
    private static let preparedTypes: Set<String> = [
        "AssignTimestamps", "Combine", "Filter", "MapToFields", "Partition",
    ]

    init(_ document: PipelineDocument, _ findings: Findings) {
        self.document = document
        self.findings = findings
    }

    /// The whole pipeline as one composite; nil when it has no structure.
    func read() -> TransformSpec? {
        guard let entries = document.pipeline.entries else {
            findings.error("'pipeline' is a map with 'type' and 'transforms'", at: document.pipelinePlace)
            return nil
        }
        for entry in entries where !Self.pipelineKeys.contains(entry.key) {
            findings.unknown(
                "'\(entry.key)' is not a part of a pipeline", entry.key, among: Self.pipelineKeys, called: "parts",
                at: entry.place)
        }
        let reader = MapReader(document.pipeline, of: "the pipeline", at: document.pipelinePlace, findings)
        let type = reader.choice("type", of: ["chain", "composite"]) ?? "composite"
        let root = TransformSpec(
            type: type, place: reader["type"]?.place ?? document.pipelinePlace, name: nil,
            namePlace: document.pipelinePlace, input: .absent, config: nil, windowing: reader["windowing"])
        readChildren(of: root, reader)
        pushWindowing(of: root)
        return root
    }

    // MARK: Transforms

    private func transform(_ value: Value) -> TransformSpec? { transform(value, in: nil) }

    /// - Parameter source: the text that it stands in, when that is not the file's own.
    private func transform(_ value: Value, in source: SourceText?, isBody: Bool = false, needsInput: Bool = true)
        -> TransformSpec?
    {
        guard value.entries != nil else {
            findings.error("a transform is a map with 'type', not \(value.kind)", at: value.place)
            return nil
        }
        let reader = MapReader(value, of: "the transform", at: value.place, findings)
        guard let (type, place) = reader.requiredText("type") else { return nil }
        let isComposite = type == "chain" || type == "composite"
        allow(isComposite ? Self.compositeKeys : Self.leafKeys, in: value, type: type)
        let name = reader.text("name")
        let config = reader["config"]
        if let config, config.entries == nil {
            findings.error("'config' is a map, not \(config.kind)", at: config.place)
        }
        let spec = TransformSpec(
            type: type, place: place, name: name?.text, namePlace: name?.place ?? place, input: input(value),
            config: config?.entries == nil ? nil : config, windowing: reader["windowing"])
        if reader.has("resource_hints") {
            findings.warning(
                "'resource_hints' mean nothing on one machine", at: reader.place(ofKey: "resource_hints") ?? place)
        }
        spec.source = source
        if isBody {
            spec.isBody = isComposite
            spec.input = needsInput || type != "chain" ? .enclosing : .absent
        }
        if isComposite {
            spec.outputs = outputs(reader)
            readChildren(of: spec, reader)
        } else if let provided = document.providers.transforms[type] {
            expand(provided, spec)
        } else if let provider = document.providers.elsewhere[type], TransformKind.known[type] == nil {
            refuse(provider, spec)
        }
        return spec
    }

    /// Makes a provider's transform a composite of its body.
    private func expand(_ provided: ProvidedTransform, _ spec: TransformSpec) {
        (spec.children, spec.isBroken) = ([], true)
        guard let (body, source) = expansion.body(of: provided, for: spec, findings) else { return }
        expansion.depth += 1
        defer { expansion.depth -= 1 }
        spec.needsInput = provided.needsInput
        guard let child = transform(body, in: source, isBody: true, needsInput: provided.needsInput) else { return }
        (spec.children, spec.isBroken) = ([child], false)
        spec.last = child
    }

    private func refuse(_ provider: String, _ spec: TransformSpec) {
        let remedy =
            switch provider {
            case "python", "pythonPackage":
                "write it with MapToFields and a 'callable:', or as a provider of the type 'yaml'"
            case "renaming": "use the transform under its own name"
            default: "use a transform that is built in, or run the file with Apache Beam"
            }
        findings.error(
            "'\(spec.type)' comes from a provider of the type '\(provider)', which does not run here", at: spec.place,
            suggestion: remedy)
        (spec.children, spec.isBroken) = ([], true)
    }

    private func allow(_ known: [String], in value: Value, type: String) {
        let parameters = TransformKind.known[type]?.parameters ?? []
        for entry in value.entries ?? [] where !known.contains(entry.key) {
            switch entry.key {
            case _ where parameters.contains(entry.key):
                findings.error(
                    "'\(entry.key)' is a parameter of \(type)", at: entry.place, suggestion: "put it under 'config:'")
            case "output_schema":
                findings.error(
                    "'output_schema' is a parameter of every transform", at: entry.place,
                    suggestion: "put it under 'config:'")
            default:
                findings.unknown(
                    "'\(entry.key)' is not a part of a transform", entry.key, among: known, called: "parts",
                    at: entry.place)
            }
        }
    }

    private func input(_ value: Value) -> TransformSpec.Input {
        guard let entry = value.entries?.first(where: { $0.key == "input" }) else { return .absent }
        if entry.value.isNull { return .absent }
        if let texts = entry.value.texts {
            return texts.isEmpty ? .absent : .references([named("input", texts)])
        }
        if let entries = entry.value.entries {
            let inputs = entries.compactMap { key, _, value in value.texts.map { named(key, $0) } }
            if inputs.count == entries.count { return inputs.isEmpty ? .absent : .references(inputs) }
        }
        findings.error("'input' is the name of a transform, a list of names, or a map of them", at: entry.value.place)
        return .absent
    }

    private func named(_ key: String, _ texts: [(text: String, place: Place)]) -> TransformSpec.NamedInput {
        .init(key: key, references: texts.map { .init(text: $0.text, place: $0.place) })
    }

    private func outputs(_ reader: MapReader) -> [(key: String, reference: TransformSpec.Reference)] {
        guard let value = reader["output"] else { return [] }
        if let text = value.text { return [("output", .init(text: text, place: value.place))] }
        if let entries = value.entries {
            let outputs = entries.compactMap { key, _, value in
                value.text.map { (key, TransformSpec.Reference(text: $0, place: value.place)) }
            }
            if outputs.count == entries.count { return outputs }
        }
        findings.error("'output' is the name of a transform, or a map of them", at: value.place)
        return []
    }

    // MARK: Composites

    private func readChildren(of spec: TransformSpec, _ reader: MapReader) {
        var nodes: [(value: Value, isSource: Bool)] = []
        if let source = reader["source"] { nodes.append((source, true)) }
        if let transforms = reader["transforms"] {
            if let list = transforms.list {
                nodes += list.map { ($0, false) }
            } else {
                findings.error("'transforms' is a list, not \(transforms.kind)", at: transforms.place)
            }
        }
        if let sink = reader["sink"] { nodes.append((sink, false)) }
        if nodes.isEmpty, reader["transforms"]?.list != nil || !reader.has("transforms") {
            findings.error("the \(spec.type) has no transforms", at: reader.place(ofKey: "transforms") ?? spec.place)
        }
        let children = nodes.compactMap { transform($0.value, in: spec.source) }
        let extra = (reader["extra_transforms"]?.list ?? []).compactMap { transform($0, in: spec.source) }
        if spec.type == "chain" {
            for child in extra where Self.preparedTypes.contains(child.type) {
                findings.warning(
                    "Apache Beam 2.77 does not know \(child.type) among 'extra_transforms'", at: child.place,
                    suggestion: "write 'type: composite' and give every transform an 'input'")
            }
            link(children, in: spec)
        } else {
            if reader.has("extra_transforms") {
                findings.error(
                    "'extra_transforms' belong to a chain", at: reader.place(ofKey: "extra_transforms") ?? spec.place,
                    suggestion: "put them among the 'transforms'")
            }
            linkImplicitly(children, in: spec)
        }
        spec.children = children + extra
    }

    private func link(_ children: [TransformSpec], in chain: TransformSpec) {
        for (index, child) in children.enumerated() {
            if case .references(let inputs) = child.input {
                findings.error(
                    "a transform of a chain reads the one before it",
                    at: inputs[0].references.first?.place ?? child.place,
                    suggestion: "remove its 'input', or write 'type: composite'")
            }
            if index > 0 {
                child.input = .previous(children[index - 1])
            } else {
                switch chain.input {
                case .references, .enclosing: child.input = .enclosing
                case .absent, .previous: break
                }
            }
        }
        chain.last = children.last
    }

    /// A composite with an input, in which no transform says what it reads, is read as a chain.
    private func linkImplicitly(_ children: [TransformSpec], in composite: TransformSpec) {
        guard case .references = composite.input else { return }
        let isExplicit = children.contains { child in
            if case .references = child.input { true } else { !child.outputs.isEmpty }
        }
        guard !isExplicit else { return }
        for (index, child) in children.enumerated() {
            child.input = index == 0 ? .enclosing : .previous(children[index - 1])
        }
        if composite.outputs.isEmpty { composite.last = children.last }
    }

    /// Windowing of a composite goes to what has no input inside it.
    private func pushWindowing(of spec: TransformSpec) {
        for child in spec.children ?? [] {
            if case .absent = child.input, child.windowing == nil { child.windowing = spec.windowing }
            if child.isComposite { pushWindowing(of: child) }
        }
    }
}
