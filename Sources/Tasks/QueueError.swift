/// Why a queue refuses a declaration, a task or a command, with what to do about it.
public struct QueueError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of refusal; more may come.
    public struct Code: Sendable, Hashable {
        /// The name of `google.rpc.Code`'s counterpart.
        public let name: String

        /// There is no such queue or task.
        public static let notFound = Code(name: "NOT_FOUND")
        /// A declaration or a task is wrong.
        public static let invalid = Code(name: "INVALID_ARGUMENT")
        /// Not in the present state.
        public static let refused = Code(name: "FAILED_PRECONDITION")
    }

    /// The kind.
    public var code: Code
    /// The field at fault as a path (`rateLimits.maxDispatchesPerSecond`), for wrong declarations and tasks.
    public var field: String?
    /// What and where and what instead, for people.
    public var message: String

    /// A refusal.
    public init(_ code: Code, field: String? = nil, _ message: String) {
        self.code = code
        self.field = field
        self.message = message
    }

    /// The whole message, for people.
    public var description: String { message }
}
