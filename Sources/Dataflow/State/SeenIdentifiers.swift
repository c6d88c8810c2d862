import DequeModule
import Time

/// The message identifiers of the last ten minutes: what `id_attribute` deduplicates by.
///
/// Dataflow promises no more than that (its documentation of Pub/Sub: messages with the same identifier that are
/// published within ten minutes of each other). The clock counts, not event time.
struct SeenIdentifiers: Sendable {
    static let memory: Duration = .seconds(600)

    private var times: [String: Timestamp] = [:]
    /// Identifiers in the order in which they were first seen.
    private var order: Deque<String> = []
    /// What has changed since the last commit: nil for forgotten.
    private var changes: [String: Timestamp?] = [:]

    var count: Int { times.count }

    /// Bytes of the identifiers and their times.
    private(set) var bytes = 0

    /// Notes an identifier; false if it is a duplicate.
    mutating func insert(_ identifier: String, at now: Timestamp) -> Bool {
        if let seen = times[identifier], now < seen + Self.memory { return false }
        if times.updateValue(now, forKey: identifier) == nil { remember(identifier) }
        changes[identifier] = .some(now)
        return true
    }

    /// Drops what is too old to matter.
    mutating func forget(before now: Timestamp) {
        while let first = order.first, let seen = times[first], now >= seen + Self.memory {
            order.removeFirst()
            times[first] = nil
            bytes -= first.utf8.count + 8
            changes[first] = .some(nil)
        }
    }

    /// Hands out what is to be stored, by key; a nil value deletes.
    mutating func takeChanges() -> [[UInt8]: [UInt8]?] {
        defer { changes = [:] }
        var result: [[UInt8]: [UInt8]?] = [:]
        for (identifier, time) in changes {
            result[Array(identifier.utf8)] = .some(
                time.map { time in
                    var writer = ByteWriter()
                    writer.write(time.micros)
                    return writer.bytes
                })
        }
        return result
    }

    /// As it was stored, in any order.
    mutating func restore(_ stored: [(key: [UInt8], value: [UInt8])]) throws(StoredStateError) {
        var entries: [(identifier: String, time: Timestamp)] = []
        for (key, value) in stored {
            var reader = ByteReader(value)
            entries.append((String(decoding: key, as: UTF8.self), Timestamp(micros: try reader.signed())))
        }
        entries.sort { ($0.time, $0.identifier) < ($1.time, $1.identifier) }
        for (identifier, time) in entries {
            times[identifier] = time
            remember(identifier)
        }
    }

    private mutating func remember(_ identifier: String) {
        order.append(identifier)
        bytes += identifier.utf8.count + 8
    }
}
