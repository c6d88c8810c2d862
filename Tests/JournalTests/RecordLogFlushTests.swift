import Foundation
import Synchronization
import Testing

@testable import Journal

/// Counts flushes; the first one waits until it is let go.
private final class SlowDisk: DiskCalls {
    private let syncCount = Mutex(0)
    private let gate = DispatchSemaphore(value: 0)
    private let hasBegun: AsyncStream<Void>.Continuation
    let begun: AsyncStream<Void>

    init() { (begun, hasBegun) = AsyncStream.makeStream() }

    var syncs: Int { syncCount.withLock { $0 } }

    func letGo() { gate.signal() }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        SystemDiskCalls().write(descriptor, bytes, at: offset)
    }

    func sync(_ descriptor: Int32) -> Int {
        let isFirst = syncCount.withLock { count in
            count += 1
            return count == 1
        }
        if isFirst {
            hasBegun.finish()
            gate.wait()
        }
        return SystemDiskCalls().sync(descriptor)
    }
}

private final class Tally: Sendable {
    let count = Atomic(0)
}

@Suite struct RecordLogFlushTests {
    private let folder = TemporaryFolder()

    @Test func onlyWhoAsksForItWaitsForAFlush() async throws {
        let disk = SlowDisk()
        disk.letGo()
        let log = try RecordLog(path: folder.file("l"), durability: .written, calls: disk)
        try await log.append { $0.append([1]) }
        #expect(disk.syncs == 0)
        try await log.append { writer in
            writer.isFlushed = true
            writer.append([2])
        }
        #expect(disk.syncs == 1)
        // Nothing to write, and yet what came before is to be safe.
        try await log.sync()
        #expect(disk.syncs == 2)
        #expect(log.recordCount == 2)
    }

    @Test func whoAsksDuringAFlushSharesTheNext() async throws {
        let disk = SlowDisk()
        let log = try RecordLog(path: folder.file("l"), durability: .written, calls: disk)
        try await log.append { $0.append([0]) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await log.sync() }
            for await _ in disk.begun {}
            let submitted = Tally()
            for number in UInt8(1)...20 {
                group.addTask {
                    try await log.append { writer in
                        writer.isFlushed = true
                        writer.append([number])
                        submitted.count.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
            while submitted.count.load(ordering: .relaxed) < 20 { await Task.yield() }
            disk.letGo()
            try await group.waitForAll()
        }
        #expect(disk.syncs == 2)
        #expect(log.recordCount == 21)
    }

    @Test func aFailedFlushTakesTheRecordsBack() async throws {
        let disk = FailingDisk()
        let log = try RecordLog(path: folder.file("l"), durability: .written, calls: disk)
        try await log.append { $0.append([1]) }
        disk.failSync(EIO)
        let error = await #expect(throws: JournalError.self) {
            try await log.append { writer in
                writer.isFlushed = true
                writer.append([2])
            }
        }
        #expect(error?.code == .inputOutput)
        disk.failSync(nil)
        try await log.append { $0.append([3]) }
        var records: [[UInt8]] = []
        try RecordLog(path: folder.file("l")).forEach { records.append([UInt8]($0)) }
        #expect(records == [[1], [3]])
    }
}
