/// The transforms that a file's `providers:` add to those that are built in.
struct Providers {
    /// Transforms that are defined in YAML, by their type.
    var transforms: [String: ProvidedTransform] = [:]
    /// Transforms that need another language or machine: the type of their provider, by their own.
    var elsewhere: [String: String] = [:]
}

/// A transform that a provider of the type `yaml` defines.
struct ProvidedTransform {
    var type: String
    var place: Place
    /// What the parameters may be; nil: there are none.
    var schema: Value?
    var body: Value
    /// Whether it reads another transform.
    var needsInput: Bool
    /// The text that it stands in.
    var source: SourceText
    /// The file that its templates include others from.
    var file: String
    var settings: TemplateSettings
}

/// Reads `providers:`, and the files that it includes.
struct ProviderReader {
    private(set) var providers = Providers()
    private let file: String
    private let settings: TemplateSettings
    private let findings: Findings
    private var including: [String] = []

    private static let types = [
        "beamJar", "docker", "javaJar", "mavenJar", "python", "pythonPackage", "remote", "renaming", "yaml",
    ]

    init(file: String, settings: TemplateSettings, _ findings: Findings) {
        self.file = file
        self.settings = settings
        self.findings = findings
    }

    /// - Parameter source: the text that the list stands in.
    mutating func read(_ value: Value, _ source: SourceText) { read(value, source, file) }

    private mutating func read(_ value: Value, _ source: SourceText, _ file: String) {
        if value.isNull { return }
        guard let list = value.list else {
            findings.error("'providers' is a list, not \(value.kind)", at: value.place)
            return
        }
        for item in list {
            guard let entries = item.entries else {
                findings.error("a provider is a map with 'type' and 'transforms', or with 'include'", at: item.place)
                continue
            }
            let reader = MapReader(item, of: "the provider", at: item.place, findings)
            if let (path, place) = reader.text("include") {
                guard entries.count == 1 else {
                    findings.error("'include' stands alone", at: place, suggestion: "make a provider of its own of it")
                    continue
                }
                include(path, place, file)
            } else {
                provider(reader, source, file)
            }
        }
    }

    private mutating func include(_ path: String, _ place: Place, _ file: String) {
        guard including.count < 20, !including.contains(path) else {
            findings.error("provider files include each other without end", at: place)
            return
        }
        let text: String
        let found: String
        switch ProviderFile.read(path, from: file) {
        case .success(let result): (text, found) = result
        case .failure(let problem):
            findings.error("the provider file '\(path)' cannot be read: \(problem)", at: place)
            return
        }
        let origin = PlaceOrigin { place, _ in WrittenPlace(file: found, line: place.line, column: place.column) }
        including.append(path)
        defer { including.removeLast() }
        if let root = PipelineDocument.parse(text, origin, findings) {
            read(root, SourceText(text, origin: origin), found)
        }
    }

    private mutating func provider(_ reader: MapReader, _ source: SourceText, _ file: String) {
        reader.allow(["type", "transforms", "config", "name", "mappings", "defaults", "underlying_provider"])
        guard let (type, typePlace) = reader.requiredText("type") else { return }
        guard Self.types.contains(type) else {
            findings.unknown(
                "'\(type)' is not a type of provider", type, among: Self.types, called: "types", at: typePlace)
            return
        }
        guard let transforms = reader.required("transforms") else { return }
        guard let entries = transforms.entries else {
            findings.error("'transforms' of a provider is a map, not \(transforms.kind)", at: transforms.place)
            return
        }
        for (name, place, value) in entries {
            if ["chain", "composite"].contains(name) {
                findings.error("'\(name)' is a word of Beam YAML, and no provider's transform", at: place)
            } else if type == "yaml" {
                define(name, place, value, source, file)
            } else if providers.transforms[name] == nil {
                providers.elsewhere[name] = type
            }
        }
    }

    private mutating func define(
        _ name: String, _ place: Place, _ value: Value, _ source: SourceText, _ file: String
    ) {
        let reader = MapReader(value, of: "the definition of '\(name)'", at: place, findings)
        reader.allow(["config_schema", "body", "requires_inputs", "description"])
        guard let body = reader.required("body") else { return }
        if TransformKind.known[name] != nil {
            findings.warning(
                "'\(name)' is built in; the provider's is taken", at: place, suggestion: "give it another name")
        }
        // The first of two definitions counts, as in Beam.
        guard providers.transforms[name] == nil else { return }
        providers.transforms[name] = ProvidedTransform(
            type: name, place: place, schema: reader["config_schema"], body: body,
            needsInput: reader.boolean("requires_inputs") ?? !name.hasPrefix("Read"), source: source, file: file,
            settings: settings)
        if reader.has("requires_inputs") == false, name.hasPrefix("Read") {
            providers.transforms[name]?.needsInput = false
        }
        providers.elsewhere[name] = nil
    }
}
