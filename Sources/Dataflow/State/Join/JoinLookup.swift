import Columnar

/// What a pass may know of a join's state: the inputs' watermarks, and the rows of windows that are complete.
///
/// It does not change while passes run, so that they can look things up side by side.
struct JoinLookup: Sendable {
    /// By side: the input's watermark, in microseconds; `Int64.max` at its end.
    var watermarks = [Int64](repeating: .min, count: 2)
    /// By side: the rows of windows for which that input has ended and the other has not.
    var sealed: [[Window: JoinSide]] = [[:], [:]]

    /// Whether `side` brings nothing more for `window`.
    func hasEnded(_ side: Join.Side, _ window: Window) -> Bool { watermarks[side.rawValue] >= window.end }
}

extension JoinStep {
    /// What becomes of a batch.
    struct Outcome: Sendable {
        /// What can go out at once.
        var output: [Batch] = []
        /// What has to meet rows of the other input that may still come.
        var waiting: [JoinRows] = []
        /// Stored rows of the other input that have found a partner, where that matters.
        var matched: [(window: Window, rows: [Int32])] = []
        var late = 0
    }

    /// More pairs than this are several batches.
    static let pairLimit = 1 << 16

    /// Matches a batch's live rows with what is complete of the other input.
    func process(
        _ batch: Batch, side: Join.Side, _ lookup: JoinLookup, failures: inout RowFailures
    ) -> Outcome {
        var outcome = Outcome()
        let keys = join.keys(side).map { $0.evaluate(batch, failures: &failures) }
        for (window, positions) in runs(of: batch) {
            let live = batch.selection
            let rows = positions.map { positions in live.map { live in positions.map { live[Int($0)] } } ?? positions }
            let count = positions?.count ?? batch.liveCount
            if main == nil, lookup.hasEnded(side, window) {
                outcome.late += count
                continue
            }
            let part = JoinRows(
                window: window, keys: positions.map { positions in keys.map { $0.take(positions) } } ?? keys,
                columns: [], count: count)
            if lookup.hasEnded(side.other, window) {
                look(part, batch, rows ?? live, side, lookup.sealed[side.other.rawValue][window], &outcome)
            } else {
                wait(part, batch, rows ?? live, side, &outcome)
            }
        }
        return outcome
    }

    /// The live rows by window: positions among them, nil for all.
    private func runs(of batch: Batch) -> [(window: Window, positions: [Int32]?)] {
        guard batch.liveCount > 0 else { return [] }
        guard case .intervals(let starts, let ends) = windows(of: batch) else { return [(.global, nil)] }
        var places: [Window: Int] = [:]
        var runs: [(window: Window, positions: [Int32])] = []
        var last = (window: Window(start: 0, end: -1), place: -1)
        for (position, row) in batch.liveRows.enumerated() {
            let window = Window(start: starts[Int(row)], end: ends[Int(row)])
            if window != last.window {
                let place = places[window] ?? runs.count
                if place == runs.count {
                    places[window] = place
                    runs.append((window, []))
                }
                last = (window, place)
            }
            runs[last.place].positions.append(Int32(truncatingIfNeeded: position))
        }
        return runs.count == 1 ? [(runs[0].window, nil)] : runs.map { ($0.window, $0.positions) }
    }

    /// The other input is complete in this window: nothing is stored.
    private func look(
        _ part: JoinRows, _ batch: Batch, _ rows: [Int32]?, _ side: Join.Side, _ stored: JoinSide?,
        _ outcome: inout Outcome
    ) {
        var matches = stored?.matches(of: part.keys, count: part.count) ?? JoinSide.Matches()
        if join.preserves(side.other), !matches.stored.isEmpty {
            outcome.matched.append((part.window, matches.stored))
        }
        if join.preserves(side) { matches.addUnmatched(of: part.count) }
        let total = matches.probing.count
        for start in stride(from: 0, to: total, by: Self.pairLimit) {
            let range = start..<min(total, start + Self.pairLimit)
            let whole = range.count == total
            let probing = whole ? matches.probing : Array(matches.probing[range])
            let found = whole ? matches.stored : Array(matches.stored[range])
            let own = self.stored(batch, rows.map { rows in probing.map { rows[Int($0)] } } ?? probing, side: side)
            let other = stored?.take(found) ?? missing(side.other, count: found.count)
            outcome.output.append(
                pairs(
                    left: side == .left ? own : other, right: side == .left ? other : own, count: range.count,
                    window: part.window))
        }
    }

    /// The other input may still bring partners. A key with a null has none in any case.
    private func wait(
        _ part: JoinRows, _ batch: Batch, _ rows: [Int32]?, _ side: Join.Side, _ outcome: inout Outcome
    ) {
        var part = part
        var rows = rows
        if let valid = Self.validity(part.keys) {
            let positions = rows ?? Array(0..<Int32(batch.count))
            let nulls = valid.inverted().setIndices.map { positions[Int($0)] }
            let kept = valid.setIndices
            if join.preserves(side) {
                outcome.output.append(alone(stored(batch, nulls, side: side), side, nulls.count, part.window))
            }
            rows = kept.map { positions[Int($0)] }
            part.keys = part.keys.map { $0.take(kept) }
            part.count = kept.count
        }
        if part.count == 0 { return }
        part.columns = stored(batch, rows, side: side)
        outcome.waiting.append(part)
    }

    /// Rows without a partner as they go out.
    func alone(_ columns: [Column], _ side: Join.Side, _ count: Int, _ window: Window) -> Batch {
        let other = missing(side.other, count: count)
        return pairs(
            left: side == .left ? columns : other, right: side == .left ? other : columns, count: count, window: window)
    }

    /// Which keys have no null; nil when none has one.
    private static func validity(_ keys: [Column]) -> Bitmap? {
        var result: Bitmap?
        for case let validity? in keys.map(\.validity) { result = result?.intersection(validity) ?? validity }
        return result.flatMap { $0.isAllSet ? nil : $0 }
    }
}

extension JoinSide.Matches {
    /// A pair with nothing (-1) for each of `count` probing rows that has none, all in the rows' order.
    mutating func addUnmatched(of count: Int) {
        var (probing, stored): ([Int32], [Int32]) = ([], [])
        probing.reserveCapacity(max(count, self.probing.count))
        stored.reserveCapacity(max(count, self.stored.count))
        var next = 0
        for row in 0..<Int32(count) {
            if next == self.probing.count || self.probing[next] != row {
                probing.append(row)
                stored.append(-1)
                continue
            }
            while next < self.probing.count, self.probing[next] == row {
                probing.append(row)
                stored.append(self.stored[next])
                next += 1
            }
        }
        (self.probing, self.stored) = (probing, stored)
    }
}
