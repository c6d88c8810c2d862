extension Batch {
    /// The live rows of `batches` one after the other, without a selection.
    ///
    /// All have the same schema; another one is a programming error. No batches give an empty one of no columns.
    public static func concatenating(_ batches: [Batch]) -> Batch {
        guard let first = batches.first else { return Batch(schema: Schema(), columns: [], count: 0, eventTimes: []) }
        if batches.count == 1 { return first.compacted() }
        precondition(
            batches.allSatisfy { $0.columns.count == first.columns.count },
            "batches of different schemas do not concatenate")
        let parts = batches.map { $0.compacted() }
        var eventTimes: [Int64] = []
        eventTimes.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for part in parts { eventTimes += part.eventTimes }
        return Batch(
            schema: first.schema,
            columns: first.columns.indices.map { index in Column.concatenating(parts.map { $0.columns[index] }) },
            count: eventTimes.count, eventTimes: eventTimes,
            windows: .concatenating(parts.map { ($0.windows, $0.count) }))
    }

    /// The live rows of `range` (positions among the live rows).
    public func slice(_ range: Range<Int>) -> Batch {
        if range == 0..<liveCount { return self }
        if let selection {
            var result = self
            result.selection = Array(selection[range])
            return result.compacted()
        }
        let windows: WindowColumn =
            switch self.windows {
            case .global: .global
            case .intervals(let starts, let ends): .intervals(starts: Array(starts[range]), ends: Array(ends[range]))
            }
        return Batch(
            schema: schema, columns: columns.map { $0.slice(range) }, count: range.count,
            eventTimes: Array(eventTimes[range]), windows: windows)
    }
}
