/// Finds the templates that others include, import and extend.
public protocol TemplateLoader: Sendable {
    /// The template of that name; nil when there is none.
    ///
    /// Throws when there is one that cannot be read; the error's description is shown.
    func template(named name: String) throws -> TemplateText?
}

/// The text of a template.
public struct TemplateText: Sendable, Hashable {
    /// What the template says.
    public var text: String
    /// The file, for people.
    public var file: String
    /// The line of the file that the text begins with.
    public var firstLine: Int

    /// A text with its place.
    public init(_ text: String, file: String, firstLine: Int = 1) {
        self.text = text
        self.file = file
        self.firstLine = firstLine
    }
}

/// Templates in memory, by name.
public struct TemplateCollection: TemplateLoader {
    private let texts: [String: String]

    /// A collection; a template's file is its name.
    public init(_ texts: [String: String]) { self.texts = texts }

    /// The template of that name.
    public func template(named name: String) -> TemplateText? { texts[name].map { TemplateText($0, file: name) } }
}
