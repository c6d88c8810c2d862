/// What is known of the messages that were seen and are not settled, by number.
///
/// Sixty-four neighbours share a page, so that a million messages in a row take little more than their entries: a
/// dictionary of them takes up to three times that while it grows, and stands still for as long as it moves them. A
/// message far from all others takes a page of one.
struct MessageEntries: Sendable {
    typealias Entry = SubscriptionState.Entry

    private struct Page: Sendable {
        /// Bit `n`: the page's message `n` has a place in `entries`, which is in the order of the messages.
        var placed: UInt64 = 0
        /// Those of the placed that are there; the others' places wait to be taken again.
        var present: UInt64 = 0
        var entries: [Entry] = []

        func place(of bit: UInt64) -> Int { (placed & (bit - 1)).nonzeroBitCount }

        /// True when it was not there.
        mutating func put(_ bit: UInt64, _ entry: Entry) -> Bool {
            let place = place(of: bit)
            let isNew = present & bit == 0
            present |= bit
            if placed & bit != 0 {
                entries[place] = entry
                return isNew
            }
            placed |= bit
            // Who comes together mostly goes on to fill the page.
            if entries.count == 4 { entries.reserveCapacity(64) }
            if place == entries.count { entries.append(entry) } else { entries.insert(entry, at: place) }
            return true
        }

        /// False when it was not there.
        mutating func remove(_ bit: UInt64) -> Bool {
            guard present & bit != 0 else { return false }
            present &= ~bit
            // Stragglers must not each keep a page full of room.
            if present != 0, present.nonzeroBitCount * 4 <= entries.count, entries.count > 4 { compact() }
            return true
        }

        private mutating func compact() {
            var kept: [Entry] = []
            kept.reserveCapacity(present.nonzeroBitCount)
            var rest = present
            while rest != 0 {
                kept.append(entries[place(of: rest & (~rest + 1))])
                rest &= rest - 1
            }
            entries = kept
            placed = present
        }
    }

    private var pages: [UInt64: Page] = [:]
    /// How many there are.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    subscript(sequence: UInt64) -> Entry? {
        get {
            let bit: UInt64 = 1 << (sequence & 63)
            guard let page = pages[sequence >> 6], page.present & bit != 0 else { return nil }
            return page.entries[page.place(of: bit)]
        }
        set {
            let bit: UInt64 = 1 << (sequence & 63)
            if let newValue {
                let isNew = pages[sequence >> 6, default: Page()].put(bit, newValue)
                if isNew { count += 1 }
                return
            }
            guard let index = pages.index(forKey: sequence >> 6), pages.values[index].remove(bit) else { return }
            count -= 1
            if pages.values[index].present == 0 { pages.remove(at: index) }
            // Thousands of subscriptions at rest must not each keep the room of their busiest moment.
            if count == 0, pages.capacity > 64 { pages = [:] }
        }
    }

    /// The numbers of those that `isWanted`, ascending.
    func sequences(where isWanted: (Entry) -> Bool) -> [UInt64] {
        var found: [UInt64] = []
        for (number, page) in pages.sorted(by: { $0.key < $1.key }) {
            var rest = page.present
            while rest != 0 {
                let bit = rest & (~rest + 1)
                if isWanted(page.entries[page.place(of: bit)]) {
                    found.append(number << 6 + UInt64(bit.trailingZeroBitCount))
                }
                rest &= rest - 1
            }
        }
        return found
    }
}
