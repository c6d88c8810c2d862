import Foundation
import Testing

@testable import Journal

/// Folders from before journals had identities open and go on working.
@Suite struct OldFormatTests {
    private let folder = TemporaryFolder()

    private func payload(_ number: Int) -> [UInt8] { Array("record number \(number)".utf8) }

    private func open(segmentBytes: Int = 64 << 20, seed: UInt64 = 1) throws -> Journal {
        try Journal(
            folder: folder.path, owner: "1-orders", durability: .written, segmentBytes: segmentBytes,
            cache: noCache(), random: SplitMix(seed: seed))
    }

    /// Segments of the old format: the first has records 1 to `counts[0]`, and so on.
    private func writeOld(_ counts: [Int]) -> [String] {
        var next = 1
        return counts.map { count in
            let name = SegmentStore.name(ofSegment: UInt64(next))
            folder.write(RecordFiles.old((next..<next + count).map(payload), from: UInt64(next)), to: name)
            next += count
            return name
        }
    }

    @Test(arguments: [[0], [1], [5], [3, 4], [3, 4, 0], [1, 1, 1, 1]])
    func segmentsOfTheOldFormatAreReadAndTheNextOneIsNew(counts: [Int]) async throws {
        let names = writeOld(counts)
        let old = names.map { folder.bytes($0) }
        let total = counts.reduce(0, +)
        let journal = try open()
        #expect(journal.recovery.isClean)
        #expect(journal.nextSequence == UInt64(total) + 1)
        #expect(try payloads(journal) == (0..<total).map { payload($0 + 1) })
        #expect(try journal.payloadBytes(in: 1..<100) == (0..<total).reduce(0) { $0 + payload($1 + 1).count })
        for number in total + 1...total + 3 { #expect(try await journal.append(payload(number)) == UInt64(number)) }
        #expect(try payloads(journal) == (1...total + 3).map(payload))
        try await journal.close()

        let again = try open(seed: 2)
        #expect(again.recovery.isClean)
        #expect(try payloads(again) == (1...total + 3).map(payload))
        #expect(try await again.append(payload(total + 4)) == UInt64(total) + 4)
        #expect(try readAll(try open(), from: 3).map(\.1) == (3...total + 4).map(payload))
        // What was there is as it was, except for a segment without records, whose place the new one takes.
        for (index, name) in names.enumerated() where counts[index] > 0 { #expect(folder.bytes(name) == old[index]) }
        let newest = try #require(folder.names.last)
        #expect(newest == SegmentStore.name(ofSegment: UInt64(total) + 1))
        #expect(RecordFiles.header(of: folder.bytes(newest))?.isLegacy == false)
    }

    @Test func aTornTailOfTheOldFormatIsCutOff() async throws {
        let name = try #require(writeOld([4]).first)
        let whole = folder.bytes(name)
        for length in whole.count - 23..<whole.count {
            try folder.remove()
            folder.write(Array(whole[..<length]), to: name)
            let journal = try open()
            #expect(journal.recovery == RecoveryReport(truncatedBytes: length - (whole.count - 23)))
            #expect(try await journal.append(payload(4)) == 4)
            #expect(try payloads(try open()) == [1, 2, 3, 4].map(payload))
        }
    }

    /// Any byte of any of three segments, two of them old and one new: at most one record is lost, and it is named.
    @Test func aChangedByteInAFolderOfBothFormatsCostsNoMoreThanARecord() async throws {
        _ = writeOld([3, 3])
        let journal = try open()
        for number in 7...9 { try await journal.append(payload(number)) }
        try await journal.close()
        let files = folder.names.map { (name: $0, bytes: folder.bytes($0)) }
        #expect(files.count == 3)
        for (name, bytes) in files {
            let header = RecordFiles.header(of: bytes)?.byteCount ?? 0
            for offset in bytes.indices {
                var changed = bytes
                changed[offset] ^= 0x41
                folder.write(changed, to: name)
                let journal = try open(seed: 9)
                let found = try readAll(journal)
                let lost = Set(1...9 as ClosedRange<UInt64>).subtracting(found.map(\.0))
                #expect(found.map(\.1) == found.map { payload(Int($0.0)) })
                // What stood at the very end has been cut off.
                let within = lost.filter { $0 < journal.nextSequence }
                #expect(Set(journal.damage.flatMap { Array($0.sequences) }) == within, "\(name), offset \(offset)")
                #expect(journal.recovery.truncatedBytes > 0 || within == lost)
                #expect(lost.count == (offset < header ? 0 : 1), "\(name), offset \(offset)")
                #expect(journal.recovery.setAside.isEmpty)
                for file in files { folder.write(file.bytes, to: file.name) }
            }
        }
    }

    @Test func aSegmentOfTheOldFormatBehindANewOneHasComeFromElsewhere() async throws {
        _ = writeOld([3])
        let journal = try open()
        try await journal.append([payload(4), payload(5)])
        try await journal.close()
        let stranger = RecordFiles.old([[1], [2]], from: 6)
        let name = SegmentStore.name(ofSegment: 6)
        folder.write(stranger, to: name)
        let again = try open()
        #expect(again.recovery.setAside == [folder.file(name + ".foreign-1")])
        #expect(folder.bytes(name + ".foreign-1") == stranger)
        #expect(try payloads(again) == (1...5).map(payload))
        #expect(try await again.append(payload(6)) == 6)
    }

    // MARK: Logs

    private func records(_ log: RecordLog) throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        try log.forEach { records.append([UInt8]($0)) }
        return records
    }

    @Test(arguments: [0, 1, 7]) func aLogOfTheOldFormatIsReadAndRewrittenByTheFirstAppend(count: Int) async throws {
        let written = (0..<count).map(payload)
        folder.write(RecordFiles.old(written), to: "log")
        let old = folder.bytes("log")
        let log = try RecordLog(path: folder.file("log"), owner: "3-sub", random: SplitMix(seed: 1))
        #expect(log.recovery.isClean)
        #expect(try records(log) == written)
        #expect(log.recordCount == count)
        // Reading leaves it as it is.
        #expect(folder.bytes("log") == old)
        try await log.append { $0.append([7]) }
        try await log.append { $0.append([8]) }
        #expect(try records(log) == written + [[7], [8]])
        #expect(log.recordCount == count + 2)
        #expect(RecordFiles.header(of: folder.bytes("log"))?.fits("3-sub") == true)
        let again = try RecordLog(path: folder.file("log"), owner: "3-sub")
        #expect(again.recovery.isClean)
        #expect(try records(again) == written + [[7], [8]])
        #expect(folder.names == ["log"])
    }

    @Test func aDamagedLogOfTheOldFormatKeepsItsSoundRecords() async throws {
        var bytes = RecordFiles.old((1...6).map(payload))
        bytes[8 + 2 * 23 + 12] ^= 1
        folder.write(bytes, to: "log")
        let log = try RecordLog(path: folder.file("log"))
        #expect(log.recovery.damage.map(\.sequences) == [3..<4])
        try await log.append { $0.append([7]) }
        let kept = [1, 2, 4, 5, 6].map(payload) + [[7]]
        #expect(try records(log) == kept)
        #expect(try records(RecordLog(path: folder.file("log"))) == kept)
    }

    @Test func aFullDiskLeavesALogOfTheOldFormatAsItIs() async throws {
        let written = (1...6).map(payload)
        folder.write(RecordFiles.old(written), to: "log")
        let disk = FailingDisk()
        let log = try RecordLog(path: folder.file("log"), calls: disk)
        for left in [0, 20, 50, 150] {
            disk.leave(left)
            await #expect(throws: JournalError.self) { try await log.append { $0.append([7]) } }
            #expect(folder.names == ["log"])
            #expect(folder.bytes("log") == RecordFiles.old(written))
        }
        disk.leave(.max)
        try await log.append { $0.append([8]) }
        #expect(try records(log) == written + [[8]])
        #expect(try records(RecordLog(path: folder.file("log"))) == written + [[8]])
    }
}
