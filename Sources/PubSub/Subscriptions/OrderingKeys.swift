import DequeModule
import HeapModule

/// Which messages with ordering keys may be handed out.
///
/// The messages of one key go to one reader at a time, in order. When one of them fails, those of its key that were
/// handed out after it are taken back, acknowledged or not, and its successors wait until it has been handed out again;
/// other keys flow on.
struct OrderingKeys: Sendable {
    struct Key: Sendable {
        var name: String
        /// Waiting to be handed out, ascending.
        var queue: Deque<UInt64> = []
        /// Handed out and not settled, ascending.
        var leased: [UInt64] = []
        /// Who has `leased`.
        var holder: UInt32 = 0
        /// Messages that wait out a backoff, or are on their way to the dead letters: nothing is handed out before.
        var blockers = 0

        var isIdle: Bool { queue.isEmpty && leased.isEmpty && blockers == 0 }
    }

    private struct Candidate: Comparable {
        var sequence: UInt64
        var key: Int32

        static func < (a: Candidate, b: Candidate) -> Bool { (a.sequence, a.key) < (b.sequence, b.key) }
    }

    private var numbers: [String: Int32] = [:]
    private var keys: [Int32: Key] = [:]
    private var nextNumber: Int32 = 0
    /// Keys that anybody may have, by their first waiting message. Checked when taken: some are out of date.
    private var free = Heap<Candidate>()
    /// Keys that wait and that a reader has messages of already: it may have more.
    private var continuing: [UInt32: Set<Int32>] = [:]
    /// Messages in queues.
    private(set) var waiting = 0

    func name(of key: Int32) -> String { keys[key]?.name ?? "" }

    /// The first message of a key that is not settled, as far as any was seen.
    func first(of key: Int32) -> UInt64? {
        guard let key = keys[key] else { return nil }
        // What was handed out stands before what waits: behind a failed message nothing stays handed out.
        return key.leased.first ?? key.queue.first
    }

    /// Whether nothing of its key comes before a message.
    func isFirst(_ sequence: UInt64, of key: Int32) -> Bool { first(of: key) == sequence }

    /// A message that was never handed out: its key's number, and whether `consumer` gets it now.
    mutating func admit(_ sequence: UInt64, name: String, to consumer: UInt32) -> (key: Int32, isDelivered: Bool) {
        let number = number(of: name)
        var key = keys[number] ?? Key(name: name)
        let isDelivered =
            key.queue.isEmpty && key.blockers == 0 && (key.leased.isEmpty || key.holder == consumer)
        if isDelivered {
            key.leased.append(sequence)
            key.holder = consumer
        } else {
            key.queue.append(sequence)
            waiting += 1
        }
        keys[number] = key
        if !isDelivered { offer(number) }
        return (number, isDelivered)
    }

    /// Up to `limit` waiting messages for `consumer`, counted as handed out from now on.
    mutating func take(limit: Int, for consumer: UInt32) -> [UInt64] {
        var taken: [UInt64] = []
        for key in (continuing[consumer] ?? []).sorted() where taken.count < limit {
            take(from: key, for: consumer, limit: limit, into: &taken)
        }
        while taken.count < limit, let candidate = free.popMin() {
            guard let key = keys[candidate.key], key.leased.isEmpty, key.blockers == 0,
                key.queue.first == candidate.sequence
            else { continue }
            take(from: candidate.key, for: consumer, limit: limit, into: &taken)
        }
        return taken
    }

    /// Whether `take` would give anything.
    mutating func hasMessages(for consumer: UInt32) -> Bool {
        if continuing[consumer]?.isEmpty == false { return true }
        while let candidate = free.min {
            if let key = keys[candidate.key], key.leased.isEmpty, key.blockers == 0,
                key.queue.first == candidate.sequence
            {
                return true
            }
            free.removeMin()
        }
        return false
    }

    /// A message is done with.
    mutating func settle(_ sequence: UInt64, key number: Int32, wasBlocking: Bool) {
        update(number) { key, waiting in
            if wasBlocking { key.blockers -= 1 }
            if let index = key.leased.firstIndex(of: sequence) {
                key.leased.remove(at: index)
            } else if let index = OrderingKeys.position(of: sequence, in: key.queue), key.queue[index] == sequence {
                key.queue.remove(at: index)
                waiting -= 1
            }
        }
    }

    /// A message comes back: to the head of its key. Returns those that were handed out after it, which come back too.
    ///
    /// - Parameters:
    ///   - isBlocking: it keeps its key from being handed out until `unblock` or `settle`.
    ///   - isForwarded: it goes to the dead letters, and does not wait in the queue.
    mutating func putBack(
        _ sequence: UInt64, key number: Int32, isBlocking: Bool, isForwarded: Bool = false
    ) -> [UInt64] {
        var revoked: [UInt64] = []
        update(number) { key, waiting in
            revoked = key.leased.filter { $0 > sequence }
            key.leased.removeAll { $0 >= sequence }
            for back in isForwarded ? revoked : [sequence] + revoked {
                let index = OrderingKeys.position(of: back, in: key.queue) ?? key.queue.count
                if index < key.queue.count, key.queue[index] == back { continue }
                key.queue.insert(back, at: index)
                waiting += 1
            }
            if isBlocking { key.blockers += 1 }
        }
        return revoked
    }

    /// A message no longer keeps its key back.
    mutating func unblock(key number: Int32) {
        update(number) { key, _ in key.blockers -= 1 }
    }

    private mutating func number(of name: String) -> Int32 {
        if let number = numbers[name] { return number }
        // Numbers of keys that are in use are passed over when they wrap around.
        repeat { nextNumber = nextNumber == .max ? 0 : nextNumber + 1 } while keys[nextNumber] != nil
        numbers[name] = nextNumber
        return nextNumber
    }

    private mutating func take(from number: Int32, for consumer: UInt32, limit: Int, into taken: inout [UInt64]) {
        update(number) { key, waiting in
            key.holder = consumer
            while taken.count < limit, let sequence = key.queue.popFirst() {
                key.leased.append(sequence)
                taken.append(sequence)
                waiting -= 1
            }
        }
    }

    private mutating func update(_ number: Int32, _ body: (inout Key, inout Int) -> Void) {
        guard var key = keys[number] else { return }
        let holder = key.holder
        body(&key, &waiting)
        keys[number] = key
        if key.holder != holder || key.leased.isEmpty { forget(number, of: holder) }
        if key.isIdle {
            keys[number] = nil
            numbers[key.name] = nil
            forget(number, of: key.holder)
        } else {
            offer(number)
        }
    }

    /// Enters a key where `take` looks for it.
    private mutating func offer(_ number: Int32) {
        guard let key = keys[number], let first = key.queue.first, key.blockers == 0 else {
            if let key = keys[number] { forget(number, of: key.holder) }
            return
        }
        if key.leased.isEmpty {
            free.insert(Candidate(sequence: first, key: number))
        } else {
            continuing[key.holder, default: []].insert(number)
        }
    }

    private mutating func forget(_ number: Int32, of consumer: UInt32) {
        guard continuing[consumer]?.remove(number) != nil, continuing[consumer]?.isEmpty == true else { return }
        continuing[consumer] = nil
    }

    /// Where in an ascending queue `sequence` stands or would stand.
    private static func position(of sequence: UInt64, in queue: Deque<UInt64>) -> Int? {
        var low = 0
        var high = queue.count
        while low < high {
            let middle = (low + high) / 2
            if queue[middle] < sequence { low = middle + 1 } else { high = middle }
        }
        return low < queue.count ? low : nil
    }
}
