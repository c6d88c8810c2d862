import HeapModule
import Time

/// The smallest time that the unsettled messages have in one attribute: a heap that grows with what is examined, and
/// from which the settled are dropped when they come to the top.
struct AttributeMinimum: Sendable {
    private struct Item: Comparable {
        var time: Timestamp
        var sequence: UInt64

        static func < (a: Item, b: Item) -> Bool { (a.time, a.sequence) < (b.time, b.sequence) }
    }

    private var heap = Heap<Item>()
    /// The next message to examine.
    var examined: UInt64

    init(from sequence: UInt64) { examined = sequence }

    /// Notes message `examined`, or one after it.
    mutating func note(_ sequence: UInt64, time: Timestamp) {
        heap.insert(Item(time: time, sequence: sequence))
        examined = max(examined, sequence + 1)
    }

    mutating func minimum(isSettled: (UInt64) -> Bool) -> Timestamp? {
        while let least = heap.min {
            if !isSettled(least.sequence) { return least.time }
            heap.removeMin()
        }
        return nil
    }
}
