extension Batch {
    /// The live rows for which `mask` has a one, as a selection: nothing is copied.
    ///
    /// `mask` has a bit for each live row, in the order of the selection: what a boolean expression gives. Where a null
    /// must count as false, pass `values.intersection(validity)`.
    public func filtered(by mask: Bitmap) -> Batch {
        precondition(mask.count == liveCount, "a mask of \(mask.count) bits for \(liveCount) live rows")
        if mask.isAllSet { return self }
        var result = self
        result.selection = selection.map { $0.take(mask.setIndices, 0) } ?? mask.setIndices
        return result
    }

    /// The live rows without those of `positions` (among the live rows).
    public func withoutRows(_ positions: some Collection<Int32>) -> Batch {
        if positions.isEmpty { return self }
        var mask = Bitmap(repeating: true, count: liveCount)
        for position in positions { mask[Int(position)] = false }
        return filtered(by: mask)
    }

    /// The live rows without those that a step rejects.
    public func withoutRows(_ failures: RowFailures) -> Batch {
        withoutRows(failures.reasons.keys)
    }
}
