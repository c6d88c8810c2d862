import Foundation
import Testing

@testable import Journal

/// Random damage to a folder of segments and to a log: opening ends, says what it cut, invents nothing, and keeps every
/// record before the first byte that has changed. Among the records are such as carry records themselves, with the very
/// number that follows, and among the damage are files of other journals.
///
/// A quick run by default; `RECOVERY_FUZZ_SECONDS=3600 RECOVERY_FUZZ_SEED=7 swift test --filter RecoveryFuzzTests`
/// goes on for an hour, from seed 7.
@Suite struct RecoveryFuzzTests {
    @Test func whateverHappensToAJournalItOpensAndKeepsWhatIsBeforeTheDamage() async throws {
        try await FuzzRun(cases: 150).each { seed in
            var random = SplitMix(seed: seed)
            let folder = TemporaryFolder()
            let old = Bool.random(using: &random) ? 0 : Int.random(in: 1...60, using: &random)
            let written = (1...Int.random(in: 1...120, using: &random)).map { number in
                Self.payload(number, isOld: number <= old, &random)
            }
            let segmentBytes = [300, 2_000, 10_000].randomElement(using: &random) ?? 300
            try await Self.write(written, old: old, to: folder, segmentBytes: segmentBytes, &random)
            let kept = min(try Self.damage(folder, &random), written.count + 1)

            let journal = try Journal(
                folder: folder.path, owner: "ours", durability: .written, segmentBytes: segmentBytes, cache: noCache())
            let found = try readAll(journal)
            for (sequence, payload) in found {
                try #require(sequence <= written.count && payload == written[Int(sequence) - 1], "seed \(seed)")
            }
            let numbers = Set(found.map(\.0))
            let lost = Set(1..<UInt64(max(kept, 1))).subtracting(numbers)
            #expect(lost.isEmpty, "seed \(seed): \(lost.sorted()) of \(kept - 1) that no damage came near")
            // What is missing between the first and the last is named.
            let named = Set(journal.damage.flatMap { $0.sequences.clamped(to: 0..<1_000) })
            let all = (journal.firstSequence..<journal.nextSequence).clamped(to: 0..<1_000)
            let silent = Set(all).subtracting(numbers).subtracting(named)
            #expect(silent.isEmpty, "seed \(seed): \(silent.sorted()) are gone, and nothing says so")

            let next = journal.nextSequence
            #expect(try await journal.append([7, 7]) == next, "seed \(seed)")
            let again = try Journal(folder: folder.path, owner: "ours", durability: .written, cache: noCache())
            #expect(try again.record(next) == [7, 7], "seed \(seed)")
            #expect(try readAll(again).map(\.0) == found.map(\.0) + [next], "seed \(seed)")
        }
    }

    @Test func whateverHappensToALogItOpensAndKeepsWhatIsBeforeTheDamage() async throws {
        try await FuzzRun(cases: 150).each { seed in
            var random = SplitMix(seed: seed)
            let folder = TemporaryFolder()
            let old = Bool.random(using: &random) ? 0 : Int.random(in: 1...30, using: &random)
            let written = (1...Int.random(in: 1...60, using: &random)).map { number in
                Self.payload(number, isOld: number <= old, &random)
            }
            if old > 0 { folder.write(RecordFiles.old(Array(written.prefix(old))), to: "log") }
            let log = try Self.log(folder)
            for payload in written.dropFirst(old) { try await log.append { $0.append(payload) } }
            let kept = min(try Self.damage(folder, &random, name: "log"), written.count + 1)

            let damaged = try Self.log(folder)
            let found = try Self.records(damaged)
            #expect(found.starts(with: written.prefix(max(kept - 1, 0))), "seed \(seed)")
            var rest = found[...]
            for payload in written where rest.first == payload { rest.removeFirst() }
            #expect(rest.isEmpty, "seed \(seed): \(rest.count) records that nobody wrote, or out of order")
            if found.count < kept - 1 { #expect(!damaged.recovery.isClean, "seed \(seed)") }
            try await damaged.append { $0.append([9]) }
            #expect(try Self.records(Self.log(folder)) == found + [[9]], "seed \(seed)")
        }
    }

    private static func log(_ folder: TemporaryFolder) throws -> RecordLog {
        try RecordLog(path: folder.file("log"), owner: "ours", durability: .written)
    }

    private static func records(_ log: RecordLog) throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        try log.forEach { records.append([UInt8]($0)) }
        return records
    }

    /// Random, all zero, or such that it looks like records itself.
    ///
    /// - Parameter isOld: it is written in the old format, in which a record could be taken for another journal's.
    private static func payload(_ number: Int, isOld: Bool, _ random: inout SplitMix) -> [UInt8] {
        let count = [0, 1, 8, 30, 200, 5_000].randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return [UInt8](repeating: 0, count: count)
        case 1: return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        default:
            let key = isOld || Bool.random(using: &random) ? RecordKey.legacy : RecordKey(identity: random.next())
            let first = isOld ? number + 1 << 30 : number + Int.random(in: 0...2, using: &random)
            let inner = (0..<Int.random(in: 1...3, using: &random)).map { [1, 2, UInt8($0)] }
            return Array("\(number) ".utf8) + RecordFiles.records(inner, from: UInt64(first), key: key)
        }
    }

    /// The first `old` in segments of the old format; then some appends of one record, some of several.
    private static func write(
        _ payloads: [[UInt8]], old: Int, to folder: TemporaryFolder, segmentBytes: Int, owner: String = "ours",
        _ random: inout SplitMix
    ) async throws {
        var rest = payloads[...]
        while payloads.count - rest.count < old, !rest.isEmpty {
            let first = payloads.count - rest.count + 1
            let segment = rest.prefix(min(Int.random(in: 1...20, using: &random), old - first + 1))
            let name = SegmentStore.name(ofSegment: UInt64(first))
            folder.write(RecordFiles.old(Array(segment), from: UInt64(first)), to: name)
            rest = rest.dropFirst(segment.count)
        }
        let journal = try Journal(
            folder: folder.path, owner: owner, durability: .written, segmentBytes: segmentBytes, random: random)
        while !rest.isEmpty {
            let batch = rest.prefix(Int.random(in: 1...4, using: &random))
            try await journal.append(Array(batch))
            rest = rest.dropFirst(batch.count)
        }
        try await journal.close()
    }

    // MARK: Damage

    /// Hurts some files; returns the number of the first record that this may cost.
    private static func damage(
        _ folder: TemporaryFolder, _ random: inout SplitMix, name only: String? = nil
    ) throws -> Int {
        var first = Int.max
        let strange = stranger(&random)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard let name = only ?? folder.names.randomElement(using: &random) else { break }
            let bytes = folder.bytes(name)
            let base = only == nil ? Int(name.prefix(20)) ?? 1 : 1
            let kind = Int.random(in: 0..<(only == nil ? 10 : 7), using: &random)
            if kind == 6 {
                // Another's, in its place or, if it is a segment, under the number that is next.
                let isNew = only == nil && Bool.random(using: &random)
                let number = isNew ? Int(folder.names.last?.prefix(20) ?? "") ?? 1 : base
                let place = number + (isNew ? Int.random(in: 0...20, using: &random) : 0)
                folder.write(strange(place), to: only ?? SegmentStore.name(ofSegment: UInt64(place)))
                first = min(first, place)
                continue
            }
            if kind > 6 {
                first = min(first, try rearrange(folder, name, bytes, base, kind, &random))
                continue
            }
            guard !bytes.isEmpty else { continue }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            var changed = bytes
            switch kind {
            case 0: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: changed.removeSubrange(place...)
            case 2:
                // A page that was never written.
                let page = place / 4096 * 4096
                for index in page..<min(page + 4096, bytes.count) { changed[index] = 0 }
            case 3:
                let count = Int.random(in: 1...200, using: &random)
                changed.insert(
                    contentsOf: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, at: place)
            case 4:
                // A stretch of the file once more, or at its end.
                let stretch = bytes[place..<min(place + Int.random(in: 1...3_000, using: &random), bytes.count)]
                changed.insert(contentsOf: stretch, at: Bool.random(using: &random) ? place : bytes.count)
            default:
                changed.removeSubrange(place..<min(place + Int.random(in: 1...300, using: &random), bytes.count))
            }
            folder.write(changed, to: name)
            first = min(first, base + records(in: bytes, before: firstDifference(bytes, changed), base))
        }
        return first
    }

    /// Segments that change places, that are there twice, or not at all.
    private static func rearrange(
        _ folder: TemporaryFolder, _ name: String, _ bytes: [UInt8], _ base: Int, _ kind: Int,
        _ random: inout SplitMix
    ) throws -> Int {
        switch kind {
        case 7:
            guard let other = folder.names.randomElement(using: &random), other != name else { return .max }
            folder.write(folder.bytes(other), to: name)
            folder.write(bytes, to: other)
            return min(base, Int(other.prefix(20)) ?? 1)
        case 8:
            // Under a number within the journal, just behind it, or far away.
            let number =
                [Int.random(in: 1...150, using: &random), 1 << 40 + 7_654_321].randomElement(using: &random) ?? 1
            folder.write(bytes, to: SegmentStore.name(ofSegment: UInt64(number)))
            return number
        default:
            try FileManager.default.removeItem(atPath: folder.file(name))
            return base
        }
    }

    /// What a segment of somebody else's journal would be that begins with a number.
    private static func stranger(_ random: inout SplitMix) -> (Int) -> [UInt8] {
        let header = FileHeader.drawn(owner: "theirs", using: &random)
        let count = Int.random(in: 1...40, using: &random)
        return { place in
            header.bytes
                + RecordFiles.records(
                    (0..<count).map { Array("stranger \($0)".utf8) }, from: UInt64(place), key: header.key)
        }
    }

    private static func firstDifference(_ a: [UInt8], _ b: [UInt8]) -> Int {
        zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(a.count, b.count)
    }

    /// How many records stand whole before an offset.
    private static func records(in bytes: [UInt8], before offset: Int, _ base: Int) -> Int {
        bytes.withUnsafeBytes { raw in
            let isOld = bytes.starts(with: FileHeader.legacyMagic)
            var (count, place) = (0, isOld ? FileHeader.legacyMagic.count : FileHeader.byteCount)
            // Where the header has changed, the records still are what they were.
            let limit = offset < place ? place : offset
            while case .record(_, let end) = Frame.read(raw, at: place, sequence: UInt64(base + count), key: nil),
                end <= limit
            {
                (count, place) = (count + 1, end)
            }
            return count
        }
    }
}

/// Cases by their seeds: so many, or as long as the environment says.
private struct FuzzRun {
    private let first: UInt64
    private let cases: Int
    private let seconds: Double?

    init(cases: Int) {
        let environment = ProcessInfo.processInfo.environment
        first = environment["RECOVERY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        seconds = environment["RECOVERY_FUZZ_SECONDS"].flatMap { Double($0) }
        self.cases = cases
    }

    func each(_ body: (UInt64) async throws -> Void) async throws {
        let start = ContinuousClock.now
        var seed = first
        while seconds.map({ ContinuousClock.now - start < .seconds($0) }) ?? (seed < first + UInt64(cases)) {
            try await body(seed)
            seed += 1
        }
        if seconds != nil { print("\(seed - first) cases, from seed \(first) on") }
    }
}
