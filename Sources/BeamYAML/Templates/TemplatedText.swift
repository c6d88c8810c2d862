import Jinja

/// The text of a file after its templates have been rendered. Beam renders every file; one without `{{`, `{%` and `{#`
/// behind its first comments stays as it is.
struct TemplatedText {
    let text: String
    /// Leads to the file as it was written; nil when nothing had to be rendered.
    let origin: PlaceOrigin?

    /// Nil when the template is wrong; the findings say why.
    init?(_ text: String, _ settings: TemplateSettings, _ findings: Findings) {
        let (body, firstLine) = LeadingComments.strip(text)
        guard Self.hasTemplate(body) else {
            self.text = text
            origin = nil
            return
        }
        do {
            let rendered = try settings.environment(for: findings.file).render(
                TemplateText(body, file: findings.file, firstLine: firstLine), variables: settings.variables)
            self.text = rendered.text
            origin = PlaceOrigin { place, _ in
                let origin = rendered.origin(line: place.line, column: place.column)
                return WrittenPlace(file: origin.file, line: origin.line, column: origin.column)
            }
        } catch {
            findings.report(Diagnostic(error))
            return nil
        }
    }

    static func hasTemplate(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if previous == UInt8(ascii: "{"), [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(byte) {
                return true
            }
            previous = byte
        }
        return false
    }
}

extension Diagnostic {
    init(_ error: TemplateError) {
        self.init(
            file: error.file, line: error.line, column: error.column, message: error.message,
            suggestion: error.suggestion)
    }
}
