/// Why the broker refuses: a canonical status code (`google.rpc.Code`), and a message for the person that names the
/// resource.
///
/// Where Google's service has a customary message, it is that one, and a remedy follows.
public struct PubSubError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A status code, named as in `google.rpc.Code`. Open: later versions may use more of them.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) { self.name = name }

        /// The request itself is wrong.
        public static let invalidArgument = Code("INVALID_ARGUMENT")
        /// There is no such topic or subscription.
        public static let notFound = Code("NOT_FOUND")
        /// There is one already.
        public static let alreadyExists = Code("ALREADY_EXISTS")
        /// Not in the state that it is in.
        public static let failedPrecondition = Code("FAILED_PRECONDITION")
        /// Somebody else has changed it meanwhile: read it again.
        public static let aborted = Code("ABORTED")
        /// The disk is full.
        public static let resourceExhausted = Code("RESOURCE_EXHAUSTED")
        /// The disk fails, or may not be written to.
        public static let unavailable = Code("UNAVAILABLE")
        /// What was stored cannot be read.
        public static let dataLoss = Code("DATA_LOSS")

        /// The code's name, in capitals.
        public var description: String { name }
    }

    /// The status code.
    public var code: Code
    /// What is wrong with which resource, and what to do about it.
    public var message: String

    /// An error with a code and a message.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
