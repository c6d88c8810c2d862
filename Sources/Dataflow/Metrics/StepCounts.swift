/// What a step has done: of one pass, or of all time. Stored with every epoch, so that a restart counts on.
struct StepCounts: Sendable, Hashable {
    var elementsIn: Int64 = 0
    var elementsOut: Int64 = 0
    /// Elements that went to the error output or the dead letters.
    var rejected: Int64 = 0
    /// Elements dropped because their window had closed.
    var late: Int64 = 0
    /// Messages dropped because their identifier was seen before.
    var duplicates: Int64 = 0
    /// Messages whose time attribute was missing or unreadable.
    var unreadableTimestamps: Int64 = 0
    /// Microseconds of the clock spent working.
    var busy: Int64 = 0

    static func += (a: inout StepCounts, b: StepCounts) {
        for field in fields { a[keyPath: field] += b[keyPath: field] }
    }

    private static var fields: [WritableKeyPath<StepCounts, Int64>] {
        [\.elementsIn, \.elementsOut, \.rejected, \.late, \.duplicates, \.unreadableTimestamps, \.busy]
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        for field in Self.fields { writer.write(self[keyPath: field]) }
        return writer.bytes
    }

    init() {}

    init(decoding bytes: [UInt8]) throws(StoredStateError) {
        var reader = ByteReader(bytes)
        // A version that counts more starts the rest at zero.
        for field in Self.fields where !reader.isAtEnd { self[keyPath: field] = try reader.signed() }
    }
}
