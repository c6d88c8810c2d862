import PubSub
import Testing
import Time

struct SnapshotTests {
    let fixture = BrokerFixture()

    @Test("seeking to a snapshot brings back what was not acknowledged then, and what came later")
    func seeksBack() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a", "b", "c")
        let first = try broker.pull(subscription: "sub", limit: 1)
        try await broker.acknowledge(first.map(\.ackID), subscription: "sub")
        let snapshot = try await broker.createSnapshot("before", ofSubscription: "sub", labels: ["why": "deploy"])
        #expect(snapshot.topic == "projects/p/topics/top")
        #expect(snapshot.expireTime == BrokerFixture.start + .seconds(7 * 86_400))
        try await broker.publish("d")
        let rest = try broker.pull(subscription: "sub", limit: 10)
        try await broker.acknowledge(rest.map(\.ackID), subscription: "sub")
        #expect(try broker.pullTexts().isEmpty)
        #expect(try await broker.seek(subscription: "sub", toSnapshot: "before") == 3)
        #expect(try broker.pullTexts() == ["b", "c", "d"])
    }

    @Test("a snapshot keeps its messages on disk when all subscriptions are done with them, and over a restart")
    func keepsMessages() async throws {
        let broker = try await fixture.openWithSubscription(segmentBytes: 64 << 10)
        try await broker.publish("kept")
        try await broker.createSnapshot("snap", ofSubscription: "sub")
        for _ in 0..<20 { try await broker.publish(String(repeating: "x", count: 20_000)) }
        try await broker.purge(subscription: "sub")
        try await broker.shutDown()

        let again = try await fixture.open(segmentBytes: 64 << 10)
        try await again.seek(subscription: "sub", toSnapshot: "snap")
        #expect(try again.pullTexts(1) == ["kept"])
        #expect(again.snapshots.map(\.name) == ["projects/p/snapshots/snap"])
    }

    @Test("a snapshot ends seven days after its oldest message, and one that would end within the hour is refused")
    func expires() async throws {
        let broker = try await fixture.openWithSubscription { $0.messageRetentionDuration = .seconds(31 * 86_400) }
        try await broker.publish("old")
        try await broker.createSnapshot("snap", ofSubscription: "sub")
        fixture.clock.advance(by: .seconds(7 * 86_400 - 1800))
        let refusal = await #expect(throws: PubSubError.self) {
            try await broker.createSnapshot("late", ofSubscription: "sub")
        }
        #expect(refusal?.code == .failedPrecondition)
        fixture.clock.advance(by: .seconds(1800))
        await broker.deleteExpired()
        #expect(broker.snapshots.isEmpty)
    }

    @Test("a snapshot of another topic is refused, and one that is not there is named with the nearest")
    func refusals() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.createTopic(Topic(name: "other"))
        try await broker.createSubscription(Subscription(name: "elsewhere", topic: "other"))
        try await broker.createSnapshot("of-other", ofSubscription: "elsewhere")
        let wrong = await #expect(throws: PubSubError.self) {
            try await broker.seek(subscription: "sub", toSnapshot: "of-other")
        }
        #expect(wrong?.code == .failedPrecondition)
        let missing = await #expect(throws: PubSubError.self) {
            try await broker.seek(subscription: "sub", toSnapshot: "of-othr")
        }
        #expect(missing?.message.contains("Did you mean of-other?") == true)
        let twice = await #expect(throws: PubSubError.self) {
            try await broker.createSnapshot("of-other", ofSubscription: "sub")
        }
        #expect(twice?.code == .alreadyExists)
    }
}
