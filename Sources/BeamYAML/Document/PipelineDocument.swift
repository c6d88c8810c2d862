import Yams

/// A pipeline file: its parts, and where they are.
struct PipelineDocument {
    let pipeline: Value
    let pipelinePlace: Place
    let options: PipelineOptions
    /// The `tests:` block.
    let tests: Value?
    let source: SourceText
    /// The transforms of its `providers:`.
    let providers: Providers

    /// Nil when the file cannot be read at all; the findings say why.
    init?(_ text: String, _ settings: TemplateSettings, _ findings: Findings) {
        guard let rendered = TemplatedText(text, settings, findings),
            let root = Self.parse(rendered.text, rendered.origin, findings)
        else { return nil }
        source = SourceText(rendered.text, origin: rendered.origin)
        guard let entries = root.entries else {
            findings.error("a pipeline file is a map with the key 'pipeline'", at: root.place)
            return nil
        }
        let known = ["pipeline", "options", "providers", "tests"]
        for entry in entries where !known.contains(entry.key) {
            findings.unknown(
                "'\(entry.key)' is not a part of a pipeline file", entry.key, among: known, called: "parts",
                at: entry.place)
        }
        var reader = ProviderReader(file: findings.file, settings: settings, findings)
        if let value = entries.first(where: { $0.key == "providers" })?.value { reader.read(value, source) }
        providers = reader.providers
        options = Self.options(entries.first { $0.key == "options" }?.value, findings)
        tests = entries.first { $0.key == "tests" }?.value
        guard let pipeline = entries.first(where: { $0.key == "pipeline" }) else {
            findings.error("the file has no 'pipeline'", at: root.place)
            return nil
        }
        self.pipeline = pipeline.value
        pipelinePlace = pipeline.place
    }

    /// The root of a YAML text; nil when it is none, and that is said.
    static func parse(_ text: String, _ origin: PlaceOrigin? = nil, _ findings: Findings) -> Value? {
        do {
            guard let node = try compose(yaml: text) else {
                findings.error("the file is empty", at: Place(line: 1, column: 1, origin: origin))
                return nil
            }
            return Value(node: node, origin: origin)
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                findings.error("this is not YAML: \(problem)", at: Place(mark, origin))
            case .duplicatedKeysInMapping(let duplicates, let context):
                findings.error(
                    "the key '\(duplicates.joined(separator: "', '"))' stands twice in this map",
                    at: Place(context.mark, origin))
            default: findings.error("this is not YAML: \(error)", at: Place(line: 1, column: 1, origin: origin))
            }
        } catch {
            findings.error("this is not YAML: \(error)", at: Place(line: 1, column: 1, origin: origin))
        }
        return nil
    }

    private static func options(_ value: Value?, _ findings: Findings) -> PipelineOptions {
        var options = PipelineOptions()
        guard let value, !value.isNull else { return options }
        let reader = MapReader(value, of: "options", at: value.place, findings)
        for key in reader.keys {
            switch key {
            case "yaml_experimental_features":
                options.experimentalFeatures = Set(reader.texts(key)?.map(\.text) ?? [])
            case "streaming": options.isStreaming = reader.boolean(key) ?? false
            default: options.others[key] = reader[key]?.text
            }
        }
        return options
    }
}
