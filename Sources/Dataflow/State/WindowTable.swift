import Columnar

/// The open windows of the keys of one key group, and what has been folded into each.
struct WindowTable: Sendable {
    /// What a window's closing gives: results by key and window.
    struct Pane: Sendable {
        var keys: [StoredKey]
        var windows: [Window]
        /// A column for each aggregate.
        var results: [Column]
        var failures: RowFailures
    }

    private struct KeyAndWindow: Hashable, Sendable {
        var key: StoredKey
        var window: Window
    }

    private struct Entry: Sendable {
        var place: KeyAndWindow
        /// Bytes under this place in the store; zero: the store does not have it.
        var storedBytes = 0
        var isChanged = false
    }

    private let mergesSessions: Bool
    private var accumulators: [any Accumulator]
    /// By slot; nil where free.
    private var entries: [Entry?] = []
    private var freeSlots: [Int32] = []
    private var slots: [KeyAndWindow: Int32] = [:]
    private var sessions: [StoredKey: OpenSessions] = [:]
    /// Slots that have changed since the last commit, or were free in between.
    private var changed: [Int32] = []
    /// Stored entries that are gone since the last commit.
    private var deleted: [KeyAndWindow] = []
    /// Not after the earliest end of an open window.
    private var earliestEndBound: Int64?

    /// Open windows × keys.
    private(set) var count = 0
    /// Bytes of keys and stored values, as of the last commit of each.
    private(set) var bytes = 0

    /// - Parameters:
    ///   - accumulators: empty ones, one for each aggregate.
    ///   - mergesSessions: whether overlapping windows of a key become one.
    init(accumulators: [any Accumulator], mergesSessions: Bool) {
        self.accumulators = accumulators
        self.mergesSessions = mergesSessions
    }

    /// A time before which no window ends: exact, or too early after sessions have grown; nil without windows.
    var earliestEnd: Int64? { count == 0 ? nil : earliestEndBound }

    // MARK: Folding

    /// Folds key group `number`'s part of `batch`.
    mutating func fold(_ batch: KeyedBatch, keyGroup number: Int) {
        let rows = Int(batch.rowOffsets[number])..<Int(batch.rowOffsets[number + 1])
        let groups = Int(batch.groupOffsets[number])..<Int(batch.groupOffsets[number + 1])
        if rows.isEmpty { return }
        var slotOfGroup: [Int32] = []
        slotOfGroup.reserveCapacity(groups.count)
        if mergesSessions {
            var mergedInto: [Int32: Int32] = [:]
            for group in groups {
                slotOfGroup.append(sessionSlot(batch.groups[group], mergedInto: &mergedInto))
            }
            for index in slotOfGroup.indices {
                while let target = mergedInto[slotOfGroup[index]] { slotOfGroup[index] = target }
            }
            // Only now, so that no slot of this batch was used twice.
            for slot in mergedInto.keys.sorted() { free(slot) }
        } else {
            for group in groups { slotOfGroup.append(windowSlot(batch.groups[group])) }
        }
        for slot in slotOfGroup where entries[Int(slot)]?.isChanged == false {
            entries[Int(slot)]?.isChanged = true
            changed.append(slot)
        }
        let slots = batch.groupOfRow[rows].map { slotOfGroup[Int($0) - groups.lowerBound] }
        for index in accumulators.indices {
            accumulators[index].fold(batch.values[index], rows: batch.rows[rows], into: slots)
        }
    }

    private mutating func windowSlot(_ group: KeyedBatch.Group) -> Int32 {
        let key = KeyAndWindow(key: group.key, window: group.window)
        if let slot = slots[key] { return slot }
        let slot = allocate(key)
        slots[key] = slot
        return slot
    }

    /// The slot of the session that a window falls into; sessions that it joins are merged.
    private mutating func sessionSlot(_ group: KeyedBatch.Group, mergedInto: inout [Int32: Int32]) -> Int32 {
        var open = sessions[group.key] ?? OpenSessions()
        let insertion = open.insert(group.window) { allocate(KeyAndWindow(key: group.key, window: group.window)) }
        sessions[group.key] = open
        let slot = insertion.session.slot
        if let previous = insertion.previous, previous != insertion.session.window {
            unstore(slot)
            entries[Int(slot)]?.place.window = insertion.session.window
        }
        for absorbed in insertion.absorbed {
            for index in accumulators.indices { accumulators[index].merge(Int(absorbed.slot), into: Int(slot)) }
            mergedInto[absorbed.slot] = slot
        }
        return slot
    }

    private mutating func allocate(_ place: KeyAndWindow) -> Int32 {
        count += 1
        earliestEndBound = min(earliestEndBound ?? place.window.end, place.window.end)
        if let slot = freeSlots.popLast() {
            entries[Int(slot)] = Entry(place: place)
            return slot
        }
        entries.append(Entry(place: place))
        for index in accumulators.indices { accumulators[index].append() }
        return Int32(entries.count - 1)
    }

    private mutating func free(_ slot: Int32) {
        count -= 1
        unstore(slot)
        entries[Int(slot)] = nil
        for index in accumulators.indices { accumulators[index].reset(Int(slot)) }
        freeSlots.append(slot)
    }

    /// What the store has under the entry's place is to go.
    private mutating func unstore(_ slot: Int32) {
        guard let entry = entries[Int(slot)], entry.storedBytes > 0 else { return }
        deleted.append(entry.place)
        bytes -= entry.storedBytes
        entries[Int(slot)]?.storedBytes = 0
    }

    // MARK: Closing

    /// Removes the windows that end at `watermark` or before and gives their results; nil when there are none.
    mutating func close(at watermark: Int64) -> Pane? {
        guard let bound = earliestEnd, bound <= watermark else { return nil }
        var closing: [Int32] = []
        var earliest: Int64?
        for (slot, entry) in entries.enumerated() {
            guard let entry else { continue }
            if entry.place.window.isClosed(by: watermark) {
                closing.append(Int32(slot))
            } else {
                earliest = min(earliest ?? entry.place.window.end, entry.place.window.end)
            }
        }
        earliestEndBound = earliest
        if closing.isEmpty { return nil }
        var failures = RowFailures()
        let closed = closing.compactMap { entries[Int($0)]?.place }
        let pane = Pane(
            keys: closed.map(\.key), windows: closed.map(\.window),
            results: accumulators.map { $0.results(closing, failures: &failures) }, failures: failures)
        for (slot, place) in zip(closing, closed) {
            if mergesSessions {
                sessions[place.key]?.remove(slot: slot)
                if sessions[place.key]?.isEmpty == true { sessions[place.key] = nil }
            } else {
                slots[place] = nil
            }
            free(slot)
        }
        return pane
    }

    // MARK: Storing

    /// What has changed since this was last asked, in stored form; a nil value deletes. Of two with the same key the
    /// second counts.
    mutating func takeChanges() -> [(key: [UInt8], value: [UInt8]?)] {
        // Deletions first: a window may have come back.
        var result: [(key: [UInt8], value: [UInt8]?)] = deleted.map { (Self.encode($0), nil) }
        result.reserveCapacity(deleted.count + changed.count)
        for slot in changed {
            guard let entry = entries[Int(slot)], entry.isChanged else { continue }
            var writer = ByteWriter()
            for accumulator in accumulators { accumulator.encode(Int(slot), into: &writer) }
            let storedKey = Self.encode(entry.place)
            result.append((storedKey, writer.bytes))
            let size = storedKey.count + writer.bytes.count
            bytes += size - entry.storedBytes
            entries[Int(slot)]?.storedBytes = size
            entries[Int(slot)]?.isChanged = false
        }
        changed.removeAll(keepingCapacity: true)
        deleted.removeAll(keepingCapacity: true)
        return result
    }

    /// Puts back an entry that was stored.
    mutating func restore(key storedKey: [UInt8], value: [UInt8]) throws(StoredStateError) {
        let key = try Self.decode(storedKey)
        let slot = allocate(key)
        if mergesSessions {
            sessions[key.key, default: OpenSessions()].restore(OpenSessions.Session(window: key.window, slot: slot))
        } else {
            slots[key] = slot
        }
        var reader = ByteReader(value)
        for index in accumulators.indices { try accumulators[index].decode(Int(slot), from: &reader) }
        guard reader.isAtEnd else { throw StoredStateError.malformed }
        entries[Int(slot)]?.storedBytes = storedKey.count + value.count
        bytes += storedKey.count + value.count
    }

    /// The key of a stored entry: which key group it belongs to follows from it.
    static func key(ofStored storedKey: [UInt8]) throws(StoredStateError) -> StoredKey { try decode(storedKey).key }

    private static func encode(_ key: KeyAndWindow) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(key.window.start)
        writer.write(key.window.end)
        writer.write(key.key.bytes)
        return writer.bytes
    }

    private static func decode(_ bytes: [UInt8]) throws(StoredStateError) -> KeyAndWindow {
        var reader = ByteReader(bytes)
        let window = Window(start: try reader.signed(), end: try reader.signed())
        return KeyAndWindow(key: StoredKey(try reader.data()), window: window)
    }
}
