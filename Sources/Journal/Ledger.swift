#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A small durable log of JSON records: how a service remembers its state. At start it `load`s the records and replays
/// them; then it `append`s one for every change, and `compact`s when the log has grown well beyond what the state
/// needs.
///
///     let ledger = try Ledger<JobChange>(path: "\(folder)/jobs.ledger")
///     for change in try ledger.load() { state.apply(change) }
///     try await ledger.append(.paused(job))
///
/// Order: records are kept in the order in which `append` and `compact` are called. Both take their place before they
/// first suspend, also when they are called from an actor; so change the state and call `append` without an `await`
/// between.
///
/// Make `Record` an enum or struct whose old JSON can be read for ever: add optional properties, rename nothing.
public final class Ledger<Record: Codable & Sendable>: Sendable {
    /// The file.
    public var path: String { log.path }
    /// What opening it found: how much of a torn tail was cut off, what cannot be read.
    public var recovery: RecoveryReport { log.recovery }
    /// Bytes on disk.
    public var byteCount: Int { log.byteCount }
    /// How many records it holds.
    public var recordCount: Int { log.recordCount }

    private let log: RecordLog

    /// Opens the ledger at `path`; the file and its folder are created with the first record.
    ///
    /// - Parameters:
    ///   - durability: `.synced`: an append returns when the record survives a power cut; `.written`: when it survives
    ///     the death of the process.
    ///   - random: draws the identity of a new ledger.
    public init(
        path: String, durability: Durability = .synced, calls: any DiskCalls = SystemDiskCalls(),
        random: some RandomNumberGenerator = SystemRandomNumberGenerator()
    ) throws(JournalError) {
        log = try RecordLog(path: path, durability: durability, calls: calls, random: random)
    }

    /// Every record on disk, oldest first. Throws `JournalError.Code.dataLoss`, with the record's number, when a record
    /// is no JSON of a `Record`.
    public func load() throws(JournalError) -> [Record] {
        let decoder = JSONDecoder()
        var records: [Record] = []
        try log.forEach { payload throws(JournalError) in
            do {
                records.append(try decoder.decode(Record.self, from: Data(payload)))
            } catch {
                throw JournalError(
                    .dataLoss,
                    "\(path): record \(records.count + 1) is not readable as \(Record.self): \(Self.reason(error)). "
                        + "Was the file written by a newer version? Move it away to start anew.")
            }
        }
        return records
    }

    /// Appends one record; returns when it is durable.
    public func append(_ record: Record, isolation: isolated (any Actor)? = #isolation) async throws {
        try await append([record])
    }

    /// Appends records, all or none; returns when they are durable.
    public func append(_ records: [Record], isolation: isolated (any Actor)? = #isolation) async throws {
        let payloads = try encode(records)
        try await log.append { writer in
            for payload in payloads { writer.append(payload) }
        }
    }

    /// Puts `records` in the place of everything appended so far; after a crash at any instant either the old records
    /// are there or these. Returns when they are durable.
    public func compact(to records: [Record], isolation: isolated (any Actor)? = #isolation) async throws {
        let payloads = try encode(records)
        try await log.replace { writer in
            for payload in payloads { writer.append(payload) }
        }
    }

    /// Waits for what has been appended, flushes it, and takes no more.
    public func close() async throws { try await log.close() }

    private func encode(_ records: [Record]) throws -> [[UInt8]] {
        let encoder = JSONEncoder()
        // The same state gives the same bytes.
        encoder.outputFormatting = .sortedKeys
        return try records.map { [UInt8](try encoder.encode($0)) }
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): context.debugDescription
        case .dataCorrupted(let context): context.debugDescription
        default: "\(error)"
        }
    }
}
