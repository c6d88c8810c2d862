import Columnar
import Foundation
import GRDB
import Pipes
import Synchronization
import Testing
import Time

@testable import Warehouse

/// What a kill leaves behind is a copy of the files at that instant: they are taken at every instant that matters.
@Suite struct CrashTests {
    /// Copies the database and its log as they are, like the disk of a machine that was just switched off.
    private func snapshot(_ folder: TemporaryFolder) throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        for name in [DatabaseFile.name, DatabaseFile.name + "-wal"]
        where FileManager.default.fileExists(atPath: folder.file(name)) {
            try FileManager.default.copyItem(atPath: folder.file(name), toPath: copy.file(name))
        }
        return copy
    }

    @Test func afterEveryCommitTheFilesHoldExactlyTheCommittedEpochs() async throws {
        let folder = try TemporaryFolder()
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        for epoch in 1...12 as ClosedRange<UInt64> {
            try await store.commit(
                epoch, positions: ["Read": [UInt8(epoch)]], state: [StateKey(step: "s", key: [1]): [UInt8(epoch)]],
                [(.events, twoRows(("a", Int64(epoch)), ("b", Int64(epoch))))])
            let copy = try snapshot(folder)
            let again = try openStore(copy)
            let last = try #require(try await again.lastEpoch(of: "p"))
            #expect(last.epoch == epoch)
            #expect(last.positions == ["Read": [UInt8(epoch)]])
            #expect(last.state == [StateKey(step: "s", key: [1]): [UInt8(epoch)]])
            #expect(again.metrics.tables.first?.rows == Int64(epoch) * 2)
            // It goes on there as if nothing had happened.
            #expect(await warehouseError { try await again.commit(epoch) }?.code == .epochAlreadyCommitted)
            try await again.commit(epoch + 1, [(.events, twoRows(("c", 0)))])
            #expect(
                try reader(copy).table("SELECT count(*) FROM demo.events").rows == [[.integer(Int64(epoch) * 2 + 1)]])
        }
    }

    @Test func inTheMiddleOfACommitTheFilesHoldTheEpochBefore() async throws {
        let folder = try TemporaryFolder()
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, positions: ["Read": [1]], [(.events, twoRows(("a", 1)))])
        let plan = try WritePlan(table: .events, columns: TableSchema(fields: twoColumns), schema: twoSchema)
        let many = Batch(twoSchema, rows: (0..<20_000).map { [.string("row \($0) of many"), .int64(Int64($0))] })
        let copies = Copies()
        // More rows than the page cache holds: part of them is in the log before the commit.
        try await store.transaction { db in
            try db.run("PRAGMA cache_size = 20")
            try Checkpoints.store(
                EpochCommit(pipeline: "p", epoch: 2, positions: ["Read": [2]], state: [:], rows: []), at: start, db)
            copies.add(try snapshot(folder))
            var writer = RowWriter(plan)
            try writer.write(many, db)
            copies.add(try snapshot(folder))
            try Catalogue.addRows(many.count, bytes: writer.bytes, at: start, to: 1, db)
            copies.add(try snapshot(folder))
        } committed: {
        }
        let logs = try copies.all.map {
            try FileManager.default.attributesOfItem(atPath: $0.file(DatabaseFile.name + "-wal"))[.size] as? Int ?? 0
        }
        #expect(logs[1] > logs[0] + 300_000)
        for copy in copies.all {
            let again = try openStore(copy)
            #expect(try await again.lastEpoch(of: "p")?.positions == ["Read": [1]])
            #expect(again.metrics.tables.first?.rows == 1)
            try await again.commit(2, positions: ["Read": [2]], [(.events, many)])
            #expect(again.metrics.tables.first?.rows == 20_001)
        }
        let end = try snapshot(folder)
        let after = try openStore(end)
        #expect(try await after.lastEpoch(of: "p")?.epoch == 2)
        #expect(after.metrics.tables.first?.rows == 20_001)
    }

    @Test func aTornLogHoldsWholeEpochsOnly() async throws {
        let folder = try TemporaryFolder()
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        for epoch in 1...20 as ClosedRange<UInt64> {
            try await store.commit(epoch, [(.events, twoRows(("a", Int64(epoch))))])
        }
        let log = try Data(contentsOf: URL(fileURLWithPath: folder.file(DatabaseFile.name + "-wal")))
        var seen: Set<UInt64> = []
        for step in 0..<24 {
            let copy = try snapshot(folder)
            let size = log.count * (step + 1) / 25 + step
            try log.prefix(size).write(to: URL(fileURLWithPath: copy.file(DatabaseFile.name + "-wal")))
            guard let again = try? openStore(copy), again.metrics.tables.first != nil else { continue }
            let epoch = try await again.lastEpoch(of: "p")?.epoch ?? 0
            seen.insert(epoch)
            #expect(again.metrics.tables.first?.rows == Int64(epoch))
            #expect(
                try reader(copy).table("SELECT count(*), max(count) FROM demo.events").rows
                    == [[.integer(Int64(epoch)), epoch == 0 ? .null : .integer(Int64(epoch))]])
        }
        #expect(seen.count > 5)
    }

    @Test func whatWasKilledCanBeReadBeforeItIsStartedAgain() async throws {
        let folder = try TemporaryFolder()
        let store = try openStore(folder)
        try await store.declareDemo(["events": twoColumns])
        try await store.commit(1, [(.events, twoRows(("a", 1), ("b", 2)))])
        let copy = try snapshot(folder)
        #expect(try reader(copy).table("SELECT name FROM demo.events").rows == [[.text("a")], [.text("b")]])
    }

    private final class Copies: Sendable {
        private let folders = Mutex<[TemporaryFolder]>([])

        func add(_ folder: TemporaryFolder) { folders.withLock { $0.append(folder) } }

        var all: [TemporaryFolder] { folders.withLock { $0 } }
    }
}
