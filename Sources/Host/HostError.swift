/// Something that keeps the host from starting or from doing what it was told, with what to do about it.
public struct HostError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is; more may come.
    public struct Code: Sendable, Hashable {
        let name: String

        /// The workspace's files are wrong.
        public static let workspace = Code(name: "workspace")
        /// The data folder cannot be used.
        public static let dataFolder = Code(name: "dataFolder")
        /// Another instance has the data folder.
        public static let dataFolderInUse = Code(name: "dataFolderInUse")
        /// A port or socket cannot be opened.
        public static let listen = Code(name: "listen")
        /// What was asked for cannot be written.
        public static let output = Code(name: "output")
        /// No instance runs on the data folder.
        public static let notRunning = Code(name: "notRunning")
    }

    /// What kind of trouble it is.
    public var code: Code
    /// What is wrong, and where.
    public var message: String
    /// What to do about it.
    public var remedy: String?

    /// An error of that kind.
    public init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// Message and remedy in one line.
    public var description: String { remedy.map { "\(message); \($0)" } ?? message }
}
