/// Why the scheduler refuses a job or a command, with what to do about it.
public struct SchedulerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of refusal; more may come.
    public struct Code: Sendable, Hashable {
        /// The name of `google.rpc.Code`'s counterpart.
        public let name: String

        /// There is no such job.
        public static let notFound = Code(name: "NOT_FOUND")
        /// A declaration is wrong.
        public static let invalid = Code(name: "INVALID_ARGUMENT")
        /// Not in the job's present state.
        public static let refused = Code(name: "FAILED_PRECONDITION")
    }

    /// The kind.
    public var code: Code
    /// The field at fault as a path (`retryConfig.retryCount`), for wrong declarations.
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
