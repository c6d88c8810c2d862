import Foundation
import Testing

@testable import Journal

@Suite struct JournalRecoveryTests {
    private let folder = TemporaryFolder()
    private let first = "00000000000000000001.log"

    private func payload(_ number: Int) -> [UInt8] { Array("record number \(number)".utf8) }

    private func open(segmentBytes: Int = 64 << 20) throws -> Journal {
        try Journal(folder: folder.path, durability: .written, segmentBytes: segmentBytes, cache: noCache())
    }

    /// A journal of records 1 to `count`, one append each; returns where each record begins and the last ends.
    private func fill(_ count: Int, segmentBytes: Int = 64 << 20) async throws -> [Int] {
        let journal = try open(segmentBytes: segmentBytes)
        var ends = [FileHeader.byteCount]
        for number in 1...count {
            try await journal.append(payload(number))
            ends.append(journal.byteCount)
        }
        return ends
    }

    @Test func aTailTornAtAnyByteIsCutOffAndReported() async throws {
        let ends = try await fill(4)
        let whole = folder.bytes(first)
        for length in ends[3]..<ends[4] {
            folder.write(Array(whole[..<length]), to: first)
            let journal = try open()
            #expect(journal.recovery == RecoveryReport(truncatedBytes: length - ends[3]))
            #expect(journal.nextSequence == 4)
            #expect(folder.bytes(first).count == ends[3])
            #expect(try await journal.append([42]) == 4)
            #expect(try payloads(try open()) == [payload(1), payload(2), payload(3), [42]])
        }
    }

    @Test(arguments: [0, 1, 255] as [UInt8], [1, 7, 8, 100, 5000])
    func aTailOfOneByteValueIsCutOff(value: UInt8, count: Int) async throws {
        _ = try await fill(3)
        let whole = folder.bytes(first)
        folder.write(whole + [UInt8](repeating: value, count: count), to: first)
        let journal = try open()
        #expect(journal.recovery == RecoveryReport(truncatedBytes: count))
        #expect(folder.bytes(first) == whole)
        #expect(try payloads(journal).count == 3)
    }

    @Test(arguments: 0..<FileHeader.byteCount, [false, true])
    func aFileThatWasJustBeingCreatedIsEmpty(length: Int, blank: Bool) async throws {
        var random = SplitMix(seed: 1)
        let header = FileHeader.drawn(owner: nil, using: &random).bytes.prefix(length)
        folder.write(blank ? [UInt8](repeating: 0, count: length) : Array(header), to: first)
        let journal = try open()
        // With one copy of its own the header is whole.
        let isWhole = !blank && length >= FileHeader.byteCount - 16
        #expect(journal.recovery == RecoveryReport(truncatedBytes: isWhole ? 0 : length))
        #expect(folder.bytes(first).count == FileHeader.byteCount)
        #expect(try await journal.append(payload(1)) == 1)
        #expect(try payloads(try open()) == [payload(1)])
    }

    @Test func aFileThatIsNoSegmentIsSetAsideNotDeleted() async throws {
        var random = SplitMix(seed: 1)
        let garbage = (0..<10_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        folder.write(garbage, to: first)
        let journal = try open()
        #expect(journal.recovery.setAside == [folder.file(first + ".damaged-1")])
        #expect(folder.bytes(first + ".damaged-1") == garbage)
        #expect(try await journal.append(payload(1)) == 1)
        #expect(try payloads(try open()) == [payload(1)])
    }

    @Test func garbageAfterSoundSegmentsCostsOnlyItself() async throws {
        _ = try await fill(10, segmentBytes: 60)
        let last = try #require(folder.names.last)
        let number = try #require(UInt64(last.prefix(20)))
        folder.write(Array("what is this?".utf8), to: last)
        let journal = try open(segmentBytes: 60)
        #expect(journal.recovery.setAside.count == 1)
        #expect(try await journal.append([5]) == number)
        #expect(try readAll(journal).map(\.0) == Array(1...number))
    }

    @Test func otherFilesInTheFolderAreLeftAlone() async throws {
        _ = try await fill(2)
        folder.write([1, 2, 3], to: "notes.txt")
        folder.write([1, 2, 3], to: "1.log")
        #expect(try payloads(try open()) == [payload(1), payload(2)])
        #expect(folder.names == [first, "1.log", "notes.txt"])
    }

    /// One byte of record 5 of 9 changed, at any place: only that record is lost, it is named, and appends go on.
    @Test func aChangedByteInTheMiddleOfTheNewestSegmentCostsOneRecord() async throws {
        let ends = try await fill(9)
        let whole = folder.bytes(first)
        for offset in ends[4]..<ends[5] {
            var changed = whole
            changed[offset] ^= 0x41
            folder.write(changed, to: first)
            let journal = try open()
            let damage = Damage(
                file: folder.file(first), offset: ends[4], byteCount: ends[5] - ends[4], sequences: 5..<6)
            #expect(journal.recovery == RecoveryReport(damage: [damage]), "offset \(offset)")
            #expect(journal.damage == [damage])
            #expect(try readAll(journal).map(\.0) == [1, 2, 3, 4, 6, 7, 8, 9])
            #expect(try await journal.append(payload(10)) == 10)
            #expect(try readAll(try open(), from: 4).map(\.1) == [4, 6, 7, 8, 9, 10].map(payload))
        }
    }

    /// The same in an older segment: found when it is read, not when the journal is opened.
    @Test func aChangedByteInAnOlderSegmentCostsOneRecord() async throws {
        _ = try await fill(30, segmentBytes: 110)
        let journal = try open(segmentBytes: 110)
        let second = journal.segmentStarts[1]
        let third = journal.segmentStarts[2]
        let name = SegmentStore.name(ofSegment: second)
        let whole = folder.bytes(name)
        let expected = try readAll(journal).map(\.0)
        for offset in 0..<whole.count {
            var changed = whole
            changed[offset] ^= 0x41
            folder.write(changed, to: name)
            let journal = try open(segmentBytes: 110)
            #expect(journal.recovery.isClean)
            let found = try readAll(journal)
            let lost = Set(expected).subtracting(found.map(\.0))
            if offset < FileHeader.byteCount {
                // The header tells nothing that the records do not.
                #expect(lost.isEmpty)
                continue
            }
            #expect(lost.count == 1, "offset \(offset)")
            #expect(lost.allSatisfy { second <= $0 && $0 < third })
            #expect(journal.damage.map(\.file) == [folder.file(name)])
            #expect(journal.damage.map { Set($0.sequences) } == [lost])
            #expect(found.map(\.1) == found.map { payload(Int($0.0)) })
            let one = try #require(lost.first)
            #expect(try journal.record(one) == nil)
            #expect(try journal.record(one + 1) == payload(Int(one + 1)))
        }
    }

    @Test func anOlderSegmentThatIsCutShortOrMissingCostsWhatItHeld() async throws {
        _ = try await fill(30, segmentBytes: 110)
        let starts = try open(segmentBytes: 110).segmentStarts
        let name = SegmentStore.name(ofSegment: starts[1])
        folder.write(Array(folder.bytes(name).prefix(80)), to: name)
        try FileManager.default.removeItem(atPath: folder.file(SegmentStore.name(ofSegment: starts[3])))
        let journal = try open(segmentBytes: 110)
        let found = Set(try readAll(journal).map(\.0))
        let lost = Set(UInt64(1)...30).subtracting(found)
        #expect(lost.isSuperset(of: starts[3]..<starts[4]))
        #expect(lost.contains(starts[2] - 1))
        #expect(!lost.contains(starts[1]))
        #expect(Set(journal.damage.flatMap { Array($0.sequences) }) == lost)
    }

    @Test func aSegmentDeletedWhileTheJournalIsOpenIsALossAndNoObstacle() async throws {
        _ = try await fill(30, segmentBytes: 110)
        let journal = try open(segmentBytes: 110)
        let starts = journal.segmentStarts
        try FileManager.default.removeItem(atPath: folder.file(SegmentStore.name(ofSegment: starts[1])))
        #expect(try readAll(journal).map(\.0) == Array(1..<starts[1]) + Array(starts[2]...30))
        #expect(journal.damage.map(\.sequences) == [starts[1]..<starts[2]])
    }

    /// Whatever happens to the bytes: opening and reading end, and what is read was written.
    @Test(arguments: 0..<120 as Range<UInt64>) func randomDamageNeverInventsARecord(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        let written = (1...40).map { number in
            (0..<Int.random(in: 0...60, using: &random)).map { UInt8(truncatingIfNeeded: $0 * number) }
        }
        let journal = try Journal(folder: folder.path, durability: .written, segmentBytes: 700)
        for payload in written { try await journal.append(payload) }
        try await journal.close()
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let name = try #require(folder.names.randomElement(using: &random))
            var bytes = folder.bytes(name)
            guard !bytes.isEmpty else { continue }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(place...)
            case 2: for index in place..<min(place + 50, bytes.count) { bytes[index] = 0 }
            default: bytes.insert(contentsOf: [1, 2, 3], at: place)
            }
            folder.write(bytes, to: name)
        }
        let damaged = try open(segmentBytes: 700)
        for (sequence, payload) in try readAll(damaged) {
            #expect(payload == written[Int(sequence) - 1])
        }
        let next = damaged.nextSequence
        #expect(next <= 41)
        #expect(try await damaged.append([1]) == next)
        #expect(try open(segmentBytes: 700).record(next) == [1])
    }

    /// A process that dies at any instant leaves a prefix of what it wrote: every acknowledged record is in it.
    @Test(arguments: 0..<30 as Range<UInt64>) func whateverWasAcknowledgedSurvivesACrash(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        var expected: [[UInt8]] = []
        for _ in 0..<8 {
            let journal = try open(segmentBytes: 2_000)
            #expect(try payloads(journal) == expected)
            for _ in 0..<Int.random(in: 1...10, using: &random) {
                let batch = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    [UInt8](
                        repeating: UInt8.random(in: 0...255, using: &random),
                        count: Int.random(in: 0...300, using: &random))
                }
                try await journal.append(batch)
                expected += batch
            }
            // The next append gets no further than some of its bytes.
            let name = try #require(folder.names.last)
            let sound = folder.bytes(name)
            try await journal.append((0..<3).map { [UInt8](repeating: UInt8($0), count: 50) })
            guard folder.names.last == name else {
                // They began a new segment: all of them count.
                expected += (0..<3).map { [UInt8](repeating: UInt8($0), count: 50) }
                continue
            }
            let whole = folder.bytes(name)
            let length = Int.random(in: sound.count...whole.count, using: &random)
            folder.write(Array(whole[..<length]), to: name)
            expected += (0..<(length - sound.count) / 58).map { [UInt8](repeating: UInt8($0), count: 50) }
        }
    }
}

/// A small seeded generator, so that a failing case can be run again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
