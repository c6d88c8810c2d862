/// An open-addressing table from hashes to slots; what is in the slots is its owner's affair.
///
/// A place holds the hash's high half and the slot's number plus one; zero is free. At most half of the places are taken.
struct SlotIndex: Sendable {
    private var places: [UInt64] = []
    private(set) var count = 0

    /// Memory that it takes.
    var bytes: Int { places.count * 8 }

    /// The slot with this hash of which `isSame` is true; nil without one.
    @inline(__always)
    func find(_ hash: UInt64, isSame: (Int32) -> Bool) -> Int32? {
        if places.isEmpty { return nil }
        return places.withUnsafeBufferPointer { places in
            let mask = places.count &- 1
            var place = Int(truncatingIfNeeded: hash) & mask
            while places[place] != 0 {
                if (places[place] ^ hash) &>> 32 == 0 {
                    let slot = Int32(truncatingIfNeeded: places[place] & 0xFFFF_FFFF) &- 1
                    if isSame(slot) { return slot }
                }
                place = (place &+ 1) & mask
            }
            return nil
        }
    }

    /// Adds a slot that is not there; `hashOf` tells the hashes of those that are, if they have to move.
    mutating func insert(_ slot: Int32, hash: UInt64, hashOf: (Int32) -> UInt64) {
        if (count + 1) * 2 > places.count { grow(hashOf) }
        count += 1
        put(slot, hash)
    }

    /// Takes a slot out that is there.
    mutating func remove(_ slot: Int32, hash: UInt64, hashOf: (Int32) -> UInt64) {
        let mask = places.count - 1
        let wanted = UInt64(UInt32(bitPattern: slot &+ 1))
        var free = Int(truncatingIfNeeded: hash) & mask
        while places[free] & 0xFFFF_FFFF != wanted {
            if places[free] == 0 { return }
            free = (free + 1) & mask
        }
        count -= 1
        // What stands behind moves up where its search would pass the hole.
        var place = free
        while true {
            place = (place + 1) & mask
            if places[place] == 0 { break }
            let home =
                Int(truncatingIfNeeded: hashOf(Int32(truncatingIfNeeded: places[place] & 0xFFFF_FFFF) &- 1)) & mask
            if (place &- home) & mask >= (place &- free) & mask {
                places[free] = places[place]
                free = place
            }
        }
        places[free] = 0
    }

    /// Forgets all slots, and its memory with them.
    mutating func removeAll() { self = SlotIndex() }

    private mutating func put(_ slot: Int32, _ hash: UInt64) {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] != 0 { place = (place + 1) & mask }
        places[place] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(UInt32(bitPattern: slot &+ 1))
    }

    private mutating func grow(_ hashOf: (Int32) -> UInt64) {
        let old = places
        places = [UInt64](repeating: 0, count: max(16, old.count * 2))
        for place in old where place != 0 {
            let slot = Int32(truncatingIfNeeded: place & 0xFFFF_FFFF) &- 1
            put(slot, hashOf(slot))
        }
    }
}
