/// What went wrong in the warehouse, for a program (`code`) and for a person (`message`, `remedy`).
public struct WarehouseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure. New kinds may come: switch with a default.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code as it stands in logs.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The disk, or the quota of `WarehouseOptions.maximumBytes`, is full. Nothing was written.
        public static let diskFull = Code("disk-full")
        /// Another process holds the write lock for longer than the busy time-out.
        public static let locked = Code("locked")
        /// The file or its folder can't be written.
        public static let readOnly = Code("read-only")
        /// The file is damaged, or is no database.
        public static let corrupt = Code("corrupt")
        /// The file can't be opened, or is not there.
        public static let cannotOpen = Code("cannot-open")
        /// The file was written by a newer version, or by another program.
        public static let unknownFormat = Code("unknown-format")
        /// Reading or writing failed.
        public static let inputOutput = Code("input-output")
        /// The epoch is already stored: nothing was done.
        public static let epochAlreadyCommitted = Code("epoch-already-committed")
        /// There is no such table, dataset or column.
        public static let notFound = Code("not-found")
        /// What is to be written does not fit the table's columns.
        public static let schemaMismatch = Code("schema-mismatch")
        /// A row does not fit its table: a null in a REQUIRED column, a text that is no timestamp.
        public static let rowRejected = Code("row-rejected")
        /// A declaration of a dataset or table is wrong.
        public static let invalidDeclaration = Code("invalid-declaration")
        /// The file behind an external table is missing or wrong.
        public static let externalData = Code("external-data")
        /// The query is wrong.
        public static let invalidQuery = Code("invalid-query")
        /// The query would write.
        public static let queryWouldWrite = Code("query-would-write")
        /// The warehouse is closed.
        public static let closed = Code("closed")
        /// Something that is not among the others; the message is the database's.
        public static let other = Code("other")
    }

    /// The kind of failure.
    public var code: Code
    /// What was wrong and where.
    public var message: String
    /// What to do about it; empty when there is nothing to add.
    public var remedy: String
    /// Where in the query, for errors in SQL.
    public var position: TextPosition?

    /// Makes an error.
    public init(_ code: Code, _ message: String, remedy: String = "", position: TextPosition? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.position = position
    }

    /// `line:column: message; remedy`.
    public var description: String {
        (position.map { "\($0): " } ?? "") + message + (remedy.isEmpty ? "" : "; \(remedy)")
    }
}

/// A place in a text, in lines and characters, both from 1.
public struct TextPosition: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public var line: Int
    /// In characters, from 1.
    public var column: Int

    /// Makes a position.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The place of the byte at `offset` of UTF-8 text.
    init(offset: Int, in text: [UInt8]) {
        let before = text.prefix(max(0, offset))
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        column = String(decoding: before[start...], as: UTF8.self).count + 1
    }

    /// `line:column`.
    public var description: String { "\(line):\(column)" }
}
