import Columnar
import HeapModule

/// The open windows of the keys of one key group, and what has been folded into each.
///
/// An entry is a key and a window. It has a slot: its place in `entries` and in every accumulator. Entries are found by
/// a hash of both, or, where sessions merge, by the key's open sessions.
///
/// What is here takes up at most `limits.share` bytes: beyond it the windows that end first go to a file, in which an
/// entry may stand in several parts. They come back, window by window, when they close.
struct WindowTable: Sendable {
    /// An open window of a key.
    struct Entry: Sendable {
        var window: Window
        var hash: UInt64
        /// Where the key is in `keys`.
        var keyStart: Int32
        var keyCount: Int32
        /// Bytes under this place in the store; zero: the store does not have it.
        var storedBytes: Int32 = 0
        /// How often the table had spilled when the entry came: with it, parts of an entry have names of their own.
        var generation: UInt32
        /// The end of the window under which it is listed, which may have grown since; `vacant`: the slot is free.
        var listedEnd: Int64
        var isChanged: Bool

        static let vacant = Int64.min
    }

    let mergesSessions: Bool
    /// Whether changes are kept for the store: nothing is when nobody takes them.
    let keepsChanges: Bool
    let spill: Spill
    var accumulators: [any Accumulator]
    /// By slot.
    var entries: [Entry] = []
    var freeSlots: [Int32] = []
    var index = SlotIndex()
    var sessions: [StoredKey: OpenSessions] = [:]
    /// The keys of all entries, and of some that are gone.
    var keys: [UInt8] = []
    private var keyBytesInUse = 0
    /// Slots by the end of their window, and the ends.
    var slotsByEnd: [Int64: [Int32]] = [:]
    var ends = Heap<Int64>()
    /// Slots that have changed since the last commit.
    var changed: [Int32] = []
    /// What the next commit has to say of entries that are not here any more; nil: gone.
    var parting: [(key: [UInt8], value: [UInt8]?)] = []
    /// What is in the file, by the windows' end.
    var spilled: [Int64: [SpillFile.Segment]] = [:]
    var generation: UInt32 = 0
    /// Rows that were ever folded.
    private var foldedRows = 0
    /// Why the table cannot go on.
    var problem: String?

    /// Open windows × keys; a part in the file counts as one.
    var count = 0
    /// Bytes of keys and stored values, as of the last commit of each.
    var storedBytes = 0

    /// - Parameters:
    ///   - accumulators: empty ones, one for each aggregate.
    ///   - mergesSessions: whether overlapping windows of a key become one.
    ///   - keepsChanges: whether `takeChanges` will be called.
    ///   - spill: where to put what is too much.
    init(
        accumulators: [any Accumulator], mergesSessions: Bool, keepsChanges: Bool = true, spill: Spill = Spill()
    ) {
        self.accumulators = accumulators
        self.mergesSessions = mergesSessions
        self.keepsChanges = keepsChanges
        self.spill = spill
    }

    /// A time before which no window ends: exact, or too early after sessions have grown; nil without windows.
    var earliestEnd: Int64? { ends.min }

    /// Bytes that the entries take in memory.
    var memory: Int {
        let slots = entries.count - freeSlots.count
        let perSlot = MemoryLayout<Entry>.stride + 24 + accumulators.reduce(0) { $0 + $1.bytesPerSlot }
        return slots * perSlot + keyBytesInUse + accumulators.reduce(0) { $0 + $1.variableBytes }
    }

    /// Bytes of the state: as it is stored, or where nothing is, as it is in memory and in the file.
    var bytes: Int {
        if keepsChanges { return storedBytes }
        return memory + spilled.values.reduce(0) { $0 + $1.reduce(0) { $0 + Int($1.count) } }
    }

    // MARK: Folding

    /// Folds key group `number`'s part of `batch`.
    mutating func fold(_ batch: KeyedBatch, keyGroup number: Int) {
        var rows = batch.rows(ofKeyGroup: number)
        while !rows.isEmpty {
            let room = spill.rowsBetweenChecks - foldedRows % spill.rowsBetweenChecks
            let part = rows.prefix(room)
            rows = rows.dropFirst(part.count)
            foldedRows += part.count
            fold(batch, part)
            if foldedRows % spill.rowsBetweenChecks == 0 { keepWithinLimits() }
        }
    }

    private mutating func fold(_ batch: KeyedBatch, _ rows: ArraySlice<Int32>) {
        if mergesSessions {
            foldSessions(batch, rows)
        } else {
            fold(batch, rows, into: windowSlots(batch, rows))
        }
    }

    private mutating func fold(_ batch: KeyedBatch, _ rows: ArraySlice<Int32>, into slots: [Int32]) {
        if keepsChanges {
            for slot in slots where !entries[Int(slot)].isChanged {
                entries[Int(slot)].isChanged = true
                changed.append(slot)
            }
        }
        for index in accumulators.indices {
            accumulators[index].fold(batch.values[index], rows: rows, into: slots)
        }
    }

    private mutating func windowSlots(_ batch: KeyedBatch, _ rows: ArraySlice<Int32>) -> [Int32] {
        let (starts, ends): ([Int64], [Int64])
        switch batch.windows {
        case .global: (starts, ends) = ([], [])
        case .intervals(let first, let last): (starts, ends) = (first, last)
        }
        var slots: [Int32] = []
        slots.reserveCapacity(rows.count)
        // Plain memory: this loop is most of what folding costs.
        batch.keys.bytes.withUnsafeBufferPointer { bytes in
            batch.keys.offsets.withUnsafeBufferPointer { offsets in
                batch.words.withUnsafeBufferPointer { words in
                    for row in rows {
                        let row = Int(row)
                        let key = UnsafeBufferPointer(rebasing: bytes[Int(offsets[row])..<Int(offsets[row + 1])])
                        let window = starts.isEmpty ? .global : Window(start: starts[row], end: ends[row])
                        slots.append(slot(key, words[row], window))
                    }
                }
            }
        }
        return slots
    }

    /// The slot of a key and window; a new one where there is none.
    mutating func slot(_ key: UnsafeBufferPointer<UInt8>, _ word: UInt64, _ window: Window) -> Int32 {
        let hash = Self.hash(word, window)
        if let slot = find(key, hash, window) { return slot }
        let slot = allocate(key, hash, window)
        index.insert(slot, hash: hash) { entries[Int($0)].hash }
        return slot
    }

    private func find(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ window: Window) -> Int32? {
        entries.withUnsafeBufferPointer { entries in
            keys.withUnsafeBufferPointer { keys in
                index.find(hash) { slot in
                    let entry = entries[Int(slot)]
                    guard entry.hash == hash, entry.window == window, Int(entry.keyCount) == key.count else {
                        return false
                    }
                    let start = Int(entry.keyStart)
                    for offset in 0..<key.count where keys[start &+ offset] != key[offset] { return false }
                    return true
                }
            }
        }
    }

    static func hash(_ word: UInt64, _ window: Window) -> UInt64 {
        var hash = word ^ UInt64(bitPattern: window.start) &* 0x9E37_79B9_7F4A_7C15
        hash ^= UInt64(bitPattern: window.end)
        hash = (hash ^ hash &>> 32) &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ hash &>> 29
    }

    // MARK: Sessions

    /// Folds rows into the sessions that their windows fall into; sessions that they join are merged.
    private mutating func foldSessions(_ batch: KeyedBatch, _ rows: ArraySlice<Int32>) {
        var first = rows.startIndex
        var slots: [Int32] = []
        for position in rows.indices {
            let row = Int(rows[position])
            let key = StoredKey(Array(batch.keys[row]))
            let window = batch.windows[row]
            var open = sessions[key] ?? OpenSessions()
            let insertion = open.insert(window) {
                key.bytes.withUnsafeBufferPointer { allocate($0, Self.hash(key.word, window), window) }
            }
            sessions[key] = open
            let slot = insertion.session.slot
            if let previous = insertion.previous, previous != insertion.session.window {
                unstore(slot)
                entries[Int(slot)].window = insertion.session.window
            }
            if !insertion.absorbed.isEmpty {
                // What came before goes in before: so it does not matter where one batch ends and the next begins.
                fold(batch, rows[first..<position], into: slots)
                (first, slots) = (position, [])
                for absorbed in insertion.absorbed {
                    for index in accumulators.indices { accumulators[index].merge(Int(absorbed.slot), into: Int(slot)) }
                    free(absorbed.slot)
                }
            }
            slots.append(slot)
        }
        fold(batch, rows[first...], into: slots)
    }

    // MARK: Slots

    mutating func allocate(_ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ window: Window) -> Int32 {
        count += 1
        keyBytesInUse += key.count
        let entry = Entry(
            window: window, hash: hash, keyStart: Int32(truncatingIfNeeded: keys.count),
            keyCount: Int32(truncatingIfNeeded: key.count), generation: generation, listedEnd: window.end,
            isChanged: false)
        keys.append(contentsOf: key)
        let slot: Int32
        if let vacant = freeSlots.popLast() {
            slot = vacant
            entries[Int(slot)] = entry
        } else {
            slot = Int32(truncatingIfNeeded: entries.count)
            entries.append(entry)
            for index in accumulators.indices { accumulators[index].append() }
        }
        list(slot, end: window.end)
        return slot
    }

    /// Lists a slot under the time at which it is to be looked at.
    mutating func list(_ slot: Int32, end: Int64) {
        if slotsByEnd[end]?.append(slot) == nil {
            if spilled[end] == nil { ends.insert(end) }
            slotsByEnd[end] = [slot]
        }
    }

    /// Empties a slot that the index and the sessions know no more.
    mutating func free(_ slot: Int32) {
        count -= 1
        unstore(slot)
        keyBytesInUse -= Int(entries[Int(slot)].keyCount)
        entries[Int(slot)].listedEnd = Entry.vacant
        entries[Int(slot)].isChanged = false
        for index in accumulators.indices { accumulators[index].reset(Int(slot)) }
        freeSlots.append(slot)
    }

    /// What the store has under the entry's place is to go.
    mutating func unstore(_ slot: Int32) {
        let entry = entries[Int(slot)]
        if entry.storedBytes == 0 { return }
        parting.append((storedKey(slot), nil))
        storedBytes -= Int(entry.storedBytes)
        entries[Int(slot)].storedBytes = 0
    }

    func key(of slot: Int32) -> ArraySlice<UInt8> {
        let entry = entries[Int(slot)]
        return keys[Int(entry.keyStart)..<Int(entry.keyStart + entry.keyCount)]
    }

    /// Gives back memory that entries held which are gone.
    mutating func compact() {
        if freeSlots.count == entries.count {
            entries = []
            freeSlots = []
            changed = []
            keys = []
            index.removeAll()
            for index in accumulators.indices { accumulators[index].removeAll() }
        } else if keys.count > 4096, keys.count > 2 * keyBytesInUse {
            var kept: [UInt8] = []
            kept.reserveCapacity(keyBytesInUse)
            for slot in entries.indices where entries[slot].listedEnd != Entry.vacant {
                let key = key(of: Int32(slot))
                entries[slot].keyStart = Int32(truncatingIfNeeded: kept.count)
                kept += key
            }
            keys = kept
        }
    }
}
