import Columnar

/// Rows as the bytes of files; a `FileWriter` puts them there when the epoch commits.
struct WriteFilesStep: Sendable {
    /// Bytes for the file of a window; nil: for the one file without a window.
    struct Part: Sendable {
        var window: Window?
        var bytes: [UInt8]
    }

    let write: WriteFiles
    /// The rows' fields, for the header.
    let schema: Schema

    /// The live rows that can be written, by their files; the others are reported.
    func parts(_ batch: Batch, failures: inout RowFailures) -> (parts: [Part], rows: Int) {
        guard write.isWindowed, case .intervals = batch.windows else {
            let (bytes, rows) = encoded(batch, &failures)
            return (rows > 0 ? [Part(window: nil, bytes: bytes)] : [], rows)
        }
        // Text is never windowed, so here no row is rejected.
        let batch = batch.compacted()
        var order: [Window] = []
        var rows: [Window: [Int32]] = [:]
        for row in 0..<batch.count {
            let window = batch.windows[row]
            if rows[window] == nil { order.append(window) }
            rows[window, default: []].append(Int32(row))
        }
        let parts = order.map { window in
            let part = order.count == 1 ? batch : batch.taking(rows[window] ?? [])
            // In windows that are all of time, rows have the name without a window.
            return Part(window: window == .global ? nil : window, bytes: encoded(part, &failures).bytes)
        }
        return (parts, batch.count)
    }

    private func encoded(_ batch: Batch, _ failures: inout RowFailures) -> (bytes: [UInt8], rows: Int) {
        switch write.format {
        case .csv(let dialect): return (CSVBatchEncoder(dialect: dialect).encodeRows(batch), batch.liveCount)
        case .json: return (JSONBatchEncoder().encodeLines(batch), batch.liveCount)
        case .text(let line):
            var bytes: [UInt8] = []
            var rows = 0
            guard case .string(let lines) = line.evaluate(batch, failures: &failures) else { return ([], 0) }
            for row in 0..<lines.count where failures.reasons[Int32(row)] == nil {
                bytes += lines[row]
                bytes.append(0x0A)
                rows += 1
            }
            return (bytes, rows)
        }
    }

    /// What a file begins with.
    var header: [UInt8] {
        guard case .csv(let dialect) = write.format, dialect.hasHeader else { return [] }
        return CSVBatchEncoder(dialect: dialect).encodeHeader(schema)
    }

    /// Whether there is a file even without rows: as Beam does it, for text alone.
    var writesEmptyFile: Bool { if case .text = write.format { true } else { false } }
}
