import Pipes
import Testing
import Time

@testable import PubSub

@Suite struct RetentionTests {
    private let fixture = BrokerFixture()

    /// Publishes `count` messages, a second apart; segments hold a few each.
    private func publish(_ count: Int, to broker: Broker) async throws {
        for index in 0..<count {
            try await broker.publish("m\(index)")
            fixture.clock.advance(by: .seconds(1))
        }
    }

    private func sweep(_ broker: Broker) throws { try broker.live("sub").topic.sweep() }

    private func retained(_ broker: Broker) -> Int64 { broker.metrics.topics[0].retainedMessages }

    @Test func whatIsDetachedHoldsNothingAndHasNoBacklog() async throws {
        let broker = try await fixture.openWithSubscription(segmentBytes: 100)
        try await publish(20, to: broker)
        try await broker.detach(subscription: "sub")
        try await publish(30, to: broker)
        #expect(broker.figures?.backlogMessages == 0)
        #expect(broker.figures?.oldestUnacknowledged == nil)
        try sweep(broker)
        #expect(retained(broker) < 8)
        #expect(broker.figures?.dropped == 0)
        let again = try await fixture.open(segmentBytes: 100)
        #expect(again.figures?.declaration.detached == true)
        #expect(again.figures?.backlogMessages == 0)
    }

    @Test func segmentsThatEverybodyHasAcknowledgedAreDeleted() async throws {
        let broker = try await fixture.openWithSubscription(segmentBytes: 100)
        try await broker.createSubscription(Subscription(name: "slow", topic: "top"))
        try await publish(50, to: broker)
        let source = try broker.source(for: "sub")
        _ = try await source.pull(limit: 100)
        try await source.acknowledge(SequenceSet(1..<51))
        try sweep(broker)
        #expect(retained(broker) == 50)
        let slow = try broker.source(for: "slow")
        _ = try await slow.pull(limit: 30)
        try await slow.acknowledge(SequenceSet(1..<31))
        try sweep(broker)
        #expect((20..<28).contains(retained(broker)))
        #expect(try await slow.pullTexts().first == "m30")
        let again = try await fixture.open(segmentBytes: 100)
        #expect(try await again.source(for: "slow").pullTexts().count == 20)
    }

    @Test func whatADeletedSubscriptionHeldGoesAlsoWhereThereAreMany() async throws {
        let broker = try await fixture.openWithSubscription(segmentBytes: 100)
        try await broker.createSubscription(Subscription(name: "slow", topic: "top"))
        try await publish(50, to: broker)
        for number in 0..<110 {
            try await broker.createSubscription(Subscription(name: "late-\(number)", topic: "top"))
        }
        let source = try broker.source(for: "sub")
        _ = try await source.pull(limit: 100)
        try await source.acknowledge(SequenceSet(1..<51))
        #expect(retained(broker) == 50)
        try await broker.deleteSubscription("slow")
        await fixture.clock.waitForSleepers()
        fixture.clock.advance(by: .seconds(1))
        while retained(broker) >= 8 { await Task.yield() }
        #expect(try await source.pullTexts() == [])
    }

    @Test func messagesOlderThanTheSubscriptionsRetentionAreDroppedAndCounted() async throws {
        let broker = try await fixture.openWithSubscription(segmentBytes: 100) {
            $0.messageRetentionDuration = .seconds(600)
        }
        try await publish(20, to: broker)
        let source = try broker.source(for: "sub")
        _ = try await source.pull(limit: 3)
        // Message n was published n - 1 seconds after the start.
        fixture.clock.advance(to: BrokerFixture.start + .seconds(609))
        try sweep(broker)
        #expect(broker.figures?.dropped == 9)
        #expect(broker.figures?.backlogMessages == 11)
        #expect(broker.figures?.outstanding == 0)
        #expect(try await source.pullTexts().first == "m9")
        #expect(retained(broker) < 16)
        fixture.clock.advance(by: .seconds(1000))
        try sweep(broker)
        #expect(broker.figures?.dropped == 20)
        #expect(await source.backlog() == Backlog(messages: 0, bytes: 0, oldestPublishTime: nil))
    }

    @Test func theTimerDropsWhatIsTooOld() async throws {
        let broker = try await fixture.openWithSubscription(segmentBytes: 100) {
            $0.messageRetentionDuration = .seconds(600)
        }
        try await publish(5, to: broker)
        await fixture.clock.waitForSleepers()
        fixture.clock.advance(to: BrokerFixture.start + .seconds(700))
        while broker.figures?.dropped != 5 { await Task.yield() }
        #expect(broker.figures?.backlogMessages == 0)
    }

    @Test func aTopicsOwnRetentionKeepsMessagesThatNobodyNeeds() async throws {
        let broker = try await fixture.openWithSubscription(
            segmentBytes: 100, topic: Topic(name: "top", messageRetentionDuration: .seconds(600)))
        try await publish(20, to: broker)
        let source = try broker.source(for: "sub")
        _ = try await source.pull(limit: 100)
        try await source.acknowledge(SequenceSet(1..<21))
        try sweep(broker)
        #expect(retained(broker) == 20)
        fixture.clock.advance(to: BrokerFixture.start + .seconds(615))
        try sweep(broker)
        #expect(retained(broker) < 10)
    }

    // MARK: Seeking

    private func acknowledgeAll(_ broker: Broker, _ count: UInt64) async throws {
        let source = try broker.source(for: "sub")
        _ = try await source.pull(limit: 1000)
        try await source.acknowledge(SequenceSet(1..<count + 1))
    }

    @Test(
        arguments: [
            (-5.0, 1), (0, 1), (0.5, 2), (7, 8), (9, 10), (9.5, 11), (100, 11),
        ] as [(Double, Int)]) func seekingBackReplaysWhatWasPublishedSince(offset: Double, first: Int) async throws
    {
        let broker = try await fixture.openWithSubscription(segmentBytes: 100) { $0.retainAckedMessages = true }
        try await publish(10, to: broker)
        try await acknowledgeAll(broker, 7)
        let count = try await broker.seek(
            subscription: "sub", to: BrokerFixture.start + .milliseconds(Int64(offset * 1000)))
        #expect(count == 11 - first)
        #expect(broker.figures?.backlogMessages == count)
        #expect(broker.figures?.backlogBytes == count * 11)
        for broker in [broker, try await fixture.open(segmentBytes: 100)] {
            #expect(try broker.pullTexts() == (first..<11).map { "m\($0 - 1)" })
        }
    }

    @Test func withoutRetentionSeekingBackLeavesTheAcknowledgedAlone() async throws {
        let broker = try await fixture.openWithSubscription()
        try await publish(10, to: broker)
        let pulled = try broker.pull(subscription: "sub", limit: 10)
        try await broker.acknowledge([pulled[3].ackID, pulled[5].ackID, pulled[9].ackID], subscription: "sub")
        #expect(try await broker.seek(subscription: "sub", to: BrokerFixture.start + .seconds(2)) == 5)
        #expect(try broker.pullTexts() == ["m2", "m4", "m6", "m7", "m8"])
    }

    @Test func theTopicsRetentionBoundsHowFarOneCanSeekBack() async throws {
        let broker = try await fixture.openWithSubscription(
            topic: Topic(name: "top", messageRetentionDuration: .seconds(600)))
        try await publish(10, to: broker)
        try await acknowledgeAll(broker, 10)
        fixture.clock.advance(to: BrokerFixture.start + .seconds(604))
        #expect(try await broker.seek(subscription: "sub", to: BrokerFixture.start) == 6)
        #expect(try broker.pullTexts().first == "m4")
    }

    @Test func acknowledgementsOfBeforeASeekDoNothing() async throws {
        let broker = try await fixture.openWithSubscription { $0.retainAckedMessages = true }
        try await publish(3, to: broker)
        let pulled = try broker.pull(subscription: "sub", limit: 10)
        try await broker.acknowledge([pulled[0].ackID], subscription: "sub")
        _ = try await broker.seek(subscription: "sub", to: BrokerFixture.start)
        try await broker.acknowledge(pulled.map(\.ackID), subscription: "sub")
        #expect(try broker.pullTexts() == ["m0", "m1", "m2"])
        #expect(try await fixture.open().figures?.backlogMessages == 3)
    }

    @Test func seekingWakesWhoWaits() async throws {
        let broker = try await fixture.openWithSubscription { $0.retainAckedMessages = true }
        try await publish(1, to: broker)
        try await acknowledgeAll(broker, 1)
        let source = try broker.source(for: "sub")
        async let waiting: Void = source.waitForMessages()
        _ = try await broker.seek(subscription: "sub", to: BrokerFixture.start)
        try await waiting
        #expect(try await source.pullTexts() == ["m0"])
    }

    @Test func purgingAcknowledgesEverythingThatWaits() async throws {
        let broker = try await fixture.openWithSubscription()
        try await publish(10, to: broker)
        _ = try broker.pull(subscription: "sub", limit: 3)
        #expect(try await broker.purge(subscription: "sub") == 10)
        #expect(broker.figures?.backlogMessages == 0)
        #expect(broker.figures?.outstanding == 0)
        try await broker.publish("next")
        for broker in [broker, try await fixture.open()] { #expect(try broker.pullTexts() == ["next"]) }
    }
}
