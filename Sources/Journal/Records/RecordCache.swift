import Synchronization

/// The newest records of many journals, as they went to the disk: whoever reads what was just written finds it here,
/// without a copy and without a system call. The oldest blocks go first, whichever journal they belong to.
public final class RecordCache: Sendable {
    private struct Entry {
        let segment: UInt64
        let offset: Int
        let block: RecordBlock
    }

    private struct State {
        var journals: [UInt64: Ring<Entry>] = [:]
        /// In the order of arrival, over all journals.
        var arrivals = Ring<(journal: UInt64, bytes: Int)>()
        var bytes = 0
        var nextJournal: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: bytes that may be held.
    public init(capacity: Int = 16 << 20) { self.capacity = capacity }

    /// Bytes held.
    public var byteCount: Int { state.withLock { $0.bytes } }

    /// A number for a journal that is to use this cache.
    func register() -> UInt64 {
        state.withLock { state in
            state.nextJournal += 1
            return state.nextJournal
        }
    }

    /// Lets go of everything of a journal.
    func remove(journal: UInt64) {
        // What it held still stands in `arrivals`, and leaves the count of bytes when its turn comes.
        let entries = state.withLock { $0.journals.removeValue(forKey: journal) }
        _ = entries
    }

    /// Adds a block that was written to `offset` of a segment: behind all others of that journal.
    func insert(_ block: RecordBlock, journal: UInt64, segment: UInt64, offset: Int) {
        let cost = block.capacity + 128
        guard cost <= capacity else { return }
        let evicted = state.withLock { state -> [Entry] in
            state.journals[journal, default: Ring()].append(Entry(segment: segment, offset: offset, block: block))
            state.arrivals.append((journal, cost))
            state.bytes += cost
            var evicted: [Entry] = []
            while state.bytes > capacity, let oldest = state.arrivals.popFirst() {
                state.bytes -= oldest.bytes
                if let entry = state.journals[oldest.journal]?.popFirst() { evicted.append(entry) }
                if state.journals[oldest.journal]?.isEmpty == true { state.journals[oldest.journal] = nil }
            }
            return evicted
        }
        // The memory is freed outside the lock.
        _ = evicted
    }

    /// The block that holds the byte at `offset` of a segment, and where in the segment it begins.
    func block(journal: UInt64, segment: UInt64, offset: Int) -> (block: RecordBlock, start: Int)? {
        state.withLock { state in
            guard let ring = state.journals[journal] else { return nil }
            var low = 0
            var high = ring.count
            while low < high {
                let middle = (low + high) / 2
                let entry = ring[middle]
                if (entry.segment, entry.offset) <= (segment, offset) { low = middle + 1 } else { high = middle }
            }
            guard low > 0 else { return nil }
            let entry = ring[low - 1]
            guard entry.segment == segment, offset < entry.offset + entry.block.byteCount else { return nil }
            return (entry.block, entry.offset)
        }
    }
}
