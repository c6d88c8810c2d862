import Foundation
import Synchronization
import Testing

@testable import Journal

/// A disk with so many bytes left, and a switch that makes flushing fail.
final class FailingDisk: DiskCalls {
    private let room = Mutex(Int.max)
    private let syncError = Mutex<Int32?>(nil)

    func leave(_ bytes: Int) { room.withLock { $0 = bytes } }

    func failSync(_ number: Int32?) { syncError.withLock { $0 = number } }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        let taken = room.withLock { room -> Int in
            let taken = min(room, bytes.count)
            room -= taken
            return taken
        }
        guard taken > 0 || bytes.isEmpty else { return -Int(ENOSPC) }
        return SystemDiskCalls().write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<taken]), at: offset)
    }

    func sync(_ descriptor: Int32) -> Int {
        syncError.withLock { $0 }.map { -Int($0) } ?? SystemDiskCalls().sync(descriptor)
    }
}

@Suite struct JournalFailureTests {
    private let folder = TemporaryFolder()
    private let disk = FailingDisk()

    private func open() throws -> Journal {
        try Journal(folder: folder.file("j"), segmentBytes: 500, cache: noCache(), calls: disk)
    }

    @Test(arguments: [0, 1, 8, 57, 58, 59, 115]) func aFullDiskRefusesTheAppendAndKeepsTheJournalWhole(left: Int)
        async throws
    {
        let journal = try open()
        try await journal.append([1])
        let size = journal.byteCount
        disk.leave(left)
        let error = await #expect(throws: JournalError.self) {
            try await journal.append([[UInt8](repeating: 2, count: 50), [UInt8](repeating: 3, count: 50)])
        }
        #expect(error?.code == .noSpace)
        #expect(
            error?.message.contains("00000000000000000001.log: cannot write to it: No space left on device. Free")
                == true)
        #expect(journal.byteCount == size)
        #expect(folder.bytes("j/00000000000000000001.log").count == size)
        #expect(try payloads(journal) == [[1]])
        disk.leave(.max)
        #expect(try await journal.append([4]) == 2)
        let reopened = try open()
        #expect(reopened.recovery.isClean)
        #expect(try payloads(reopened) == [[1], [4]])
    }

    @Test func aFailedFlushTakesTheRecordsBack() async throws {
        let journal = try open()
        try await journal.append([1])
        disk.failSync(EIO)
        let error = await #expect(throws: JournalError.self) { try await journal.append([2]) }
        #expect(error?.code == .inputOutput)
        disk.failSync(nil)
        #expect(try await journal.append([3]) == 2)
        #expect(try payloads(try open()) == [[1], [3]])
    }

    @Test func aDiskThatIsFullWhenASegmentBeginsLeavesNoSegmentBehind() async throws {
        let journal = try open()
        try await journal.append([UInt8](repeating: 1, count: 600))
        disk.leave(4)
        await #expect(throws: JournalError.self) { try await journal.append([2]) }
        #expect(folder.names(in: "j") == ["00000000000000000001.log"])
        disk.leave(.max)
        #expect(try await journal.append([2]) == 2)
        #expect(try payloads(try open()) == [[UInt8](repeating: 1, count: 600), [2]])
    }

    @Test func everyAppendThatFailsTogetherThrowsAndTheNumbersGoOnWithoutAGap() async throws {
        let journal = try open()
        try await journal.append([0])
        for round in 1...20 {
            disk.leave(200)
            let results = await withTaskGroup(of: Range<UInt64>?.self) { group in
                for task in 0..<10 {
                    group.addTask { try? await journal.append([[UInt8](repeating: UInt8(task), count: 40 + round)]) }
                }
                return await group.reduce(into: [Range<UInt64>?]()) { $0.append($1) }
            }
            #expect(results.contains(nil))
            disk.leave(.max)
            let stored = try readAll(journal)
            #expect(stored.map(\.0) == Array(1..<journal.nextSequence))
            for range in results.compactMap({ $0 }) { #expect(range.upperBound <= journal.nextSequence) }
            #expect(try payloads(try open()) == stored.map(\.1))
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() async throws {
        folder.write([1], to: "file")
        let journal = try Journal(folder: folder.file("file/j"))
        let error = await #expect(throws: JournalError.self) { try await journal.append([1]) }
        #expect(error?.code == .inputOutput)
        #expect(error?.message.contains("file/j: cannot create it: Not a directory.") == true)
    }

    @Test(arguments: [
        (ENOSPC, JournalError.Code.noSpace), (EDQUOT, .noSpace), (EROFS, .readOnly), (EACCES, .noPermission),
        (EPERM, .noPermission), (EIO, .inputOutput),
    ]) func theOperatingSystemsReasonDecidesTheCode(number: Int32, code: JournalError.Code) {
        let error = JournalError("write to it", "/data/x", errno: number)
        #expect(error.code == code)
        #expect(error.message.hasPrefix("/data/x: cannot write to it: "))
    }

    @Test func aLedgerOnAFullDiskKeepsWhatItHas() async throws {
        let ledger = try Ledger<[Int]>(path: folder.file("l"), calls: disk)
        try await ledger.append([1, 2])
        disk.leave(5)
        await #expect(throws: JournalError.self) { try await ledger.append([3]) }
        disk.leave(5)
        await #expect(throws: JournalError.self) { try await ledger.compact(to: [[9]]) }
        disk.leave(.max)
        try await ledger.append([4])
        #expect(try ledger.load() == [[1, 2], [4]])
        #expect(try Ledger<[Int]>(path: folder.file("l")).load() == [[1, 2], [4]])
        #expect(folder.names == ["l"])
    }
}
