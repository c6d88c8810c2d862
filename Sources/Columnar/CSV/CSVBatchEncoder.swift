/// Writes rows as CSV, lines ended with LF.
///
/// A field is quoted where it holds the delimiter, a quote, a line break, the comment character, or begins or ends with
/// a space. A null is an empty field, an empty text `""`. Numbers have their shortest exact text, timestamps are RFC
/// 3339 in UTC, bytes base64, lists and rows JSON.
public struct CSVBatchEncoder: Sendable {
    /// How the file is written.
    public let dialect: CSVDialect

    /// An encoder of files of one kind.
    public init(dialect: CSVDialect = CSVDialect()) { self.dialect = dialect }

    /// The line that names the columns.
    public func encodeHeader(_ schema: Schema) -> [UInt8] {
        var output = OutputBytes()
        for (index, field) in schema.fields.enumerated() {
            if index > 0 { output.append(dialect.delimiter) }
            var name = field.name
            name.withUTF8 { output.append(csvField: $0, dialect) }
        }
        output.append(0x0A)
        return output.take()
    }

    /// The live rows, a record each, without the header.
    public func encodeRows(_ batch: Batch) -> [UInt8] {
        let writers = batch.columns.map { writer($0) }
        var output = OutputBytes(capacity: batch.liveCount * 32)
        for position in 0..<batch.liveCount {
            let row = batch.selection.map { Int($0[position]) } ?? position
            for (index, write) in writers.enumerated() {
                if index > 0 { output.append(dialect.delimiter) }
                write(row, &output)
            }
            output.append(0x0A)
        }
        return output.take()
    }

    private typealias Writer = (Int, inout OutputBytes) -> Void

    /// What writes a value of `column`; nulls write nothing.
    private func writer(_ column: Column) -> Writer {
        let write = valueWriter(column)
        if case .null = column { return { _, _ in } }
        guard let validity = column.validity else { return write }
        return { row, output in if validity[row] { write(row, &output) } }
    }

    private func valueWriter(_ column: Column) -> Writer {
        let dialect = dialect
        switch column {
        case .null: return { _, _ in }
        case .boolean(let column):
            let (yes, no): (StaticString, StaticString) =
                dialect.capitalizesBooleans ? ("True", "False") : ("true", "false")
            return { row, output in output.append(column.values[row] ? yes : no) }
        case .int64(let column): return { row, output in output.append(decimal: column.values[row]) }
        case .float64(let column): return { row, output in output.append(shortest: column.values[row]) }
        case .timestamp(let column): return { row, output in output.append(timestamp: column.values[row]) }
        case .string(let column):
            return { row, output in
                let range = Int(column.offsets[row])..<Int(column.offsets[row + 1])
                column.bytes.withUnsafeBufferPointer {
                    output.append(csvField: UnsafeBufferPointer(rebasing: $0[range]), dialect)
                }
            }
        case .bytes(let column):
            return { row, output in
                let range = Int(column.offsets[row])..<Int(column.offsets[row + 1])
                if range.isEmpty { output.append(csvField: UnsafeBufferPointer(start: nil, count: 0), dialect) }
                let length = Base64.encodedCount(range.count)
                column.bytes.withUnsafeBufferPointer {
                    Base64.encode(UnsafeBufferPointer(rebasing: $0[range]), into: output.room(length))
                }
                output.advance(length)
            }
        case .list, .map, .structure:
            let writer = JSONValueWriter.make(column)
            return { row, output in
                var text = OutputBytes()
                writer.write(row, into: &text)
                text.take().withUnsafeBufferPointer { output.append(csvField: $0, dialect) }
            }
        }
    }
}

extension OutputBytes {
    /// Text as a field, quoted where it must be.
    fileprivate mutating func append(csvField text: UnsafeBufferPointer<UInt8>, _ dialect: CSVDialect) {
        var needsQuotes = text.isEmpty || text[0] == 0x20 || text[text.count - 1] == 0x20
        let comment = dialect.comment ?? 0x0A
        for byte in text
        where byte == dialect.delimiter || byte == dialect.quote || byte == 0x0A || byte == 0x0D || byte == comment {
            needsQuotes = true
        }
        guard needsQuotes else { return append(text) }
        append(dialect.quote)
        for byte in text {
            if byte == dialect.quote { append(byte) }
            append(byte)
        }
        append(dialect.quote)
    }
}
