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
    /// The mean size of the last messages pulled; big until there are some.
    private var messageBytes = 65_536

    init(
        step: Int, read: ReadMessages, source: any MessageSource, watermark: SourceWatermark,
        unacknowledged: SequenceSet
    ) {
        self.step = step
        self.read = read
        self.source = source
        self.watermark = watermark
        self.unacknowledged = unacknowledged
    }

    /// At most this many messages are pulled at once, so that a change of their size is noticed soon.
    static let maxPull = 8192

    /// How many messages to pull when an epoch has room for so many, and for so many bytes: at least one.
    func pullLimit(messages: Int, bytes: Int) -> Int { max(1, min(messages, bytes / messageBytes, Self.maxPull)) }

    /// Learns from what was pulled.
    mutating func notePull(messages: Int, bytes: Int) { messageBytes = max(64, bytes / max(1, messages)) }

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
