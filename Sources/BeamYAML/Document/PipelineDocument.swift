import Yams

/// A pipeline file: its parts, and where they are.
struct PipelineDocument {
    let pipeline: Value
    let pipelinePlace: Place
    let options: PipelineOptions
    /// The `tests:` block.
    let tests: Value?
    let source: SourceText

    /// Nil when the file cannot be read at all; the findings say why.
    init?(_ text: String, _ findings: Findings) {
        source = SourceText(text)
        guard Self.hasNoTemplate(text, findings), let root = Self.parse(text, findings) else { return nil }
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
        if let providers = entries.first(where: { $0.key == "providers" }), providers.value.list?.isEmpty != true {
            findings.error(
                "providers are not supported", at: providers.place, suggestion: "use the transforms that are built in")
        }
        options = Self.options(entries.first { $0.key == "options" }?.value, findings)
        tests = entries.first { $0.key == "tests" }?.value
        guard let pipeline = entries.first(where: { $0.key == "pipeline" }) else {
            findings.error("the file has no 'pipeline'", at: root.place)
            return nil
        }
        self.pipeline = pipeline.value
        pipelinePlace = pipeline.place
    }

    /// Beam gives every file to Jinja first.
    private static func hasNoTemplate(_ text: String, _ findings: Findings) -> Bool {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let scalars = Array(line.unicodeScalars)
            for column in scalars.indices.dropLast() where scalars[column] == "{" {
                let next = scalars[column + 1]
                guard next == "{" || next == "%" || next == "#" else { continue }
                findings.error(
                    "templates are not supported, and '{\(next)' starts one",
                    at: Place(line: index + 1, column: column + 1),
                    suggestion:
                        "write the file without variables; Beam reads '{\(next)' as Jinja in comments and in text too")
                return false
            }
        }
        return true
    }

    private static func parse(_ text: String, _ findings: Findings) -> Value? {
        do {
            guard let node = try compose(yaml: text) else {
                findings.error("the file is empty", at: Place(line: 1, column: 1))
                return nil
            }
            return Value(node: node)
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                findings.error("this is not YAML: \(problem)", at: Place(mark))
            case .duplicatedKeysInMapping(let duplicates, let context):
                findings.error(
                    "the key '\(duplicates.joined(separator: "', '"))' stands twice in this map",
                    at: Place(context.mark))
            default: findings.error("this is not YAML: \(error)", at: Place(line: 1, column: 1))
            }
        } catch {
            findings.error("this is not YAML: \(error)", at: Place(line: 1, column: 1))
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
