/// Why Python code cannot be run.
public struct PythonError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable, Hashable {
        /// There is no python3, or it is too old.
        case noInterpreter
        /// A function cannot be loaded: a module that it imports is missing, or its source fails.
        case notLoaded
        /// A worker process cannot be started or does not speak as it should.
        case worker
        /// The pool has been closed.
        case closed
    }

    /// What kind of trouble it is.
    public var code: Code
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var remedy: String?

    init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// The message and the remedy.
    public var description: String { message + (remedy.map { "; \($0)" } ?? "") }
}
