import Pipes
import Time

/// A reading step at work: its subscription, how far it is, and what it remembers.
struct Reader: Sendable {
    let step: Int
    let read: ReadMessages
    let source: any MessageSource
    var watermark: SourceWatermark
    /// Messages that are committed, but not yet known to be acknowledged on disk.
    var unacknowledged = SequenceSet()
    /// With `id_attribute`: the identifiers seen.
    var seen: SeenIdentifiers?

    /// Takes out messages whose identifier was seen before; one without an identifier is always new.
    mutating func deduplicate(_ messages: [IncomingMessage], at now: Timestamp) -> [IncomingMessage] {
        guard let attribute = read.idAttribute else { return messages }
        var seen = self.seen ?? SeenIdentifiers()
        // Not two copies, or every insertion would copy the set.
        self.seen = nil
        seen.forget(before: now)
        let fresh = messages.filter { message in
            message.attributes[attribute].map { seen.insert($0, at: now) } ?? true
        }
        self.seen = seen
        return fresh
    }
}
