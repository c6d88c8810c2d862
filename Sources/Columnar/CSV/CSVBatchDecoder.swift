public import Time

/// Decodes CSV text into columns.
///
/// A byte-order mark is skipped, lines end with LF or CRLF, blank lines are skipped. A record that is shorter than the
/// header gets nulls, a longer one fails. A record fails as a whole and leaves no trace in the columns.
public struct CSVBatchDecoder: Sendable {
    /// What the columns are.
    public enum Columns: Sendable, Hashable {
        /// Every column is text; an empty field is an empty text.
        case strings
        /// Every column becomes integer, number, boolean or string, the first of these that all its fields are. An
        /// unquoted empty field is null. A column with whole numbers beyond 64 bits is a string.
        case inferringTypes
        /// The columns of a schema, found by the header's names, or by position where there is no header. Columns that
        /// it lacks are skipped; a field that the file lacks is null. An unquoted empty field is null. Timestamps are
        /// RFC 3339; without a zone, or with a date alone, they are in UTC. Bytes are base64.
        case schema(Schema)
    }

    /// What the columns are.
    public let columns: Columns
    /// How the file is written.
    public let dialect: CSVDialect

    /// A decoder of files of one kind.
    public init(_ columns: Columns = .strings, dialect: CSVDialect = CSVDialect()) {
        self.columns = columns
        self.dialect = dialect
    }

    /// Decodes a whole file. Throws `CSVError` where there is no header, the schema does not fit it, or the file is
    /// beyond 2 GiB.
    public func decode(_ bytes: some Collection<UInt8>) throws(CSVError) -> CSVDecodeResult {
        let bytes = Array(bytes)
        guard bytes.count <= Int(Int32.max) else {
            throw CSVError(problem: "\(bytes.count) bytes at once: the limit is 2 GiB; cut the file", line: 1)
        }
        var reader = CSVReader(dialect, isEmptyNull: columns != .strings)
        let names = try bytes.withUnsafeBufferPointer { (text) throws(CSVError) in try reader.read(text) }
        let texts = reader.texts(names.count)
        var conversion = CSVConversion(names: names, texts: texts, nullTexts: dialect.nullTexts)
        switch columns {
        case .strings: conversion.keepStrings()
        case .inferringTypes: conversion.inferTypes()
        case .schema(let schema):
            try conversion.convert(to: schema, byName: dialect.hasHeader || dialect.columnNames != nil)
        }
        return conversion.result(reader.records, reader.failures)
    }
}

/// What came of decoding a CSV file.
public struct CSVDecodeResult: Sendable {
    /// The schema that was given, or the one that was found.
    public var schema: Schema
    /// One column a field, in the schema's order; a value a row.
    public var columns: [Column]
    /// How many records became rows.
    public var count: Int
    /// For each row the line on which its record starts, counted from 1.
    public var lines: [Int32]
    /// The other records, in order.
    public var failures: [CSVDecodeFailure]

    /// The rows as a batch, all at `eventTime`, in the global window.
    public func batch(eventTime: Timestamp = .distantPast) -> Batch {
        Batch(
            schema: schema, columns: columns, count: count,
            eventTimes: [Int64](repeating: eventTime.micros, count: count))
    }
}
