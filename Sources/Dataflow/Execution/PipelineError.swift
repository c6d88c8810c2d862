/// Why a pipeline cannot be made or started, in words for its author.
public struct PipelineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mistake it is.
    public enum Code: String, Sendable {
        /// The graph contradicts itself.
        case invalidGraph
        /// What the environment gives does not fit: no publisher, no such subscription, no such table.
        case unavailable
        /// The stored state of the pipeline cannot be read.
        case unreadableState
        /// The command is not possible in the state that the pipeline is in.
        case wrongState
        /// The state of a step has become bigger than the settings allow.
        case outOfMemory
    }

    /// What kind of mistake it is.
    public var code: Code
    /// What is wrong, where, and what to do.
    public var message: String

    /// An error to show to a person.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
