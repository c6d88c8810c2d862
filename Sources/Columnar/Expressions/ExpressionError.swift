/// Why an expression cannot be compiled, and where.
public struct ExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where in the source, in Unicode scalars from its start.
    public var offset: Int
    /// What is wrong.
    public var message: String
    /// What to do about it, if something can be said.
    public var suggestion: String?
    /// A name that is not known.
    public var unknown: UnknownName?

    /// Whether the source is Python that CPython may well run, but not of the language that is compiled: for whoever can
    /// hand it to CPython instead. False where CPython would refuse or fail it too: the error is the author's.
    public var isOutsideCompiledLanguage = false

    /// A name, and those that could stand in its place: for whoever tells the person which is the nearest.
    public struct UnknownName: Sendable, Equatable {
        /// As it stands in the source.
        public var name: String
        /// What is known in that place.
        public var known: [String]

        /// A name that is none of those known.
        public init(name: String, known: [String]) {
            self.name = name
            self.known = known
        }
    }

    /// An error at a place.
    public init(_ message: String, at offset: Int, suggestion: String? = nil, unknown: UnknownName? = nil) {
        self.message = message
        self.offset = offset
        self.suggestion = suggestion
        self.unknown = unknown
    }

    /// The same error, of what is Python but not of the language that is compiled.
    var outside: ExpressionError {
        var error = self
        error.isOutsideCompiledLanguage = true
        return error
    }

    /// The message and the suggestion.
    public var description: String { message + (suggestion.map { "; \($0)" } ?? "") }
}
