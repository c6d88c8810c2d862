import Columnar
import Pipes

/// `WriteToBigQuery`: rows for a table; they become visible when the epoch commits.
struct WriteRowsStep: Sendable {
    let table: TableName
    let sink: any RowSink

    /// The rows that the table takes; the others are reported by their position among the batch's live rows.
    func accepted(_ batch: Batch, failures: inout RowFailures) -> Batch {
        let rejections = sink.rejections(TableRows(table: table, batch: batch))
        for (position, reason) in rejections.reasons { failures.report(Int(position), reason) }
        return batch.withoutRows(failures).compacted()
    }
}
