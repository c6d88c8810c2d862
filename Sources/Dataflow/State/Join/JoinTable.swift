import Columnar

/// The state of a join: the rows of both inputs that may still find partners, by window.
///
/// A window's rows are kept as they came, side by side, with an index of the keys; so taking rows in is appending, and
/// closing a window is forgetting it whole.
struct JoinTable: Sendable {
    /// One input's rows of a window.
    struct Part: Sendable {
        var rows: JoinSide
        /// Which have found a partner; empty where nobody asks.
        var matched: [Bool] = []
        /// What is not in the store yet.
        var unsaved: [JoinRows] = []
        var unsavedMatches: [Int32] = []
        /// How many entries the store has of it.
        var entries = 0
    }

    let step: JoinStep
    /// Whether what changes is stored: it is not noted otherwise.
    let keepsChanges: Bool
    /// By window and side.
    var windows: [Window: [Part?]] = [:]
    private(set) var lookup = JoinLookup()
    /// Keys of what the store has and should forget.
    var deleted: [[UInt8]] = []

    init(_ step: JoinStep, keepsChanges: Bool) {
        self.step = step
        self.keepsChanges = keepsChanges
    }

    /// Rows that are kept.
    var count: Int { parts.reduce(0) { $0 + $1.rows.count } }

    /// Bytes of them, about.
    var bytes: Int { parts.reduce(0) { $0 + $1.rows.bytes } }

    private var parts: some Sequence<Part> { windows.values.lazy.joined().compactMap { $0 } }

    /// The earliest end of a window that waits for `side` to end; nil without one.
    func earliestEnd(waitingFor side: Join.Side) -> Int64? {
        windows.compactMap { window, parts in parts[side.other.rawValue] == nil ? nil : window.end }.min()
    }

    /// The earliest end of a window with rows.
    var earliestEnd: Int64? { windows.keys.map(\.end).min() }

    // MARK: Rows

    /// Matches rows of `side` with what is there of the other, and keeps them for what comes of it.
    mutating func take(_ rows: JoinRows, _ side: Join.Side) -> [Batch] {
        var parts = windows.removeValue(forKey: rows.window) ?? [nil, nil]
        defer { windows[rows.window] = parts }
        var output: [Batch] = []
        var partnered: [Int32] = []
        if let other = parts[side.other.rawValue] {
            let matches = other.rows.matches(of: rows.keys, count: rows.count)
            for start in stride(from: 0, to: matches.probing.count, by: JoinStep.pairLimit) {
                let range = start..<min(matches.probing.count, start + JoinStep.pairLimit)
                let probing = Array(matches.probing[range])
                let own = rows.columns.map { $0.take(probing) }
                let found = other.rows.take(Array(matches.stored[range]))
                output.append(
                    step.pairs(
                        left: side == .left ? own : found, right: side == .left ? found : own, count: range.count,
                        window: rows.window))
            }
            if step.join.preserves(side.other) { note(matches.stored, in: &parts[side.other.rawValue]) }
            partnered = matches.probing
        }
        var part = parts[side.rawValue] ?? Part(rows: JoinSide(keyTypes: step.keyTypes))
        // Not two copies, or the insertion would copy everything.
        parts[side.rawValue] = nil
        let first = part.rows.count
        part.rows.insert(rows)
        if keepsChanges { part.unsaved.append(rows) }
        if step.join.preserves(side) {
            part.matched.append(contentsOf: repeatElement(false, count: rows.count))
            parts[side.rawValue] = part
            part = Part(rows: JoinSide(keyTypes: []))
            note(partnered.map { $0 + Int32(first) }, in: &parts[side.rawValue])
        } else {
            parts[side.rawValue] = part
        }
        return output
    }

    /// Stored rows of `side` have found partners.
    mutating func note(matched rows: [Int32], _ window: Window, _ side: Join.Side) {
        guard windows[window] != nil else { return }
        note(rows, in: &windows[window, default: [nil, nil]][side.rawValue])
    }

    private func note(_ rows: [Int32], in part: inout Part?) {
        for row in rows where part?.matched[Int(row)] == false {
            part?.matched[Int(row)] = true
            if keepsChanges { part?.unsavedMatches.append(row) }
        }
    }

    // MARK: Watermarks

    /// Gives out the rows that find no partner any more, and forgets those that nothing asks for.
    ///
    /// - Parameters:
    ///   - watermarks: by side; `Int64.max` at the end of an input.
    ///   - isFinal: whether that is for this run alone: a drain.
    mutating func advance(to watermarks: [Int64], isFinal: Bool) -> [Batch] {
        let reached = zip(watermarks, lookup.watermarks).map { max($0, $1) }
        if !isFinal { lookup.watermarks = reached }
        var output: [Batch] = []
        // In the windows' order, so that the output does not depend on hashing.
        for window in windows.keys.sorted(by: { ($0.end, $0.start) < ($1.end, $1.start) }) {
            for side in Join.Side.allCases where windows[window]?[side.rawValue] != nil {
                if reached[side.other.rawValue] >= window.end {
                    output += release(window, side)
                } else if !isFinal, reached[side.rawValue] >= window.end {
                    seal(window, side)
                }
            }
            if windows[window]?.allSatisfy({ $0 == nil }) == true { windows[window] = nil }
        }
        return output
    }

    private mutating func release(_ window: Window, _ side: Join.Side) -> [Batch] {
        guard let part = windows[window]?[side.rawValue] else { return [] }
        windows[window]?[side.rawValue] = nil
        lookup.sealed[side.rawValue][window] = nil
        deleted += (0..<part.entries).map { JoinEntry(window: window, side: side, number: $0).encoded() }
        guard step.join.preserves(side) else { return [] }
        let alone = part.matched.indices.filter { !part.matched[$0] }.map { Int32(truncatingIfNeeded: $0) }
        return stride(from: 0, to: alone.count, by: JoinStep.pairLimit).map { start in
            let rows = Array(alone[start..<min(alone.count, start + JoinStep.pairLimit)])
            return step.alone(part.rows.take(rows), side, rows.count, window)
        }
    }

    private mutating func seal(_ window: Window, _ side: Join.Side) {
        guard lookup.sealed[side.rawValue][window] == nil, var part = windows[window]?[side.rawValue] else { return }
        windows[window]?[side.rawValue] = nil
        part.rows.seal()
        lookup.sealed[side.rawValue][window] = part.rows
        windows[window]?[side.rawValue] = part
    }

    /// Puts back what was stored; `parts` are whole.
    mutating func restore(_ window: Window, _ side: Join.Side, _ part: Part) {
        windows[window, default: [nil, nil]][side.rawValue] = part
    }
}
