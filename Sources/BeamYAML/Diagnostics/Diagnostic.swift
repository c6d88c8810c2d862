/// Something that is wrong with a pipeline file, and where.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    /// Whether the pipeline can run all the same.
    public enum Severity: String, Sendable, Hashable {
        case error, warning
        /// What is as it should be, and good to know.
        case note
    }

    /// How bad it is.
    public var severity: Severity
    /// The file as it was named to the compiler.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var suggestion: String?

    /// A diagnostic at a place of a file.
    public init(
        _ severity: Severity = .error, file: String, line: Int, column: Int, message: String, suggestion: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.suggestion = suggestion
    }

    /// `pipelines/subway.yaml:14:9: 'Explod' is not a transform; did you mean 'Explode'?`
    public var description: String {
        let kind = severity == .error ? "" : "\(severity.rawValue): "
        return "\(file):\(line):\(column): \(kind)\(message)\(suggestion.map { "; \($0)" } ?? "")"
    }
}

/// Everything that keeps a pipeline file from running.
public struct PipelineErrors: Error, Sendable, CustomStringConvertible {
    /// In the order of the file; at least one.
    public var diagnostics: [Diagnostic]

    /// One diagnostic a line.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
