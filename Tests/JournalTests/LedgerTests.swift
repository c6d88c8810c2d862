import Journal
import Testing

@Suite struct LedgerTests {
    private struct Change: Codable, Sendable, Equatable {
        var name: String
        var count: Int?
    }

    private let folder = TemporaryFolder()

    @Test func anAbsentFileIsAnEmptyLedgerAndIsCreatedByTheFirstAppend() async throws {
        let ledger = try Ledger<Change>(path: folder.file("deep/down/state.ledger"))
        #expect(try ledger.load() == [])
        #expect(ledger.recovery.isClean)
        #expect(ledger.byteCount == 0)
        try await ledger.append(Change(name: "a"))
        #expect(try Ledger<Change>(path: folder.file("deep/down/state.ledger")).load() == [Change(name: "a")])
    }

    @Test func recordsComeBackInTheOrderOfTheAppends() async throws {
        let changes = (0..<50).map { Change(name: "n" + String($0), count: $0) }
        let ledger = try Ledger<Change>(path: folder.file("l"), durability: .written)
        for change in changes[..<10] { try await ledger.append(change) }
        try await ledger.append(Array(changes[10...]))
        #expect(try ledger.load() == changes)
        #expect(ledger.recordCount == 50)
        let reopened = try Ledger<Change>(path: folder.file("l"))
        #expect(try reopened.load() == changes)
        #expect(reopened.recordCount == 50)
        #expect(reopened.byteCount == ledger.byteCount)
    }

    @Test func compactingReplacesWhatWasThereAndAppendsGoOn() async throws {
        let ledger = try Ledger<Change>(path: folder.file("l"))
        for index in 0..<20 { try await ledger.append(Change(name: "old", count: index)) }
        let before = ledger.byteCount
        try await ledger.compact(to: [Change(name: "sum", count: 190)])
        #expect(ledger.byteCount < before)
        try await ledger.append(Change(name: "new"))
        let expected = [Change(name: "sum", count: 190), Change(name: "new")]
        #expect(try ledger.load() == expected)
        #expect(try Ledger<Change>(path: folder.file("l")).load() == expected)
        #expect(folder.names == ["l"])
    }

    @Test func compactingToNothingLeavesAnEmptyLedger() async throws {
        let ledger = try Ledger<Change>(path: folder.file("l"))
        try await ledger.append(Change(name: "x"))
        try await ledger.compact(to: [])
        #expect(try Ledger<Change>(path: folder.file("l")).load() == [])
    }

    @Test func aTornTailIsCutOffWhereverTheWriteEnded() async throws {
        let ledger = try Ledger<Change>(path: folder.file("l"))
        try await ledger.append([Change(name: "kept", count: 1), Change(name: "kept", count: 2)])
        let kept = ledger.byteCount
        try await ledger.append(Change(name: "torn", count: 3))
        let whole = folder.bytes("l")
        for end in kept..<whole.count {
            folder.write(Array(whole[..<end]), to: "torn")
            let torn = try Ledger<Change>(path: folder.file("torn"))
            #expect(torn.recovery.truncatedBytes == end - kept)
            #expect(try torn.load().map(\.count) == [1, 2])
            try await torn.append(Change(name: "after", count: 4))
            #expect(try Ledger<Change>(path: folder.file("torn")).load().map(\.count) == [1, 2, 4])
        }
    }

    @Test func aRecordOfAnotherShapeIsNamed() async throws {
        try await Ledger<[String: String]>(path: folder.file("l")).append(["nonsense": "x"])
        let error = #expect(throws: JournalError.self) {
            _ = try Ledger<Change>(path: folder.file("l")).load()
        }
        #expect(error?.code == .dataLoss)
        #expect(error?.message.contains("/l: record 1 is not readable as Change: 'name' is missing") == true)
    }

    private actor Owner {
        let ledger: Ledger<Change>
        var next = 0

        init(_ ledger: Ledger<Change>) { self.ledger = ledger }

        func change() async throws {
            next += 1
            try await ledger.append(Change(name: "c", count: next))
        }
    }

    @Test func appendsFromAnActorKeepTheOrderOfItsChanges() async throws {
        let ledger = try Ledger<Change>(path: folder.file("l"), durability: .written)
        let owner = Owner(ledger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<500 { group.addTask { try await owner.change() } }
            try await group.waitForAll()
        }
        #expect(try ledger.load().map(\.count) == Array(1...500))
    }

    @Test func aClosedLedgerRefusesAppends() async throws {
        let ledger = try Ledger<Change>(path: folder.file("l"))
        try await ledger.append(Change(name: "a"))
        try await ledger.close()
        let error = await #expect(throws: JournalError.self) { try await ledger.append(Change(name: "b")) }
        #expect(error?.code == .closed)
        #expect(try Ledger<Change>(path: folder.file("l")).load().count == 1)
    }
}
