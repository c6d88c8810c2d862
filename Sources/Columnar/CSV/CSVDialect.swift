/// How a CSV file is written: RFC 4180 unless told otherwise.
public struct CSVDialect: Sendable, Hashable {
    /// What separates fields: one ASCII character.
    public var delimiter: UInt8
    /// What encloses fields; doubled, it stands for itself.
    public var quote: UInt8
    /// Whether the first record names the columns.
    public var hasHeader: Bool
    /// The columns' names where there is no header; without them they are `column_1`, `column_2` and so on.
    public var columnNames: [String]?
    /// An unquoted character from which the rest of a line is ignored.
    public var comment: UInt8?
    /// Texts that mean null beside the empty one, where types are given or inferred: `NA`, `NULL`.
    public var nullTexts: Set<String>
    /// Whether booleans are written `True` and `False`, as Python does, in place of `true` and `false`. Both are read.
    public var capitalizesBooleans: Bool

    /// Comma-separated with a header, unless told otherwise.
    public init(
        delimiter: UInt8 = 0x2C, quote: UInt8 = 0x22, hasHeader: Bool = true, columnNames: [String]? = nil,
        comment: UInt8? = nil, nullTexts: Set<String> = [], capitalizesBooleans: Bool = false
    ) {
        self.delimiter = delimiter
        self.quote = quote
        self.hasHeader = hasHeader
        self.columnNames = columnNames
        self.comment = comment
        self.nullTexts = nullTexts
        self.capitalizesBooleans = capitalizesBooleans
    }
}

/// Why a CSV file as a whole can't be read.
public struct CSVError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do.
    public var problem: String
    /// Counted from 1.
    public var line: Int

    /// `line 1: the file has no header line`
    public var description: String { "line \(line): \(problem)" }
}

/// Why a record of a CSV file did not become a row.
public struct CSVDecodeFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line on which the record starts, counted from 1.
    public var line: Int
    /// The column, where one is to blame.
    public var column: String?
    /// `expected integer, found 'abc'`
    public var problem: String
    /// Where the record stands in the bytes that were given.
    public var range: Range<Int>

    /// `line 7, column 'price': expected integer, found 'abc'`
    public var description: String { "line \(line)\(column.map { ", column '\($0)'" } ?? ""): \(problem)" }
}
