import Jinja
import Yams

/// Makes transforms of the bodies of providers, as Beam does: the body as YAML text is a template whose variables are the
/// parameters, and what it gives is read again.
final class ProviderExpansion {
    /// How many bodies are inside of each other.
    var depth = 0
    private var count = 0

    /// The body with a transform's parameters in it, and its text; nil when something is wrong, and said.
    func body(of provided: ProvidedTransform, for spec: TransformSpec, _ findings: Findings) -> (Value, SourceText)? {
        count += 1
        guard depth < 20, count <= 10_000 else {
            findings.error("the provider's transform '\(provided.type)' uses itself without end", at: spec.place)
            return nil
        }
        let parameters = spec.config?.templateEntries ?? []
        guard ConfigSchema(provided, findings).allows(spec) else { return nil }
        let template = BodyTemplate(provided.body, provided.source)
        let marker = "\u{0}body"
        let rendered: RenderedTemplate
        do {
            rendered = try provided.settings.environment(for: provided.file).render(
                TemplateText(template.text, file: marker), variables: parameters)
        } catch {
            if error.file == marker {
                let place = template.place(line: error.line, column: error.column)
                findings.error(error.message, at: place, suggestion: error.suggestion)
            } else {
                findings.report(Diagnostic(error))
            }
            return nil
        }
        let origin = PlaceOrigin { place, file in
            let found = rendered.origin(line: place.line, column: place.column)
            if found.file != marker { return WrittenPlace(file: found.file, line: found.line, column: found.column) }
            return template.place(line: found.line, column: found.column).resolved(in: file)
        }
        guard let root = PipelineDocument.parse(rendered.text, origin, findings) else { return nil }
        return (root, SourceText(rendered.text, origin: origin))
    }
}

extension Value {
    /// The entries of a map as variables of a template.
    var templateEntries: [TemplateValue.Entry] {
        (entries ?? []).map { TemplateValue.Entry($0.key, $0.value.templateValue) }
    }

    private var templateValue: TemplateValue {
        if let list { return .list(list.map(\.templateValue)) }
        if entries != nil { return .map(templateEntries) }
        switch scalar {
        case .boolean(let flag): return .boolean(flag)
        case .integer(let number): return .integer(Int(number))
        case .float(let number): return .float(number)
        case .string(let text), .date(let text): return .string(text)
        case .null, nil: return .null
        }
    }
}
