import Columnar

/// Finds where a run of bytes may be cut so that every part holds whole rows.
struct FileCutter: Sendable {
    let format: ReadFiles.Format

    /// How many of `bytes`, which begin with a row, are whole rows; 0 when the first one does not end in them.
    func wholeRows(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            guard case .csv(let dialect) = format,
                bytes.contains(dialect.quote) || dialect.comment.map({ bytes.contains($0) }) ?? false
            else { return JSONBatchDecoder.wholeLines(bytes) }
            return wholeRecords(bytes, dialect)
        }
    }

    /// Quotes enclose a field only where it begins, as the reader of records has it.
    private func wholeRecords(_ bytes: UnsafeBufferPointer<UInt8>, _ dialect: CSVDialect) -> Int {
        var end = 0
        var position = 0
        var isFieldStart = true
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x0A {
                end = position
                isFieldStart = true
            } else if byte == dialect.delimiter {
                isFieldStart = true
            } else if byte == dialect.comment {
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            } else if byte == dialect.quote, isFieldStart {
                // A doubled quote ends the field and begins it again: the same end.
                while position < bytes.count {
                    if bytes[position] != dialect.quote {
                        position += 1
                    } else if position + 1 < bytes.count, bytes[position + 1] == dialect.quote {
                        position += 2
                    } else {
                        break
                    }
                }
                if position == bytes.count { return end }
                position += 1
                isFieldStart = false
            } else {
                isFieldStart = false
            }
        }
        return end
    }
}
