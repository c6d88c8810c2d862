/// Writes rows as JSON objects with the fields in the schema's order.
///
/// - A null is written as `null`. A number that JSON can't write (infinite, not a number) becomes `null` too.
/// - Numbers have the shortest text that reads back as the same double; a whole one ends in `.0`.
/// - Timestamps are RFC 3339 strings in UTC, bytes are base64 (standard alphabet, padded).
/// - Text beyond ASCII stands as it is; only quotes, backslashes and control characters are escaped.
///
/// `JSONBatchDecoder` with the same schema reads back what this writes.
public struct JSONBatchEncoder: Sendable {
    /// An encoder; it takes names and types from each batch.
    public init() {}

    /// The live rows, a line each, every line with its newline.
    public func encodeLines(_ batch: Batch) -> [UInt8] {
        let writer = JSONObjectWriter(batch)
        var output = OutputBytes(capacity: batch.liveCount * 64)
        forEachRow(batch) { row in
            writer.write(row, into: &output)
            output.append(0x0A)
        }
        return output.take()
    }

    /// The live rows as a text column of documents, such as messages to publish.
    public func encodeRows(_ batch: Batch) -> BytesColumn {
        let writer = JSONObjectWriter(batch)
        var output = OutputBytes(capacity: batch.liveCount * 64)
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(batch.liveCount + 1)
        forEachRow(batch) { row in
            writer.write(row, into: &output)
            checkOffset(output.count)
            offsets.append(Int32(truncatingIfNeeded: output.count))
        }
        return BytesColumn(offsets: offsets, bytes: output.take())
    }

    /// One value of a column on its own.
    public func encode(_ column: Column, _ index: Int) -> [UInt8] {
        var output = OutputBytes()
        JSONValueWriter.make(column).write(index, into: &output)
        return output.take()
    }

    private func forEachRow(_ batch: Batch, _ body: (Int) -> Void) {
        if let selection = batch.selection {
            for row in selection { body(Int(row)) }
        } else {
            for row in 0..<batch.count { body(row) }
        }
    }
}
