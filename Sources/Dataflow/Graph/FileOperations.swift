public import Columnar

/// `ReadFromText`, `ReadFromCsv`, `ReadFromJson`: a bounded source of rows.
///
/// A step's schema says which fields are read. Rows have no time (`Timestamp.distantPast`) until one is assigned.
public struct ReadFiles: Sendable {
    /// How a file's bytes become rows.
    public enum Format: Sendable, Hashable {
        /// A row a line, in the field `line`.
        case text
        /// A row a record; every file begins with its own header unless the dialect says otherwise.
        case csv(CSVDialect)
        /// A row a line, each a JSON object.
        case json
    }

    /// A path, or one with `*`, `?` and `[…]`; relative to the folder that the process works in.
    public var pattern: String
    /// How they are read.
    public var format: Format

    /// What to read, and how.
    public init(pattern: String, format: Format) {
        self.pattern = pattern
        self.format = format
    }
}

/// `WriteToText`, `WriteToCsv`, `WriteToJson`: rows become files, one for each window that has rows.
///
/// Files grow under a temporary name beside their place and get their own when the input has ended.
public struct WriteFiles: Sendable {
    /// How rows become a file's bytes.
    public enum Format: Sendable {
        /// A line for each row: the value of an expression that gives text.
        case text(line: any ColumnExpression)
        /// A header, and a record for each row.
        case csv(CSVDialect)
        /// A line for each row, a JSON object.
        case json
    }

    /// Where the names begin: `PATH-00000-of-00001`, with the window's bounds in between where there is one.
    public var path: String
    /// How they are written.
    public var format: Format
    /// Whether each window has a file of its own; otherwise all rows are in one, which is there even without rows.
    public var isWindowed: Bool

    /// Where to write, and how.
    public init(path: String, format: Format, isWindowed: Bool) {
        self.path = path
        self.format = format
        self.isWindowed = isWindowed
    }
}
