import Foundation
import Testing

@testable import Journal

/// Segments and records of other journals are neither read nor deleted.
@Suite struct JournalIdentityTests {
    private let folder = TemporaryFolder()
    private let elsewhere = TemporaryFolder()

    private func payload(_ number: Int, _ whose: String = "ours") -> [UInt8] { Array("\(whose) \(number)".utf8) }

    private func open(
        _ folder: TemporaryFolder, owner: String?, segmentBytes: Int = 80, seed: UInt64 = 100
    ) throws -> Journal {
        try Journal(
            folder: folder.path, owner: owner, durability: .written, segmentBytes: segmentBytes, cache: noCache(),
            random: SplitMix(seed: seed))
    }

    /// A journal of records 1 to `count`, three in each segment.
    private func fill(
        _ folder: TemporaryFolder, owner: String?, count: Int, whose: String, seed: UInt64
    ) async throws {
        let journal = try open(folder, owner: owner, seed: seed)
        for number in 1...count { try await journal.append(payload(number, whose)) }
        try await journal.close()
    }

    private func name(_ sequence: UInt64) -> String { SegmentStore.name(ofSegment: sequence) }

    @Test func theSameGeneratorGivesTheSameBytes() async throws {
        try await fill(folder, owner: "a", count: 7, whose: "same", seed: 8)
        try await fill(elsewhere, owner: "a", count: 7, whose: "same", seed: 8)
        #expect(folder.names == elsewhere.names)
        for name in folder.names { #expect(folder.bytes(name) == elsewhere.bytes(name)) }
    }

    @Test func allSegmentsOfAJournalHaveItsIdentityAlsoAfterARestart() async throws {
        try await fill(folder, owner: "a", count: 4, whose: "ours", seed: 1)
        let journal = try open(folder, owner: "a", seed: 2)
        for number in 5...12 { try await journal.append(payload(number)) }
        let headers = folder.names.map { RecordFiles.header(of: folder.bytes($0)) }
        #expect(headers.count >= 3)
        #expect(Set(headers).count == 1)
        #expect(headers.first??.fits("a") == true)
    }

    /// Where another's segment is put among those that begin with 1, 4, 7 and 10, under the number it fits.
    struct Swap: CustomTestStringConvertible {
        let place: UInt64
        /// The topics' names; nil: nobody says.
        let owners: (ours: String?, theirs: String?)
        let count: Int
        var testDescription: String { "\(place) of \(count), \(owners.ours ?? "-") \(owners.theirs ?? "-")" }
    }

    static let swaps: [Swap] = [("1-a", "2-b"), ("1-a", "1-a"), (nil, nil), ("1-a", nil)].flatMap { owners in
        [
            Swap(place: 4, owners: owners, count: 12), Swap(place: 7, owners: owners, count: 12),
            Swap(place: 10, owners: owners, count: 12), Swap(place: 13, owners: owners, count: 12),
            Swap(place: 1, owners: owners, count: 12), Swap(place: 4, owners: owners, count: 3),
        ]
    }

    @Test(arguments: swaps) func aSegmentOfAnotherJournalIsSetAsideAndNamed(swap: Swap) async throws {
        try await fill(folder, owner: swap.owners.ours, count: swap.count, whose: "ours", seed: 1)
        try await fill(elsewhere, owner: swap.owners.theirs, count: 30, whose: "theirs", seed: 2)
        let foreign = elsewhere.bytes(name(swap.place))
        #expect(!foreign.isEmpty)
        folder.write(foreign, to: name(swap.place))
        let journal = try open(folder, owner: swap.owners.ours)
        let aside = name(swap.place) + ".foreign-1"
        #expect(journal.recovery.setAside == [folder.file(aside)])
        #expect(folder.bytes(aside) == foreign)

        let replaced = swap.place..<swap.place + 3
        let expected = (1...swap.count).filter { !replaced.contains(UInt64($0)) }
        let found = try readAll(journal)
        #expect(found.map(\.1) == expected.map { payload($0) })
        #expect(found.map(\.0) == expected.map { UInt64($0) })
        // What is missing in between is named when it is come upon.
        let missing = Set((journal.firstSequence..<journal.nextSequence)).subtracting(found.map(\.0))
        #expect(Set(journal.damage.flatMap { Array($0.sequences) }) == missing)
        let next = journal.nextSequence
        #expect(try await journal.append(payload(99)) == next)
        let again = try open(folder, owner: swap.owners.ours)
        #expect(again.recovery.isClean)
        #expect(try readAll(again).map(\.1) == expected.map { payload($0) } + [payload(99)])
        #expect(folder.bytes(aside) == foreign)
    }

    /// The only segment there is: whose it should be says nobody but the owner's name.
    @Test func anOnlySegmentOfAnotherOwnerIsSetAsideAndItsNumberIsKept() async throws {
        try await fill(elsewhere, owner: "2-b", count: 6, whose: "theirs", seed: 2)
        folder.write(elsewhere.bytes(name(4)), to: name(4))
        let journal = try open(folder, owner: "1-a")
        #expect(journal.recovery.setAside == [folder.file(name(4) + ".foreign-1")])
        #expect(try payloads(journal).isEmpty)
        #expect(try await journal.append(payload(1)) == 4)
        #expect(try payloads(try open(folder, owner: "1-a")) == [payload(1)])
        #expect(folder.bytes(name(4) + ".foreign-1") == elsewhere.bytes(name(4)))
    }

    @Test func foreignFilesOfOneNameAreAllKept() async throws {
        try await fill(elsewhere, owner: "2-b", count: 3, whose: "theirs", seed: 2)
        for round in 1...3 {
            folder.write(elsewhere.bytes(name(1)), to: name(1))
            let journal = try open(folder, owner: "1-a")
            #expect(journal.recovery.setAside == [folder.file(name(1) + ".foreign-\(round)")])
        }
        #expect(folder.names.count == 3)
    }

    // MARK: Records inside messages

    /// Records that a message may carry in place of record 3, and whether they would be taken.
    struct Embedded: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let key: @Sendable (FileHeader) -> RecordKey
        let isTaken: Bool
    }

    static let embedded = [
        Embedded(testDescription: "of the old format", key: { _ in .legacy }, isTaken: false),
        Embedded(
            testDescription: "of another journal", key: { RecordKey(identity: $0.identity &+ 0x1_0000_0001) },
            isTaken: false),
        Embedded(
            testDescription: "of a journal that differs in one bit", key: { RecordKey(identity: $0.identity ^ 2) },
            isTaken: false),
        // Only with the identity itself, which nobody is told: that the others can be told from this is the point.
        Embedded(testDescription: "of this very journal", key: { $0.key }, isTaken: true),
    ]

    /// Record 2 carries records 3 and 4, at its end or in the middle; then its beginning is damaged.
    @Test(arguments: embedded, [0, 40]) func aRecordInsideAMessageIsNoRecord(embedded: Embedded, behind: Int)
        async throws
    {
        var random = SplitMix(seed: 100)
        let header = FileHeader.drawn(owner: "1-a", using: &random)
        let fakes = RecordFiles.records([[1], [2]], from: 3, key: embedded.key(header))
        let carrier = Array("look: ".utf8) + fakes + [UInt8](repeating: 0x55, count: behind)
        for isLast in [true, false] {
            let folder = TemporaryFolder()
            let journal = try open(folder, owner: "1-a", segmentBytes: 64 << 20)
            try await journal.append(payload(1))
            let start = journal.byteCount
            try await journal.append(carrier)
            if !isLast { try await journal.append([payload(3), payload(4)]) }
            try await journal.close()
            let whole = folder.bytes(name(1))
            #expect(RecordFiles.header(of: whole) == header)
            var isTaken = false
            for offset in start..<start + 8 + 6 {
                var changed = whole
                changed[offset] ^= 0x81
                folder.write(changed, to: name(1))
                let found = try payloads(try open(folder, owner: "1-a"))
                isTaken = isTaken || found.contains([1]) || found.contains([2])
                if !embedded.isTaken {
                    #expect(found == [payload(1)] + (isLast ? [] : [payload(3), payload(4)]), "offset \(offset)")
                }
            }
            #expect(isTaken == embedded.isTaken)
        }
    }

    // MARK: Damaged headers

    /// Any byte, one copy, both copies, a page: what of a journal of four segments is still read.
    @Test(arguments: [0, 3, 9] as [UInt64]) func aDamagedHeaderCostsNothingWhileAnotherSegmentHasIt(segment: UInt64)
        async throws
    {
        try await fill(folder, owner: "1-a", count: 12, whose: "ours", seed: 1)
        let name = name(segment + 1)
        let whole = folder.bytes(name)
        for range in [0..<8, 8..<24, 24..<40, 0..<24, 0..<40] {
            var changed = whole
            for offset in range { changed[offset] = 0 }
            folder.write(changed, to: name)
            let journal = try open(folder, owner: "1-a")
            #expect(journal.recovery.isClean, "\(range)")
            #expect(try payloads(journal) == (1...12).map { payload($0) }, "\(range)")
        }
        // The first record, too.
        var changed = whole
        for offset in 0..<44 { changed[offset] = 0 }
        folder.write(changed, to: name)
        let journal = try open(folder, owner: "1-a")
        #expect(try readAll(journal).map(\.0) == (1...12).filter { $0 != segment + 1 })
        #expect(journal.damage.map(\.sequences) == [segment + 1..<segment + 2])
        #expect(try await journal.append(payload(13)) == 13)
    }

    @Test func withoutAnotherSegmentOneCopyOfTheHeaderIsEnoughAndWithoutAnyTheFileIsSetAside() async throws {
        try await fill(folder, owner: "1-a", count: 2, whose: "ours", seed: 1)
        let whole = folder.bytes(name(1))
        for range in [0..<8, 8..<24, 24..<40, 0..<24, 20..<40] {
            var changed = whole
            for offset in range { changed[offset] ^= 0xFF }
            folder.write(changed, to: name(1))
            let journal = try open(folder, owner: "1-a")
            #expect(journal.recovery.isClean == (range != 20..<40), "\(range)")
            #expect(try payloads(journal) == (range == 20..<40 ? [] : [payload(1), payload(2)]), "\(range)")
        }
        #expect(folder.names == [name(1) + ".damaged-1"])
    }

    /// A foreign segment does not become ours by losing its header.
    @Test func aSegmentOfAnotherJournalWithoutAHeaderIsNotRead() async throws {
        for place in [1, 4, 10, 13] as [UInt64] {
            let (folder, elsewhere) = (TemporaryFolder(), TemporaryFolder())
            try await fill(folder, owner: "1-a", count: 12, whose: "ours", seed: 1)
            try await fill(elsewhere, owner: "2-b", count: 30, whose: "theirs", seed: 2)
            var foreign = elsewhere.bytes(name(place))
            for offset in 0..<40 { foreign[offset] = 0 }
            folder.write(foreign, to: name(place))
            let journal = try open(folder, owner: "1-a")
            let replaced = place..<place + 3
            let expected = (1...12).filter { !replaced.contains($0) }
            #expect(try readAll(journal).map(\.0) == expected, "\(place)")
            #expect(try await journal.append(payload(1)) >= UInt64(10))
            #expect(try readAll(try open(folder, owner: "1-a")).dropLast().map(\.0) == expected)
        }
    }

    // MARK: Logs

    private func records(_ log: RecordLog) throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        try log.forEach { records.append([UInt8]($0)) }
        return records
    }

    @Test(
        arguments: [
            ("1-a", "1-a", true), ("1-a", "2-b", false), ("1-a", nil, true), (nil, "1-a", false), (nil, nil, true),
        ] as [(String?, String?, Bool)])
    func aLogOfAnotherOwnerIsSetAsideAndKept(writer: String?, reader: String?, isRead: Bool) async throws {
        let log = try RecordLog(path: folder.file("log"), owner: writer, random: SplitMix(seed: 1))
        try await log.append { $0.append([1, 2]) }
        try await log.append { $0.append([3]) }
        try await log.close()
        let bytes = folder.bytes("log")
        let read = try RecordLog(path: folder.file("log"), owner: reader, random: SplitMix(seed: 2))
        #expect(try records(read) == (isRead ? [[1, 2], [3]] : []))
        #expect(read.recovery.setAside == (isRead ? [] : [folder.file("log.foreign-1")]))
        if !isRead { #expect(folder.bytes("log.foreign-1") == bytes) }
        try await read.append { $0.append([4]) }
        #expect(
            try records(RecordLog(path: folder.file("log"), owner: reader)) == (isRead ? [[1, 2], [3], [4]] : [[4]]))
    }

    @Test func aLogKeepsItsIdentityWhenItIsReplaced() async throws {
        let log = try RecordLog(path: folder.file("log"), owner: "1-a", random: SplitMix(seed: 1))
        try await log.append { $0.append([1]) }
        let header = RecordFiles.header(of: folder.bytes("log"))
        try await log.replace { $0.append([2]) }
        try await log.append { $0.append([3]) }
        #expect(RecordFiles.header(of: folder.bytes("log")) == header)
        #expect(try records(RecordLog(path: folder.file("log"), owner: "1-a")) == [[2], [3]])
    }
}
