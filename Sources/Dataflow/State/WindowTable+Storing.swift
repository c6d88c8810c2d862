import Columnar

extension WindowTable {
    /// The name of an entry, or of a part of it, in the store.
    struct StoredName {
        var key: StoredKey
        var window: Window
        /// Parts of an entry go together in this order.
        var generation: UInt32

        init(decoding bytes: [UInt8]) throws(StoredStateError) {
            var reader = ByteReader(bytes)
            window = Window(start: try reader.signed(), end: try reader.signed())
            key = StoredKey(try reader.data())
            generation = reader.isAtEnd ? 0 : UInt32(truncatingIfNeeded: try reader.unsigned())
        }

        /// Which key group the entry belongs to.
        var keyGroup: Int { KeyGroup.number(of: key.word) }
    }

    /// What has changed since this was last asked, in stored form; a nil value deletes. Of two with the same key the
    /// second counts.
    mutating func takeChanges() -> [(key: [UInt8], value: [UInt8]?)] {
        if !keepsChanges { return [] }
        // Those that are gone first: a window may have come back.
        var result = parting
        parting = []
        result.reserveCapacity(result.count + changed.count)
        for slot in changed where entries[Int(slot)].isChanged {
            let (key, value) = (storedKey(slot), storedValue(slot))
            result.append((key, value))
            noteStored(slot, key.count + value.count)
        }
        changed.removeAll(keepingCapacity: true)
        return result
    }

    private mutating func noteStored(_ slot: Int32, _ size: Int) {
        storedBytes += size - Int(entries[Int(slot)].storedBytes)
        entries[Int(slot)].storedBytes = Int32(truncatingIfNeeded: size)
        entries[Int(slot)].isChanged = false
    }

    /// Puts back entries that were stored, in any order.
    mutating func restore(_ stored: [(name: StoredName, key: [UInt8], value: [UInt8])]) throws(StoredStateError) {
        for part in stored.sorted(by: { $0.name.generation < $1.name.generation }) {
            generation = max(generation, part.name.generation)
            let before = count
            let slot = place(part.name)
            let size = part.key.count + part.value.count
            if count > before {
                try decode(part.value, into: slot)
                entries[Int(slot)].generation = part.name.generation
                noteStored(slot, size)
            } else {
                // A later part of an entry: the entry is stored anew under its first name.
                try merge(part.value, into: slot)
                parting.append((part.key, nil))
                if !entries[Int(slot)].isChanged {
                    entries[Int(slot)].isChanged = true
                    changed.append(slot)
                }
            }
        }
        generation += 1
        keepWithinLimits()
    }

    private mutating func place(_ name: StoredName) -> Int32 {
        name.key.bytes.withUnsafeBufferPointer { key in
            guard mergesSessions else { return slot(key, name.key.word, name.window) }
            let slot = allocate(key, Self.hash(name.key.word, name.window), name.window)
            sessions[name.key, default: OpenSessions()].restore(
                OpenSessions.Session(window: name.window, slot: slot))
            return slot
        }
    }

    mutating func decode(_ value: [UInt8], into slot: Int32) throws(StoredStateError) {
        var reader = ByteReader(value)
        for index in accumulators.indices { try accumulators[index].decode(Int(slot), from: &reader) }
        guard reader.isAtEnd else { throw StoredStateError.malformed }
    }

    /// Adds what came later than what the slot holds.
    mutating func merge(_ value: [UInt8], into slot: Int32) throws(StoredStateError) {
        for index in accumulators.indices { accumulators[index].append() }
        let last = entries.count
        defer { for index in accumulators.indices { accumulators[index].removeLast() } }
        try decode(value, into: Int32(truncatingIfNeeded: last))
        for index in accumulators.indices { accumulators[index].merge(last, into: Int(slot)) }
    }

    func storedValue(_ slot: Int32) -> [UInt8] {
        var writer = ByteWriter()
        for accumulator in accumulators { accumulator.encode(Int(slot), into: &writer) }
        return writer.bytes
    }

    func storedKey(_ slot: Int32) -> [UInt8] {
        let entry = entries[Int(slot)]
        var writer = ByteWriter()
        writer.write(entry.window.start)
        writer.write(entry.window.end)
        writer.write(key(of: slot))
        if entry.generation > 0 { writer.write(UInt64(entry.generation)) }
        return writer.bytes
    }
}
