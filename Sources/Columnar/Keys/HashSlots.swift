/// An open-addressing table from hashes to dense numbers; what the keys are is its owner's affair.
struct HashSlots: Sendable {
    /// The number plus one in the low half, the hash's high half in the high one; 0 is an empty slot.
    private var slots: [UInt64] = []
    /// The hash of every number's key.
    private var hashes: [UInt64] = []

    /// How many numbers have been given.
    var count: Int { hashes.count }

    /// Runs `body` for rows in short runs, before each of which there is room for a new key a row.
    mutating func insert(_ rowHashes: [UInt64], isSame: (_ row: Int, _ number: Int) -> Bool, add: (_ row: Int) -> Void)
        -> [Int32]
    {
        var result = [Int32](repeating: 0, count: rowHashes.count)
        var start = 0
        while start < rowHashes.count {
            let end = min(rowHashes.count, start + 512)
            reserve(count + end - start)
            var next = count
            slots.withUnsafeMutableBufferPointer { slots in
                for row in start..<end {
                    let hash = rowHashes[row]
                    let (slot, number) = HashSlots.locate(slots, hash) { isSame(row, $0) }
                    if number >= 0 {
                        result[row] = Int32(truncatingIfNeeded: number)
                    } else {
                        add(row)
                        hashes.append(hash)
                        slots[slot] = HashSlots.entry(hash, next)
                        result[row] = Int32(truncatingIfNeeded: next)
                        next &+= 1
                    }
                }
            }
            start = end
        }
        return result
    }

    func find(_ rowHashes: [UInt64], isSame: (_ row: Int, _ number: Int) -> Bool) -> [Int32] {
        if slots.isEmpty { return [Int32](repeating: -1, count: rowHashes.count) }
        var result = [Int32](repeating: -1, count: rowHashes.count)
        slots.withUnsafeBufferPointer { slots in
            // Only read here; a mutable copy of the table would be made for every batch.
            let slots = UnsafeMutableBufferPointer(mutating: slots)
            for (row, hash) in rowHashes.enumerated() {
                result[row] = Int32(truncatingIfNeeded: HashSlots.locate(slots, hash) { isSame(row, $0) }.number)
            }
        }
        return result
    }

    private static func entry(_ hash: UInt64, _ number: Int) -> UInt64 {
        hash & 0xFFFF_FFFF_0000_0000 | UInt64(truncatingIfNeeded: number &+ 1)
    }

    /// The slot of a key and its number; -1 and the slot where it belongs when it is not there.
    @inline(__always)
    private static func locate(
        _ slots: UnsafeMutableBufferPointer<UInt64>, _ hash: UInt64, _ isSame: (Int) -> Bool
    ) -> (slot: Int, number: Int) {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return (slot, -1) }
            if (entry ^ hash) >> 32 == 0 {
                let number = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
                if isSame(number) { return (slot, number) }
            }
            slot = (slot &+ 1) & mask
        }
    }

    /// Keeps at least half of the slots empty.
    private mutating func reserve(_ count: Int) {
        guard count * 2 > slots.count else { return }
        var capacity = max(1024, slots.count)
        while capacity < count * 2 { capacity *= 2 }
        slots = [UInt64](repeating: 0, count: capacity)
        slots.withUnsafeMutableBufferPointer { slots in
            for (number, hash) in hashes.enumerated() {
                let (slot, _) = HashSlots.locate(slots, hash) { _ in false }
                slots[slot] = HashSlots.entry(hash, number)
            }
        }
    }
}
