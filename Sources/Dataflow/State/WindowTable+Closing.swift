import Columnar
import HeapModule

extension WindowTable {
    /// What windows' closing gives: results by key and window.
    struct Pane: Sendable {
        /// In the form in which they are stored.
        var keys: BytesColumn
        var windows: [Window]
        /// A column for each aggregate.
        var results: [Column]
        var failures: RowFailures
    }

    /// About how many entries a pane holds: the next ones are in the next.
    static let paneEntries = 16_384

    /// Removes windows that end at `watermark` or before and gives their results, those that end first first; nil when
    /// there are none. As long as `earliestEnd` is not after `watermark`, there are more.
    mutating func close(at watermark: Int64) -> Pane? {
        var closing: [Int32] = []
        while let end = ends.min, end <= watermark, closing.count < Self.paneEntries {
            // A window that is in the file comes back for itself: the rest must not be in its way.
            if spilled[end] != nil, !closing.isEmpty { break }
            ends.removeMin()
            if spilled[end] != nil { readBack(end) }
            for slot in slotsByEnd.removeValue(forKey: end) ?? [] where entries[Int(slot)].listedEnd == end {
                let actual = entries[Int(slot)].window.end
                // A session may have grown.
                if actual > end {
                    entries[Int(slot)].listedEnd = actual
                    list(slot, end: actual)
                } else {
                    // Twice in the list, it counts once.
                    entries[Int(slot)].listedEnd = Entry.vacant
                    closing.append(slot)
                }
            }
        }
        if closing.isEmpty { return nil }
        var failures = RowFailures()
        var keys = BytesColumn()
        keys.offsets.reserveCapacity(closing.count + 1)
        for slot in closing {
            keys.bytes += key(of: slot)
            keys.offsets.append(Int32(truncatingIfNeeded: keys.bytes.count))
        }
        let pane = Pane(
            keys: keys, windows: closing.map { entries[Int($0)].window },
            results: accumulators.map { $0.results(closing, failures: &failures) }, failures: failures)
        for slot in closing { forget(slot) }
        compact()
        return pane
    }

    /// Takes an entry out of everything.
    mutating func forget(_ slot: Int32) {
        if mergesSessions {
            let key = StoredKey(Array(key(of: slot)))
            sessions[key]?.remove(slot: slot)
            if sessions[key]?.isEmpty == true { sessions[key] = nil }
        } else {
            index.remove(slot, hash: entries[Int(slot)].hash) { entries[Int($0)].hash }
        }
        free(slot)
    }
}
