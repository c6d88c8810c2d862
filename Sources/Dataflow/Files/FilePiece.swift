import Columnar
import Pipes
import Time

/// Whole rows of a file, as they stand in it.
struct FilePiece: Sendable {
    let path: String
    /// Where the bytes begin in the file.
    let offset: Int64
    let bytes: [UInt8]
    /// A CSV file's column names.
    let columnNames: [String]
}

/// Rows out of the pieces of files.
struct ReadFilesStep: Sendable {
    let read: ReadFiles
    let schema: Schema

    /// The piece's rows, and what is none with the reasons.
    func decode(_ piece: FilePiece) -> (batch: Batch, rejected: [(bytes: [UInt8], reason: String)]) {
        switch read.format {
        case .text:
            let decoded = TextLineDecoder().decode(piece.bytes)
            let rejected = decoded.failures.map { range in
                rejection(piece, range, "the line is not UTF-8 text")
            }
            let count = decoded.lines.count
            return (batch([.string(decoded.lines)], count), rejected)
        case .json:
            let decoded = JSONBatchDecoder(schema: schema).decodeLines(piece.bytes)
            let rejected = decoded.failures.map { rejection(piece, $0.range, "\($0.path): \($0.problem)") }
            return (batch(decoded.columns, decoded.count), rejected)
        case .csv(var dialect):
            dialect.hasHeader = false
            dialect.columnNames = piece.columnNames
            do {
                let decoded = try CSVBatchDecoder(.schema(schema), dialect: dialect).decode(piece.bytes)
                let rejected = decoded.failures.map { failure in
                    rejection(
                        piece, failure.range, (failure.column.map { "column '\($0)': " } ?? "") + failure.problem)
                }
                return (batch(decoded.columns, decoded.count), rejected)
            } catch {
                let reason = "\(piece.path) at byte \(piece.offset): \(error.problem)"
                return (batch(schema.fields.map { .nulls($0.type, count: 0) }, 0), [(piece.bytes, reason)])
            }
        }
    }

    private func batch(_ columns: [Column], _ count: Int) -> Batch {
        Batch(
            schema: schema, columns: columns, count: count,
            eventTimes: [Int64](repeating: Timestamp.distantPast.micros, count: count))
    }

    private func rejection(_ piece: FilePiece, _ range: Range<Int>, _ problem: String) -> (
        bytes: [UInt8], reason: String
    ) {
        (
            Array(piece.bytes[range.clamped(to: 0..<piece.bytes.count)]),
            "\(piece.path) at byte \(piece.offset + Int64(range.lowerBound)): \(problem)"
        )
    }
}
