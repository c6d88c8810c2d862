import Foundation
import Testing
import Time

@testable import SubwayApps

@Suite struct ReplayFeedTests {
    private let folder: TemporaryFolder
    private let data: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        data = try TemporaryFolder()
        for name in ["b.pb", "a.pb", "c.pb", "notes.txt", ".hidden.pb"] { try folder.write(Array(name.utf8), to: name) }
    }

    @Test func eachNewPollGetsTheNextRecordingAndARepeatedOneTheSame() async throws {
        let feed = try open()
        #expect(feed.count == 3)
        #expect(try await feed.answer(toPoll: "one") == recording("a.pb"))
        #expect(try await feed.answer(toPoll: "two") == recording("b.pb"))
        #expect(try await feed.answer(toPoll: "one") == recording("a.pb"))
        #expect(await feed.served == 2)
        #expect(await !feed.isUsedUp)
        #expect(try await feed.answer(toPoll: nil) == recording("c.pb"))
        #expect(await feed.isUsedUp)
        #expect(try await feed.answer(toPoll: nil) == .nothingNew)
        #expect(try await feed.answer(toPoll: "three") == .nothingNew)
        #expect(try await feed.answer(toPoll: "two") == recording("b.pb"))
    }

    @Test func aRestartGoesOnWhereTheLastRunStopped() async throws {
        let first = try open()
        _ = try await first.answer(toPoll: "one")
        _ = try await first.answer(toPoll: nil)
        try await first.close()

        let second = try open()
        #expect(await second.served == 2)
        #expect(try await second.answer(toPoll: "one") == recording("a.pb"))
        #expect(try await second.answer(toPoll: "two") == recording("c.pb"))
        try await second.close()

        let third = try open()
        #expect(await third.isUsedUp)
        #expect(try await third.answer(toPoll: "two") == recording("c.pb"))
        #expect(try await third.answer(toPoll: "three") == .nothingNew)
    }

    @Test func aDamagedLedgerIsNamedAndTheReplayGoesOn() async throws {
        let first = try open()
        #expect(first.problem == nil)
        for key in ["one", "two", "three"] { _ = try await first.answer(toPoll: key) }
        try await first.close()
        let path = data.path + "/replay.ledger"
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        let second = try open()
        let problem = try #require(second.problem)
        #expect(problem.hasPrefix("recordings may be served once more: \(path): record 2 is damaged"))
        #expect(await second.served == 2)
        #expect(try await second.answer(toPoll: "one") == recording("a.pb"))
        #expect(try await second.answer(toPoll: "two") == recording("b.pb"))
    }

    @Test func aRecordingAddedBetweenTwoRunsIsServedAndNothingMovesForOldPolls() async throws {
        let first = try open()
        for key in ["one", "two", "three"] { _ = try await first.answer(toPoll: key) }
        try await first.close()
        try folder.write([1], to: "aa.pb")
        let second = try open()
        #expect(await !second.isUsedUp)
        #expect(try await second.answer(toPoll: "two") == recording("b.pb"))
        #expect(try await second.answer(toPoll: "four") == .feed([1]))
        #expect(await second.isUsedUp)
    }

    @Test func anotherFoldersRecordingsAreNotMistakenForThese() async throws {
        let first = try open()
        _ = try await first.answer(toPoll: "one")
        try await first.close()
        let other = try TemporaryFolder()
        try other.write([7], to: "a.pb")
        let second = try ReplayFeed(folder: other.path, ledgerPath: data.path + "/replay.ledger")
        #expect(try await second.answer(toPoll: "one") == .feed([7]))
        try await second.close()
    }

    @Test func pollsAtTheSameTimeGetDifferentRecordings() async throws {
        let feed = try open()
        let answers = try await withThrowingTaskGroup(of: FeedAnswer.self) { group in
            for key in ["one", "two", "three"] { group.addTask { try await feed.answer(toPoll: key) } }
            return try await group.reduce(into: Set<FeedAnswer>()) { $0.insert($1) }
        }
        #expect(answers == [recording("a.pb"), recording("b.pb"), recording("c.pb")])
    }

    @Test func aRecordingThatHasGoneIsAnErrorThatNamesIt() async throws {
        let feed = try open()
        _ = try await feed.answer(toPoll: "one")
        try FileManager.default.removeItem(atPath: folder.path + "/a.pb")
        await #expect {
            try await feed.answer(toPoll: "one")
        } throws: { error in
            "\(error)".contains("a.pb cannot be read")
        }
    }

    @Test func theFirstHeaderTimeSkipsWhatCannotBeDecoded() async throws {
        let feed = try open()
        #expect(feed.firstHeaderTime() == nil)
        try folder.write(try SubwaySimulation().feed(at: Timestamp(seconds: 1_772_239_225)), to: "b.pb")
        #expect(feed.firstHeaderTime() == Timestamp(seconds: 1_772_239_225))
    }

    @Test func aFolderWithoutRecordingsIsRefused() throws {
        let empty = try TemporaryFolder()
        let ledger = data.path + "/replay.ledger"
        for (path, words) in [
            (empty.path, "has no .pb files"), (empty.path + "/none", "no such folder"),
            (folder.path + "/a.pb", "is a file"),
        ] {
            #expect {
                try ReplayFeed(folder: path, ledgerPath: ledger)
            } throws: { error in
                "\(error)".contains(words) && "\(error)".contains(path)
            }
        }
    }

    private func open() throws -> ReplayFeed {
        try ReplayFeed(folder: folder.path, ledgerPath: data.path + "/replay.ledger")
    }

    private func recording(_ name: String) -> FeedAnswer { .feed(Array(name.utf8)) }
}
