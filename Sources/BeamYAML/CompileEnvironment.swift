public import Columnar
public import Pipes

/// What a pipeline file may refer to in the workspace that runs it.
public struct CompileEnvironment: Sendable {
    /// The tables' schemas by `dataset.table`. A table that is not among them may be created by the pipeline.
    public var tables: [String: Schema]
    /// The short names of the subscriptions; nil: unknown, and not checked.
    public var subscriptions: Set<String>?
    /// The short names of the topics; nil: unknown, and not checked.
    public var topics: Set<String>?
    /// Checks code that runs in CPython; nil: there is none, and only code that is compiled is taken.
    public var python: (any PythonChecker)?

    /// What the file's templates are given.
    public var templates = TemplateSettings()

    /// An environment; with no arguments one that knows no tables and checks no names.
    public init(
        tables: [String: Schema] = [:], subscriptions: Set<String>? = nil, topics: Set<String>? = nil,
        python: (any PythonChecker)? = nil
    ) {
        self.tables = tables
        self.subscriptions = subscriptions
        self.topics = topics
        self.python = python
    }
}
