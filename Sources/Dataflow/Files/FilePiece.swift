import Columnar
import Pipes
import Time

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Rows of a file: those that begin in a range of its bytes.
struct FilePiece: Sendable {
    /// The rows as they stand in the file, and where they begin in it.
    struct Rows: Sendable {
        var offset: Int64
        var bytes: ArraySlice<UInt8>
    }

    let file: FileCalls.Handle
    /// The range.
    let offset: Int64
    let count: Int
    /// The file's size.
    let size: Int64
    /// The rows, where they had to be read in order to find the range; nil: they are to be read yet.
    let bytes: [UInt8]?
    /// A CSV file's column names.
    let columnNames: [String]

    /// Behind the range, for the end of its last row.
    private static let overhang = 16 << 10

    /// Reads the rows. Where they are lines, this needs no knowledge of the bytes before: the first line that begins in
    /// the range begins behind the first newline from the byte before it on.
    func rows() throws -> Rows {
        if let bytes { return Rows(offset: offset, bytes: bytes[...]) }
        let from = max(0, offset - 1)
        let end = offset + Int64(count)
        var overhang = Self.overhang
        while true {
            let wanted = min(end + Int64(overhang), size) - from
            let bytes = try file.read(at: from, count: Int(wanted))
            guard Int64(bytes.count) == wanted else {
                throw PipelineError(.unavailable, "'\(file.path)' became shorter while it was read")
            }
            // The last line of the range ends at the first newline from the range's last byte on.
            let lastByte = Int(end - from) - 1
            var first = 0
            if offset > 0 {
                guard let newline = Self.newline(bytes, from: 0), newline < lastByte else {
                    return Rows(offset: end, bytes: [])
                }
                first = newline + 1
            }
            if let newline = Self.newline(bytes, from: lastByte) {
                return Rows(offset: from + Int64(first), bytes: bytes[first...newline])
            }
            if from + wanted >= size { return Rows(offset: from + Int64(first), bytes: bytes[first...]) }
            guard overhang < FileReader.rowLimit else {
                throw PipelineError(.unavailable, "'\(file.path)' at byte \(offset): a row longer than 1 GiB")
            }
            overhang *= 8
        }
    }

    private static func newline(_ bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}

/// Rows out of the pieces of files.
struct ReadFilesStep: Sendable {
    let read: ReadFiles
    let schema: Schema

    /// The piece's rows, and what is none with the reasons. Throws when they cannot be read.
    func decode(_ piece: FilePiece) throws -> (batch: Batch, rejected: [(bytes: [UInt8], reason: String)]) {
        let rows = try piece.rows()
        switch read.format {
        case .text:
            let decoded = TextLineDecoder().decode(rows.bytes)
            let rejected = decoded.failures.map { range in
                rejection(piece, rows, range, "the line is not UTF-8 text")
            }
            let count = decoded.lines.count
            return (batch([.string(decoded.lines)], count), rejected)
        case .json:
            let decoded = JSONBatchDecoder(schema: schema).decodeLines(rows.bytes)
            let rejected = decoded.failures.map { rejection(piece, rows, $0.range, "\($0.path): \($0.problem)") }
            return (batch(decoded.columns, decoded.count), rejected)
        case .csv(var dialect):
            dialect.hasHeader = false
            dialect.columnNames = piece.columnNames
            do {
                let decoded = try CSVBatchDecoder(.schema(schema), dialect: dialect).decode(rows.bytes)
                let rejected = decoded.failures.map { failure in
                    rejection(
                        piece, rows, failure.range, (failure.column.map { "column '\($0)': " } ?? "") + failure.problem)
                }
                return (batch(decoded.columns, decoded.count), rejected)
            } catch {
                let reason = "\(piece.file.path) at byte \(rows.offset): \(error.problem)"
                return (batch(schema.fields.map { .nulls($0.type, count: 0) }, 0), [(Array(rows.bytes), reason)])
            }
        }
    }

    private func batch(_ columns: [Column], _ count: Int) -> Batch {
        Batch(
            schema: schema, columns: columns, count: count,
            eventTimes: [Int64](repeating: Timestamp.distantPast.micros, count: count))
    }

    private func rejection(_ piece: FilePiece, _ rows: FilePiece.Rows, _ range: Range<Int>, _ problem: String) -> (
        bytes: [UInt8], reason: String
    ) {
        let start = rows.bytes.startIndex
        let place = (start + range.lowerBound..<start + range.upperBound).clamped(to: rows.bytes.indices)
        return (
            Array(rows.bytes[place]), "\(piece.file.path) at byte \(rows.offset + Int64(range.lowerBound)): \(problem)"
        )
    }
}
