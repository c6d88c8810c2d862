import Foundation
import Journal
import Pipes
import Synchronization
import Testing
import Time

@testable import PubSub

/// A disk that can be told to be full, or to fail in another way.
private final class FullDisk: DiskCalls {
    let isFull = Atomic(false)
    private let reason: Int32

    init(reason: Int32 = ENOSPC) { self.reason = reason }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        isFull.load(ordering: .relaxed) ? -Int(reason) : SystemDiskCalls().write(descriptor, bytes, at: offset)
    }

    func sync(_ descriptor: Int32) -> Int { SystemDiskCalls().sync(descriptor) }
}

@Suite struct BrokerFailureTests {
    private let fixture = BrokerFixture()

    @Test func aFullDiskRefusesPublishesUntilThereIsRoom() async throws {
        let disk = FullDisk()
        let broker = try await fixture.openWithSubscription(calls: disk)
        try await broker.publish("a")
        disk.isFull.store(true, ordering: .relaxed)
        let error = await #expect(throws: PubSubError.self) { try await broker.publish("b") }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.message.contains("projects/p/topics/top: ") == true)
        #expect(error?.message.contains("No space left on device. Free some space on this disk") == true)
        guard case .resourceExhausted = broker.metrics.topics[0].health else {
            Issue.record("health is \(broker.metrics.topics[0].health)")
            return
        }
        // Reading goes on.
        let pulled = try broker.pull(subscription: "sub", limit: 10)
        #expect(pulled.map(\.message.text) == ["a"])
        let refused = await #expect(throws: PubSubError.self) {
            try await broker.acknowledge(pulled.map(\.ackID), subscription: "sub")
        }
        #expect(refused?.code == .resourceExhausted)
        await #expect(throws: PubSubError.self) { try await broker.createTopic(Topic(name: "new")) }
        disk.isFull.store(false, ordering: .relaxed)
        try await broker.createTopic(Topic(name: "new"))
        #expect(try await broker.publish("c") == [2])
        #expect(broker.metrics.topics.allSatisfy { $0.health == .ok })
        #expect(try broker.pullTexts() == ["c"])
    }

    /// A topic is not well because a small message finds room where a large one did not.
    @Test func aFullDiskIsToldOfUntilWhatWasRefusedWouldFit() async throws {
        let disk = FullDisk()
        let broker = try await fixture.openWithSubscription(calls: disk)
        func publish(_ bytes: Int) async throws {
            _ = try await broker.publish([OutgoingMessage(data: [UInt8](repeating: 1, count: bytes))], to: "top")
        }
        func isExhausted() -> Bool {
            if case .resourceExhausted = broker.metrics.topics[0].health { true } else { false }
        }
        func refuse(_ bytes: Int) async {
            disk.isFull.store(true, ordering: .relaxed)
            await #expect(throws: PubSubError.self) { try await publish(bytes) }
            disk.isFull.store(false, ordering: .relaxed)
            #expect(isExhausted())
        }
        await refuse(10_000)
        for _ in 0..<9 { try await publish(1000) }
        #expect(isExhausted())
        try await publish(1100)
        #expect(!isExhausted())
        await refuse(10_000)
        try await publish(10_000)
        #expect(!isExhausted())
        // Nobody may ever publish as much again: a minute without a refusal is enough.
        await refuse(10_000)
        fixture.clock.advance(by: .seconds(59))
        try await publish(1)
        #expect(isExhausted())
        fixture.clock.advance(by: .seconds(1))
        try await publish(1)
        #expect(!isExhausted())
    }

    @Test(arguments: [
        (EROFS, "Choose another data folder"), (EACCES, "Give this user access"), (EIO, "Check the disk"),
    ])
    func aFolderThatMayNotBeWrittenToIsUnavailableUntilItMay(reason: Int32, remedy: String) async throws {
        let disk = FullDisk(reason: reason)
        let broker = try await fixture.openWithSubscription(calls: disk)
        try await broker.publish("a")
        disk.isFull.store(true, ordering: .relaxed)
        let error = await #expect(throws: PubSubError.self) { try await broker.publish("b") }
        #expect(error?.code == .unavailable)
        #expect(error?.message.hasPrefix("projects/p/topics/top: ") == true)
        #expect(error?.message.contains(remedy) == true)
        #expect(broker.metrics.topics[0].health.description.hasPrefix("UNAVAILABLE: "))
        let pulled = try broker.pull(subscription: "sub", limit: 10)
        #expect(pulled.map(\.message.text) == ["a"])
        let refused = await #expect(throws: PubSubError.self) {
            try await broker.acknowledge(pulled.map(\.ackID), subscription: "sub")
        }
        #expect(refused?.code == .unavailable)
        disk.isFull.store(false, ordering: .relaxed)
        #expect(try await broker.publish("c") == [2])
        #expect(broker.metrics.topics[0].health == .ok)
        try await broker.shutDown()
        // What was acknowledged in vain comes again; what was refused was never there.
        #expect(try await fixture.open().pullTexts() == ["a", "c"])
    }

    @Test func damageCostsTheMessagesItHitsAndIsShown() async throws {
        let broker = try await fixture.openWithSubscription(segmentBytes: 200)
        for index in 1...30 { try await broker.publish("message \(index)") }
        try await broker.shutDown()
        let name = try #require(fixture.files(in: "topics/1-top").dropFirst().first)
        let path = "\(fixture.folder)/topics/1-top/\(name)"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[40 + 30] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path))

        let again = try await fixture.open(segmentBytes: 200)
        let texts = try again.pullTexts()
        let lost = Set((1...30).map { "message \($0)" }).subtracting(texts)
        #expect(lost.count == 1)
        #expect(texts.count == 29)
        #expect(again.figures?.dropped == 1)
        #expect(again.figures?.backlogMessages == 29)
        guard case .dataLoss(let reason) = again.metrics.topics[0].health else {
            Issue.record("health is \(again.metrics.topics[0].health)")
            return
        }
        #expect(reason.contains(path))
        #expect(reason.contains("damaged"))
        #expect(again.metrics.topics[0].health.description.hasPrefix("DATA_LOSS: "))
        // Everything else goes on.
        try await again.publish("next")
        #expect(try again.pullTexts() == ["next"])
    }

    @Test func aTornTailIsReportedAndItsNumbersAreGivenOutAgain() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a", "b")
        try await broker.shutDown()
        let path = "\(fixture.folder)/topics/1-top/00000000000000000001.log"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try bytes.dropLast(3).write(to: URL(fileURLWithPath: path))
        let again = try await fixture.open()
        #expect(
            again.recoveryNotes == ["projects/p/topics/top: 15 bytes that were being written at the end were cut off"])
        #expect(try again.pullTexts() == ["a"])
        #expect(try await again.publish("c") == [2])
        #expect(try again.pullTexts() == ["c"])
    }

    @Test func acknowledgementsOfMessagesThatTheTopicHasLostDoNotHitNewOnes() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a", "b", "c")
        let pulled = try broker.pull(subscription: "sub", limit: 10)
        try await broker.acknowledge(pulled.map(\.ackID), subscription: "sub")
        try await broker.shutDown()
        // The power failed, and the last message never reached the medium.
        let path = "\(fixture.folder)/topics/1-top/00000000000000000001.log"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try bytes.dropLast(18).write(to: URL(fileURLWithPath: path))
        for round in 0..<2 {
            let again = try await fixture.open()
            #expect((again.recoveryNotes.count == 1) == (round == 0), "\(again.recoveryNotes)")
            if round == 0 { #expect(try await again.publish("new") == [3]) }
            #expect(try again.pullTexts() == ["new"])
            try await again.shutDown()
        }
    }

    @Test func anUnreadableCatalogIsNamed() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.shutDown()
        let path = "\(fixture.folder)/catalog.ledger"
        try await Ledger<[String: Int]>(path: path).append(["what": 1])
        let error = await #expect(throws: JournalError.self) { try await fixture.open() }
        #expect(error?.message.contains("catalog.ledger: record 3 is not readable") == true)
    }

    @Test func whatIsPublishedDuringAShutDownIsDurableOrRefused() async throws {
        let broker = try await fixture.openWithSubscription()
        let published = await withTaskGroup(of: [UInt64].self) { group in
            for _ in 0..<20 { group.addTask { (try? await broker.publish("x")) ?? [] } }
            group.addTask {
                try? await broker.shutDown()
                return []
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        let again = try await fixture.open()
        #expect(try again.pull(subscription: "sub", limit: 100).map(\.message.sequence) == published.sorted())
        await #expect(throws: PubSubError.self) { try await broker.publish("late") }
    }
}
