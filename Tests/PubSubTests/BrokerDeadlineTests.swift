import Pipes
import Testing
import Time

@testable import PubSub

@Suite struct BrokerDeadlineTests {
    private let fixture = BrokerFixture()

    @Test func aMessageThatIsNotAcknowledgedInTimeComesAgain() async throws {
        let broker = try await fixture.openWithSubscription { $0.ackDeadlineSeconds = 20 }
        try await broker.publish("a", "b")
        let first = try broker.pull(subscription: "sub", limit: 10)
        try await broker.acknowledge([first[0].ackID], subscription: "sub")
        fixture.clock.advance(by: .seconds(19))
        #expect(try broker.pullTexts() == [])
        fixture.clock.advance(by: .seconds(1))
        let second = try broker.pull(subscription: "sub", limit: 10)
        #expect(second.map(\.message.text) == ["b"])
        #expect(second.map(\.message.deliveryAttempt) == [2])
        #expect(broker.figures?.expiredDeadlines == 1)
    }

    @Test func theTimerLetsDeadlinesRunOutWithoutAnybodyPulling() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a")
        let source = try broker.source(for: "sub")
        _ = try broker.pullTexts()
        let waiting = Task { try await source.waitForMessages() }
        // The retention of seven days and the deadline share one sleeper.
        await fixture.clock.waitForSleepers()
        fixture.clock.advance(by: .seconds(10))
        try await waiting.value
        #expect(broker.figures?.outstanding == 0)
        #expect(try await source.pullTexts() == ["a"])
    }

    @Test func aDeadlineCanBeExtended() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a")
        let id = try broker.pull(subscription: "sub", limit: 1)[0].ackID
        fixture.clock.advance(by: .seconds(5))
        try broker.modifyAckDeadline([id], seconds: 60, subscription: "sub")
        fixture.clock.advance(by: .seconds(59))
        #expect(try broker.pullTexts() == [])
        fixture.clock.advance(by: .seconds(1))
        #expect(try broker.pullTexts() == ["a"])
        for seconds in [-1, 601] {
            let error = #expect(throws: PubSubError.self) {
                try broker.modifyAckDeadline([id], seconds: seconds, subscription: "sub")
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test func aFailedMessageWaitsOutItsBackoff() async throws {
        let broker = try await fixture.openWithSubscription {
            $0.retryPolicy = RetryPolicy(minimumBackoff: .seconds(10), maximumBackoff: .seconds(15))
        }
        try await broker.publish("a")
        for wait in [10, 15, 15] as [Int64] {
            let id = try broker.pull(subscription: "sub", limit: 1)[0].ackID
            try broker.modifyAckDeadline([id], seconds: 0, subscription: "sub")
            fixture.clock.advance(by: .seconds(wait) - .milliseconds(1))
            #expect(try broker.pullTexts() == [])
            fixture.clock.advance(by: .milliseconds(1))
        }
        #expect(try broker.pull(subscription: "sub", limit: 1).map(\.message.deliveryAttempt) == [4])
    }

    @Test func aFailedMessageWakesWhoWaits() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a")
        let id = try broker.pull(subscription: "sub", limit: 1)[0].ackID
        let source = try broker.source(for: "sub")
        async let waiting: Void = source.waitForMessages()
        try broker.modifyAckDeadline([id], seconds: 0, subscription: "sub")
        try await waiting
        #expect(try await source.pullTexts() == ["a"])
    }

    @Test func aMessageThatFailsTooOftenIsPublishedToTheDeadLetterTopic() async throws {
        let broker = try await fixture.open()
        try await broker.declare(
            topics: [Topic(name: "top"), Topic(name: "dead")],
            subscriptions: [
                Subscription(name: "sub", topic: "top", deadLetterPolicy: DeadLetterPolicy(deadLetterTopic: "dead")),
                Subscription(name: "letters", topic: "dead"),
            ])
        _ = try await broker.publish(
            [OutgoingMessage("bad", ["k": "v"], key: "o"), OutgoingMessage("good")], to: "top")
        for attempt in 1...5 {
            let pulled = try broker.pull(subscription: "sub", limit: 1)
            #expect(pulled.map(\.message.deliveryAttempt) == [attempt])
            try broker.modifyAckDeadline(pulled.map(\.ackID), seconds: 0, subscription: "sub")
        }
        let letters = try broker.source(for: "letters")
        try await letters.waitForMessages()
        let letter = try #require(try await letters.pull(limit: 1).first)
        #expect(letter.text == "bad")
        #expect(letter.orderingKey == "o")
        #expect(
            letter.attributes == [
                "k": "v", "CloudPubSubDeadLetterSourceDeliveryCount": "5",
                "CloudPubSubDeadLetterSourceSubscription": "sub",
                "CloudPubSubDeadLetterSourceSubscriptionProject": "p",
                "CloudPubSubDeadLetterSourceTopicPublishTime": BrokerFixture.start.rfc3339,
            ])
        #expect(try broker.pullTexts() == ["good"])
    }

    @Test func deadLettersWithoutATopicAreHandedOutAgainAndTheSubscriptionSaysSo() async throws {
        let broker = try await fixture.open()
        try await broker.declare(
            topics: [Topic(name: "top"), Topic(name: "dead")],
            subscriptions: [
                Subscription(name: "sub", topic: "top", deadLetterPolicy: DeadLetterPolicy(deadLetterTopic: "dead"))
            ])
        try await broker.deleteTopic("dead")
        try await broker.publish("bad")
        for _ in 1...5 {
            let pulled = try broker.pull(subscription: "sub", limit: 1)
            try broker.modifyAckDeadline(pulled.map(\.ackID), seconds: 0, subscription: "sub")
        }
        // The retention's sleeper is replaced by that of the second attempt to publish.
        while broker.figures?.health.problem == nil { await Task.yield() }
        #expect(
            broker.figures?.health.problem?.contains(
                "dead letters cannot be published: Resource not found (resource=dead)") == true)
        #expect(try broker.pullTexts() == [])
        fixture.clock.advance(by: .seconds(10))
        #expect(try broker.pullTexts() == ["bad"])
        #expect(broker.figures?.deadLettered == 0)
    }

    @Test func aFilterIsAppliedAndWhatItRejectsDoesNotWait() async throws {
        let broker = try await fixture.openWithSubscription { $0.filter = "attributes.lang = \"en\"" }
        _ = try await broker.publish(
            [OutgoingMessage("1", ["lang": "de"]), OutgoingMessage("2", ["lang": "en"]), OutgoingMessage("3")],
            to: "top")
        #expect(broker.figures?.backlogMessages == 1)
        _ = try await broker.publish(
            [OutgoingMessage("4", ["lang": "en"]), OutgoingMessage("5", ["lang": "fr"])], to: "top")
        #expect(try broker.pullTexts() == ["2", "4"])
        let again = try await fixture.open()
        #expect(again.figures?.backlogMessages == 2)
        let pulled = try again.pull(subscription: "sub", limit: 10)
        try await again.acknowledge(pulled.map(\.ackID), subscription: "sub")
        #expect(again.figures?.backlogMessages == 0)
        #expect(again.figures?.backlogBytes == 0)
        #expect(again.figures?.oldestUnacknowledged == nil)
    }

    @Test func keysAreDeliveredInOrderAndAFailureHoldsThem() async throws {
        let broker = try await fixture.openWithSubscription { $0.enableMessageOrdering = true }
        _ = try await broker.publish(
            [OutgoingMessage("a1", key: "a"), OutgoingMessage("b1", key: "b"), OutgoingMessage("a2", key: "a")],
            to: "top")
        let first = try broker.pull(subscription: "sub", limit: 1)
        #expect(first.map(\.message.text) == ["a1"])
        let second = try broker.pull(subscription: "sub", limit: 10)
        #expect(second.map(\.message.text) == ["b1"])
        try broker.modifyAckDeadline(first.map(\.ackID), seconds: 0, subscription: "sub")
        let third = try broker.pull(subscription: "sub", limit: 10)
        #expect(third.map(\.message.text) == ["a1", "a2"])
        let source = try broker.source(for: "sub")
        let waiting = Task { try await source.waitForMessages() }
        _ = try await broker.publish([OutgoingMessage("a3", key: "a")], to: "top")
        try await broker.acknowledge(third.map(\.ackID), subscription: "sub")
        try await waiting.value
        #expect(try await source.pullTexts() == ["a3"])
    }
}
