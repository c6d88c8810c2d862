import Columnar

/// The open windows of the keys of one key group, and what has been folded into each.
struct WindowTable: Sendable {
    /// What a window's closing gives: results by key and window.
    struct Pane: Sendable {
        /// Keys in their stored form.
        var keys: [[UInt8]]
        var windows: [Window]
        /// A column for each aggregate.
        var results: [Column]
        var failures: RowFailures
    }

    private struct Entry: Sendable {
        var key: [UInt8]
        var window: Window
    }

    private struct KeyAndWindow: Hashable, Sendable {
        var key: [UInt8]
        var window: Window
    }

    private let mergesSessions: Bool
    private var accumulators: [any Accumulator]
    /// By slot; nil where free.
    private var entries: [Entry?] = []
    private var freeSlots: [Int32] = []
    private var slots: [KeyAndWindow: Int32] = [:]
    private var sessions: [[UInt8]: OpenSessions] = [:]
    /// Slots that have changed since the last commit.
    private var changed: Set<Int32> = []
    /// Stored entries that are gone since the last commit.
    private var deleted: Set<KeyAndWindow> = []
    /// Entries that the store has.
    private var stored: Set<KeyAndWindow> = []
    /// Not after the earliest end of an open window.
    private var earliestEndBound: Int64?

    /// Open windows × keys.
    private(set) var count = 0
    /// Bytes of keys and stored values, as of the last commit of each.
    private(set) var bytes = 0
    private var sizes: [Int32: Int] = [:]

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
        changed.formUnion(slotOfGroup)
        let slots = batch.groupOfRow[rows].map { slotOfGroup[Int($0) - groups.lowerBound] }
        for index in accumulators.indices {
            accumulators[index].fold(batch.values[index], rows: batch.rows[rows], into: slots)
        }
    }

    private mutating func windowSlot(_ group: KeyedBatch.Group) -> Int32 {
        let key = KeyAndWindow(key: group.key, window: group.window)
        if let slot = slots[key] { return slot }
        let slot = allocate(Entry(key: group.key, window: group.window))
        slots[key] = slot
        return slot
    }

    /// The slot of the session that a window falls into; sessions that it joins are merged.
    private mutating func sessionSlot(_ group: KeyedBatch.Group, mergedInto: inout [Int32: Int32]) -> Int32 {
        var open = sessions[group.key] ?? OpenSessions()
        let insertion = open.insert(group.window) { allocate(Entry(key: group.key, window: group.window)) }
        sessions[group.key] = open
        let slot = insertion.session.slot
        if let previous = insertion.previous, previous != insertion.session.window {
            forgetStored(KeyAndWindow(key: group.key, window: previous))
            entries[Int(slot)]?.window = insertion.session.window
        }
        for absorbed in insertion.absorbed {
            forgetStored(KeyAndWindow(key: group.key, window: absorbed.window))
            for index in accumulators.indices { accumulators[index].merge(Int(absorbed.slot), into: Int(slot)) }
            mergedInto[absorbed.slot] = slot
        }
        return slot
    }

    private mutating func allocate(_ entry: Entry) -> Int32 {
        count += 1
        earliestEndBound = min(earliestEndBound ?? entry.window.end, entry.window.end)
        if let slot = freeSlots.popLast() {
            entries[Int(slot)] = entry
            return slot
        }
        entries.append(entry)
        for index in accumulators.indices { accumulators[index].append() }
        return Int32(entries.count - 1)
    }

    private mutating func free(_ slot: Int32) {
        count -= 1
        entries[Int(slot)] = nil
        for index in accumulators.indices { accumulators[index].reset(Int(slot)) }
        freeSlots.append(slot)
        changed.remove(slot)
        bytes -= sizes.removeValue(forKey: slot) ?? 0
    }

    private mutating func forgetStored(_ key: KeyAndWindow) {
        if stored.remove(key) != nil { deleted.insert(key) }
    }

    // MARK: Closing

    /// Removes the windows that end at `watermark` or before and gives their results; nil when there are none.
    mutating func close(at watermark: Int64) -> Pane? {
        guard let bound = earliestEnd, bound <= watermark else { return nil }
        var closing: [Int32] = []
        var earliest: Int64?
        for (slot, entry) in entries.enumerated() {
            guard let entry else { continue }
            if entry.window.isClosed(by: watermark) {
                closing.append(Int32(slot))
            } else {
                earliest = min(earliest ?? entry.window.end, entry.window.end)
            }
        }
        earliestEndBound = earliest
        if closing.isEmpty { return nil }
        var failures = RowFailures()
        let closed = closing.compactMap { entries[Int($0)] }
        let pane = Pane(
            keys: closed.map(\.key), windows: closed.map(\.window),
            results: accumulators.map { $0.results(closing, failures: &failures) }, failures: failures)
        for (slot, entry) in zip(closing, closed) {
            let key = KeyAndWindow(key: entry.key, window: entry.window)
            forgetStored(key)
            if mergesSessions {
                sessions[entry.key]?.remove(slot: slot)
                if sessions[entry.key]?.isEmpty == true { sessions[entry.key] = nil }
            } else {
                slots[key] = nil
            }
            free(slot)
        }
        return pane
    }

    // MARK: Storing

    /// What has changed since this was last asked, in stored form; a nil value deletes.
    mutating func takeChanges() -> [(key: [UInt8], value: [UInt8]?)] {
        var result: [(key: [UInt8], value: [UInt8]?)] = []
        for slot in changed {
            guard let entry = entries[Int(slot)] else { continue }
            let key = KeyAndWindow(key: entry.key, window: entry.window)
            var writer = ByteWriter()
            for accumulator in accumulators { accumulator.encode(Int(slot), into: &writer) }
            let storedKey = Self.encode(key)
            result.append((storedKey, writer.bytes))
            stored.insert(key)
            deleted.remove(key)
            bytes += storedKey.count + writer.bytes.count - (sizes[slot] ?? 0)
            sizes[slot] = storedKey.count + writer.bytes.count
        }
        for key in deleted { result.append((Self.encode(key), nil)) }
        changed = []
        deleted = []
        return result
    }

    /// Puts back an entry that was stored.
    mutating func restore(key storedKey: [UInt8], value: [UInt8]) throws(StoredStateError) {
        let key = try Self.decode(storedKey)
        let slot = allocate(Entry(key: key.key, window: key.window))
        if mergesSessions {
            sessions[key.key, default: OpenSessions()].restore(OpenSessions.Session(window: key.window, slot: slot))
        } else {
            slots[key] = slot
        }
        var reader = ByteReader(value)
        for index in accumulators.indices { try accumulators[index].decode(Int(slot), from: &reader) }
        guard reader.isAtEnd else { throw StoredStateError.malformed }
        stored.insert(key)
        sizes[slot] = storedKey.count + value.count
        bytes += storedKey.count + value.count
    }

    /// The key of a stored entry: which key group it belongs to follows from it.
    static func key(ofStored storedKey: [UInt8]) throws(StoredStateError) -> [UInt8] { try decode(storedKey).key }

    private static func encode(_ key: KeyAndWindow) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(key.window.start)
        writer.write(key.window.end)
        writer.write(key.key)
        return writer.bytes
    }

    private static func decode(_ bytes: [UInt8]) throws(StoredStateError) -> KeyAndWindow {
        var reader = ByteReader(bytes)
        let window = Window(start: try reader.signed(), end: try reader.signed())
        return KeyAndWindow(key: try reader.data(), window: window)
    }
}
