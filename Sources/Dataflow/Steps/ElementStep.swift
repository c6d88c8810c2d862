import Columnar

/// A step that works on each row for itself: neighbouring ones run batch by batch in one pass.
protocol ElementStep: Sendable {
    /// What becomes of the batch's live rows.
    ///
    /// A row that the step rejects is reported by its position among the live rows and is not in the result. Throws only
    /// when something outside the row is at fault (a look-up that fails): the batch is tried again then.
    func process(_ batch: Batch, failures: inout RowFailures) async throws -> Batch
}

extension Batch {
    /// Event times of the live rows, in their order.
    var liveEventTimes: [Int64] { selection.map { $0.map { eventTimes[Int($0)] } } ?? eventTimes }

    /// Windows of the live rows, in their order.
    var liveWindows: WindowColumn { selection.map { windows.take($0) } ?? windows }

    /// A batch of new columns for the live rows of this one, which keep event times and windows.
    func replacingColumns(_ columns: [Column], schema: Schema) -> Batch {
        Batch(
            schema: schema, columns: columns, count: liveCount, eventTimes: liveEventTimes, windows: liveWindows)
    }
}
