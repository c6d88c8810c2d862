import Journal
import Pipes
import Synchronization

/// What a subscription remembers on disk: which messages are settled.
///
/// Every acknowledgement appends the ranges that it settled; when the log has grown well beyond what it says, it is
/// replaced by its sum. Appends are handed to the kernel, not flushed: they survive the death of the process, while a
/// power cut may take the last seconds of them, and those messages are delivered again.
///
/// A record is a kind (1 byte) and base-128 numbers: `settled` (1): count of ranges, then of each the distance from the
/// end of the one before and the length; `snapshot` (2), which replaces everything before it: the floor, then the same.
final class CursorLog: Sendable {
    private enum Kind: UInt8 { case settled = 1, snapshot = 2 }

    private let log: RecordLog
    private let snapshotBytes = Mutex(0)
    private let isCompacting = Mutex(false)

    /// The log never gets smaller than this by compaction.
    private static let compactionThreshold = 256 * 1024

    init(path: String, calls: any DiskCalls) throws(JournalError) {
        // Whose it is, folder and file name say: one in another's place would settle what nobody has received.
        let owner = path.split(separator: "/").suffix(2).joined(separator: "/")
        log = try RecordLog(path: path, owner: owner, durability: .written, calls: calls)
    }

    var recovery: RecoveryReport { log.recovery }

    /// What is settled according to the log.
    func load() throws(JournalError) -> SettledSet {
        var settled = SettledSet(floor: 1)
        try log.forEach { payload throws(JournalError) in
            var reader = ByteReader(payload)
            switch reader.byte().flatMap(Kind.init(rawValue:)) {
            case .settled: break
            case .snapshot: settled = SettledSet(floor: reader.wideNumber() ?? 1)
            case nil: return
            }
            guard let ranges = CursorLog.ranges(&reader) else { return }
            for range in ranges { _ = settled.insert(range) }
        }
        return settled
    }

    /// What is to be written down.
    struct Settlement {
        var sequences: SequenceSet
        /// It is to survive a power cut, with everything before it, before the append returns.
        var isFlushed = false
    }

    /// Appends what `settle` returns. `settle` runs at once and under the log's lock, so that what it does to a
    /// subscription's state and what is written have one order. Who asks for a flush at one time shares one.
    func append(_ settle: () -> Settlement) async throws {
        try await log.append { writer in
            let settlement = settle()
            writer.isFlushed = settlement.isFlushed
            let ranges = settlement.sequences.ranges
            if !ranges.isEmpty { CursorLog.write(.settled, floor: nil, ranges: ranges, to: &writer) }
        }
    }

    /// Replaces the log by what `settled` returns, which runs as in `append`.
    func replace(_ settled: () -> SettledSet) async throws {
        var bytes = 0
        try await log.replace { writer in
            let settled = settled()
            bytes = CursorLog.write(
                .snapshot, floor: settled.floor, ranges: settled.rangesAboveFloor, to: &writer)
        }
        let written = bytes
        snapshotBytes.withLock { $0 = written }
    }

    /// Replaces the log by its sum when that is worth it.
    func compactIfGrown(_ settled: () -> SettledSet) async throws {
        let limit = max(CursorLog.compactionThreshold, 8 * snapshotBytes.withLock { $0 })
        guard log.byteCount > limit,
            isCompacting.withLock({ isCompacting in
                defer { isCompacting = true }
                return !isCompacting
            })
        else { return }
        defer { isCompacting.withLock { $0 = false } }
        try await replace(settled)
    }

    func close() async throws { try await log.close() }

    func delete() async throws { try await log.delete() }

    @discardableResult
    private static func write(
        _ kind: Kind, floor: UInt64?, ranges: [Range<UInt64>], to writer: inout RecordWriter
    ) -> Int {
        var count = 0
        // A number takes at most 10 bytes.
        writer.append(capacity: 21 + 20 * ranges.count) { room in
            var bytes = ByteWriter(room)
            bytes.byte(kind.rawValue)
            if let floor { bytes.number(floor) }
            bytes.number(ranges.count)
            var end: UInt64 = 0
            for range in ranges {
                bytes.number(range.lowerBound - end)
                bytes.number(range.upperBound - range.lowerBound)
                end = range.upperBound
            }
            count = bytes.count
            return count
        }
        return count
    }

    private static func ranges(_ reader: inout ByteReader) -> [Range<UInt64>]? {
        guard let count = reader.number() else { return nil }
        var ranges: [Range<UInt64>] = []
        var end: UInt64 = 0
        for _ in 0..<count {
            guard let distance = reader.wideNumber(), let length = reader.wideNumber() else { return nil }
            let (lower, overflow) = end.addingReportingOverflow(distance)
            let (upper, overflows) = lower.addingReportingOverflow(length)
            guard !overflow, !overflows else { return nil }
            ranges.append(lower..<upper)
            end = upper
        }
        return ranges
    }
}
