import Synchronization

/// One of the 64 parts of a step's keyed state: what moves when workers come and go.
///
/// In a round only one worker touches it, so the lock is never waited for; it is there so that the compiler can see it.
final class KeyGroup: Sendable {
    /// How many there are, whatever the number of workers.
    static let count = 64

    let table: Mutex<WindowTable>

    init(_ table: consuming WindowTable) { self.table = Mutex(table) }

    /// The key group of a key with this hash.
    static func number(of word: UInt64) -> Int { Int(truncatingIfNeeded: word % UInt64(count)) }
}
