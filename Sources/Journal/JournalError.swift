#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why something on disk could not be done: a code to decide by, and a message for the person that names the path and
/// what to do.
public struct JournalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is. Open: later versions may add codes.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) { self.name = name }

        /// The disk, or this user's share of it, is full.
        public static let noSpace = Code("NO_SPACE")
        /// The file system is mounted read-only.
        public static let readOnly = Code("READ_ONLY")
        /// This user may not read or write there.
        public static let noPermission = Code("NO_PERMISSION")
        /// The medium failed, or something that is no file stands in the way.
        public static let inputOutput = Code("INPUT_OUTPUT")
        /// What is on disk is not what was written.
        public static let dataLoss = Code("DATA_LOSS")
        /// The journal has been closed.
        public static let closed = Code("CLOSED")
        /// A record is longer than a record may be.
        public static let tooLarge = Code("TOO_LARGE")

        /// The code's name, in capitals.
        public var description: String { name }
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened, to which file, and what to do about it.
    public var message: String

    /// An error of kind `code`.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }

    /// An error from the operating system: `what` was being done to `path` when it answered `number` (`errno`).
    init(_ what: String, _ path: String, errno number: Int32) {
        let reason = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            self.init(.noSpace, "\(path): cannot \(what): \(reason). Free some space on this disk; nothing was lost.")
        case EROFS:
            self.init(.readOnly, "\(path): cannot \(what): \(reason). Choose another data folder.")
        case EACCES, EPERM:
            self.init(
                .noPermission,
                "\(path): cannot \(what): \(reason). Give this user access to it, or choose another data folder."
            )
        default:
            self.init(.inputOutput, "\(path): cannot \(what): \(reason). Check the disk and the path.")
        }
    }
}
