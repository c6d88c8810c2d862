import Columnar
import Logging

/// `LogForTesting`: writes every row as JSON to the log and passes it on.
struct LogStep: ElementStep {
    let prefix: String
    let logger: Logger

    func process(_ batch: Batch, failures: inout RowFailures) -> Batch {
        let rows = JSONBatchEncoder().encodeRows(batch)
        for row in 0..<rows.count { logger.info("\(prefix)\(String(decoding: rows[row], as: UTF8.self))") }
        return batch
    }
}
