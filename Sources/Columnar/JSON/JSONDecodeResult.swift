public import Time

/// What came of decoding a run of JSON documents: columns for those that fit the schema, reasons for those that did
/// not.
public struct JSONDecodeResult: Sendable {
    /// The schema that was asked for.
    public var schema: Schema
    /// One column a field, in the schema's order; a value a row.
    public var columns: [Column]
    /// How many documents became rows.
    public var count: Int
    /// For each row the position of its document: ascending. For lines, the line's number less one.
    public var documents: [Int32]
    /// The other documents, in order. They left no trace in the columns.
    public var failures: [JSONDecodeFailure]

    /// The rows as a batch, all at `eventTime`, in the global window.
    public func batch(eventTime: Timestamp = .distantPast) -> Batch {
        Batch(
            schema: schema, columns: columns, count: count,
            eventTimes: [Int64](repeating: eventTime.micros, count: count))
    }
}

/// Why a document did not become a row.
public struct JSONDecodeFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The document's position among all that were given; for lines, the line's number less one.
    public var document: Int
    /// Where the value stands: `$.entity[3].vehicle.timestamp`.
    public var path: String
    /// What is wrong: `expected string, found number`.
    public var problem: String
    /// Where in the document, counted in bytes from 0.
    public var byteOffset: Int
    /// Where the document stands in the buffer that was given; for single documents, from 0 to its length.
    public var range: Range<Int>

    /// `$.entity[3].vehicle.timestamp: expected string, found number at byte 512`
    public var description: String { "\(path): \(problem) at byte \(byteOffset)" }
}
