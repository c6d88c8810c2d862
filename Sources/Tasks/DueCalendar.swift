import HeapModule
import Time

/// What is due when: ids in the order of their times. A million of them cost about a hundred bytes each.
///
/// `advance(to:)` moves what has become due from *later* to *ready*; the two counts are always exact.
struct DueCalendar {
    private struct Item: Comparable {
        var due: Timestamp
        var id: UInt64

        static func < (a: Item, b: Item) -> Bool { (a.due, a.id) < (b.due, b.id) }
    }

    private struct Entry {
        var due: Timestamp
        var isReady = false
        var isRetry: Bool
    }

    private var entries: [UInt64: Entry] = [:]
    // Removed ids stay in the heaps until they come up or are too many.
    private var later = Heap<Item>()
    private var ready = Heap<Item>()
    /// How many are due.
    private(set) var readyCount = 0
    /// How many are there for another attempt, due or not.
    private(set) var retryCount = 0
    /// How many of these are due.
    private var readyRetryCount = 0

    var count: Int { entries.count }
    /// How many are due later.
    var laterCount: Int { entries.count - readyCount }
    /// How many are due later for the first time.
    var laterFirstCount: Int { laterCount - (retryCount - readyRetryCount) }

    /// When the next one becomes due that is not yet.
    var nextDue: Timestamp? { later.min?.due }
    /// When the oldest one that is ready became due.
    var oldestReady: Timestamp? { ready.min?.due }

    func due(of id: UInt64) -> Timestamp? { entries[id]?.due }

    mutating func insert(_ id: UInt64, due: Timestamp, isRetry: Bool = false) {
        remove(id)
        entries[id] = Entry(due: due, isRetry: isRetry)
        if isRetry { retryCount += 1 }
        later.insert(Item(due: due, id: id))
    }

    /// Returns whether it was there.
    @discardableResult
    mutating func remove(_ id: UInt64) -> Bool {
        guard let entry = entries.removeValue(forKey: id) else { return false }
        if entry.isReady { readyCount -= 1 }
        if entry.isRetry { retryCount -= 1 }
        if entry.isReady, entry.isRetry { readyRetryCount -= 1 }
        tidy()
        return true
    }

    /// Makes everything ready that is due at `now`.
    mutating func advance(to now: Timestamp) {
        while let item = later.min, item.due <= now {
            later.removeMin()
            guard var entry = entries[item.id], entry.due == item.due, !entry.isReady else { continue }
            entry.isReady = true
            entries[item.id] = entry
            readyCount += 1
            if entry.isRetry { readyRetryCount += 1 }
            ready.insert(item)
        }
        tidy()
    }

    /// The one that has been ready longest, without taking it.
    var firstReady: UInt64? { ready.min?.id }

    /// Takes the one that has been ready longest.
    mutating func popReady() -> UInt64? {
        guard let id = firstReady else { return nil }
        remove(id)
        return id
    }

    mutating func removeAll() { self = DueCalendar() }

    /// Keeps a living item at the top of both heaps, and the heaps in proportion to what lives.
    private mutating func tidy() {
        while let item = later.min, !isAlive(item, ready: false) { later.removeMin() }
        while let item = ready.min, !isAlive(item, ready: true) { ready.removeMin() }
        guard later.count + ready.count > 2 * entries.count + 64 else { return }
        later = Heap(entries.lazy.filter { !$0.value.isReady }.map { Item(due: $0.value.due, id: $0.key) })
        ready = Heap(entries.lazy.filter { $0.value.isReady }.map { Item(due: $0.value.due, id: $0.key) })
    }

    private func isAlive(_ item: Item, ready: Bool) -> Bool {
        entries[item.id].map { $0.due == item.due && $0.isReady == ready } ?? false
    }
}
