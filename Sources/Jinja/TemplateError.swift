/// What is wrong with a template, and where.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Kind: String, Sendable, Hashable {
        /// The template cannot be read: Jinja's `TemplateSyntaxError`.
        case syntax
        /// A variable or attribute that there is not was used: Jinja's `UndefinedError`.
        case undefined
        /// An included, imported or extended template that there is not: Jinja's `TemplateNotFound`.
        case notFound
        /// An operation that its values do not allow: Python's `TypeError`, `ValueError` and their like.
        case runtime
        /// The template would take too much time or memory.
        case limit
    }

    /// The kind.
    public var kind: Kind
    /// The template's file.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var suggestion: String?

    /// `pipelines/bids.yaml:3:14: 'tpoic' is not defined; did you mean 'topic'?`
    public var description: String {
        "\(file):\(line):\(column): \(message)\(suggestion.map { "; \($0)" } ?? "")"
    }

    init(_ failure: Failure, in source: SourceText) {
        let place = failure.place ?? SourcePlace(source: source, offset: 0)
        let position = place.source.position(of: place.offset)
        self.init(
            kind: failure.kind, file: place.source.file, line: position.line, column: position.column,
            message: failure.message, suggestion: failure.suggestion)
    }

    init(kind: Kind, file: String, line: Int, column: Int, message: String, suggestion: String?) {
        self.kind = kind
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.suggestion = suggestion
    }
}
