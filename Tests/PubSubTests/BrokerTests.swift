import Foundation
import Pipes
import Telemetry
import Testing
import Time

@testable import PubSub

@Suite struct BrokerTests {
    private let fixture = BrokerFixture()

    @Test func aSubscriptionGetsWhatIsPublishedAfterItsCreation() async throws {
        let broker = try await fixture.open()
        try await broker.createTopic(Topic(name: "top"))
        #expect(try await broker.publish("before") == [1])
        try await broker.createSubscription(Subscription(name: "sub", topic: "top"))
        fixture.clock.advance(by: .seconds(5))
        #expect(
            try await broker.publish([OutgoingMessage("one", ["k": "v"], key: "o"), OutgoingMessage("two")], to: "top")
                == [2, 3])
        let received = try broker.pull(subscription: "sub", limit: 10).map(\.message)
        let time = BrokerFixture.start + .seconds(5)
        #expect(
            received == [
                IncomingMessage(
                    sequence: 2, data: Array("one".utf8), attributes: ["k": "v"], orderingKey: "o", publishTime: time),
                IncomingMessage(sequence: 3, data: Array("two".utf8), publishTime: time),
            ])
    }

    @Test func everySubscriptionHasAllMessages() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.createSubscription(Subscription(name: "other", topic: "projects/p/topics/top"))
        try await broker.publish("a", "b")
        let pulled = try broker.pull(subscription: "sub", limit: 10)
        try await broker.acknowledge(pulled.map(\.ackID), subscription: "sub")
        #expect(
            try broker.pull(subscription: "projects/p/subscriptions/other", limit: 10).map(\.message.text) == [
                "a", "b",
            ])
    }

    @Test func namesAreShortOrFullAndUnknownOnesAreToldTheNearest() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.createTopic(Topic(name: "mta-gtfs-ace"))
        _ = try await broker.publish([OutgoingMessage("x")], to: "projects/p/topics/top")
        let cases: [(String, String)] = [
            ("mta-gtfs-acf", "Resource not found (resource=mta-gtfs-acf). Did you mean mta-gtfs-ace?"),
            ("projects/p/topics/tup", "Resource not found (resource=tup). Did you mean top?"),
            (
                "something-else",
                "Resource not found (resource=something-else). Create projects/p/topics/something-else first."
            ),
            ("projects/q/topics/top", "Resource not found (resource=top). Did you mean top?"),
        ]
        for (name, message) in cases.dropLast() {
            let error = await #expect(throws: PubSubError.self) {
                try await broker.publish([OutgoingMessage("x")], to: name)
            }
            #expect(error == PubSubError(.notFound, message))
        }
        let missing = #expect(throws: PubSubError.self) { try broker.source(for: "sup") }
        #expect(missing == PubSubError(.notFound, "Resource not found (resource=sup). Did you mean sub?"))
        let invalid = await #expect(throws: PubSubError.self) {
            try await broker.publish([OutgoingMessage("x")], to: "a/b")
        }
        #expect(invalid?.code == .invalidArgument)
    }

    @Test(arguments: [
        (OutgoingMessage(data: []), "message 2 is empty"),
        (
            OutgoingMessage(data: [UInt8](repeating: 0, count: 10_000_001)),
            "message 2 has 10000001 bytes; 10000000 are allowed"
        ),
        (OutgoingMessage("x", ["": "v"]), "an attribute with the key ''"),
        (OutgoingMessage("x", ["googx": "v"]), "an attribute with the key 'googx'"),
        (OutgoingMessage("x", [String(repeating: "k", count: 257): "v"]), "keys have 1 to 256 bytes"),
        (OutgoingMessage("x", ["k": String(repeating: "v", count: 1025)]), "more than 1024 bytes in the attribute 'k'"),
        (OutgoingMessage("x", key: String(repeating: "o", count: 1025)), "an ordering key of more than 1024 bytes"),
    ]) func oneBadMessageRefusesThePublish(message: OutgoingMessage, reason: String) async throws {
        let broker = try await fixture.openWithSubscription()
        let error = await #expect(throws: PubSubError.self) {
            try await broker.publish([OutgoingMessage("good"), message], to: "top")
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("projects/p/topics/top: message 2") == true)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(try broker.pullTexts() == [])
        #expect(try await broker.publish("next") == [1])
    }

    @Test func publishingNothingIsFine() async throws {
        let broker = try await fixture.openWithSubscription()
        #expect(try await broker.publish([], to: "top") == [])
    }

    @Test func creatingTwiceOrWithoutTopicIsRefused() async throws {
        let broker = try await fixture.openWithSubscription()
        let topic = await #expect(throws: PubSubError.self) { try await broker.createTopic(Topic(name: "top")) }
        #expect(topic == PubSubError(.alreadyExists, "Resource already exists in the project (resource=top)."))
        let subscription = await #expect(throws: PubSubError.self) {
            try await broker.createSubscription(Subscription(name: "sub", topic: "top"))
        }
        #expect(subscription?.code == .alreadyExists)
        for bad in [
            Subscription(name: "new", topic: "nowhere"),
            Subscription(name: "new", topic: "top", deadLetterPolicy: DeadLetterPolicy(deadLetterTopic: "nowhere")),
        ] {
            let error = await #expect(throws: PubSubError.self) { try await broker.createSubscription(bad) }
            #expect(error?.code == .notFound)
        }
        #expect(broker.subscriptions.count == 1)
    }

    @Test func concurrentCreationsOfOneNameMakeOne() async throws {
        let broker = try await fixture.open()
        let created = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await broker.createTopic(Topic(name: "top"))) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(created == 1)
    }

    @Test func whatCannotBeChangedIsNamed() async throws {
        let broker = try await fixture.openWithSubscription { $0.filter = "attributes:k" }
        try await broker.createTopic(Topic(name: "other"))
        let changes: [(Subscription, String)] = [
            (
                Subscription(name: "sub", topic: "other", filter: "attributes:k"),
                "topic (projects/p/topics/top) cannot be changed"
            ),
            (Subscription(name: "sub", topic: "top"), "filter (attributes:k) cannot be changed"),
            (
                Subscription(name: "sub", topic: "top", filter: "attributes:k", enableMessageOrdering: true),
                "enableMessageOrdering (false) cannot be changed"
            ),
        ]
        for (change, message) in changes {
            let error = await #expect(throws: PubSubError.self) {
                try await broker.declare(topics: [], subscriptions: [change])
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("projects/p/subscriptions/sub: \(message)") == true)
        }
        try await broker.declare(
            topics: [Topic(name: "top", labels: ["a": "b"])],
            subscriptions: [Subscription(name: "sub", topic: "top", ackDeadlineSeconds: 60, filter: "attributes:k")])
        #expect(try broker.subscription("sub").ackDeadlineSeconds == 60)
        #expect(try broker.topic("top").labels == ["a": "b"])
    }

    @Test func aRestartedBrokerIsTheSame() async throws {
        let broker = try await fixture.openWithSubscription { $0.labels = ["x": "y"] }
        try await broker.createTopic(Topic(name: "second", messageRetentionDuration: .seconds(700)))
        for index in 0..<50 { try await broker.publish("m\(index)") }
        let pulled = try broker.pull(subscription: "sub", limit: 30)
        let acknowledged = pulled.enumerated().filter { $0.offset % 3 != 0 }.map(\.element.ackID)
        try await broker.acknowledge(acknowledged, subscription: "sub")
        let figures = try #require(broker.figures)
        try await broker.shutDown()

        let again = try await fixture.open()
        #expect(again.recoveryNotes == [])
        #expect(again.topics == broker.topics)
        #expect(again.subscriptions == broker.subscriptions)
        let restored = try #require(again.figures)
        #expect(restored.backlogMessages == 30)
        #expect(restored.backlogMessages == figures.backlogMessages)
        #expect(restored.backlogBytes == figures.backlogBytes)
        #expect(restored.oldestUnacknowledged == figures.oldestUnacknowledged)
        #expect(restored.outstanding == 0)
        let expected = (0..<50).filter { $0 >= 30 || $0 % 3 == 0 }.map { "m\($0)" }
        #expect(try again.pullTexts() == expected)
        #expect(try await again.publish("new") == [51])
    }

    @Test func aBrokerThatWasNotShutDownLosesNothingAcknowledged() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a", "b", "c")
        let pulled = try broker.pull(subscription: "sub", limit: 2)
        try await broker.acknowledge([pulled[1].ackID], subscription: "sub")
        let again = try await fixture.open()
        #expect(try again.pullTexts() == ["a", "c"])
        _ = broker
    }

    @Test func deletedThingsAreGoneAlsoAfterARestart() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.createTopic(Topic(name: "other"))
        try await broker.createSubscription(Subscription(name: "doomed", topic: "top"))
        try await broker.publish("a")
        try await broker.deleteSubscription("doomed")
        try await broker.deleteTopic("other")
        try await broker.deleteTopic("top")
        for broker in [broker, try await fixture.open()] {
            #expect(broker.topics.isEmpty)
            #expect(broker.subscriptions.map(\.topic) == ["_deleted-topic_"])
            #expect(broker.figures?.topic == "_deleted-topic_")
            #expect(broker.figures?.backlogMessages == 1)
            await #expect(throws: PubSubError.self) { try await broker.publish("b") }
        }
        let again = try await fixture.open()
        #expect(try again.pullTexts() == ["a"])
        // A topic of the same name is another topic.
        try await again.createTopic(Topic(name: "top"))
        #expect(try await again.publish("new") == [1])
        #expect(try again.pullTexts() == [])
        try await again.deleteSubscription("sub")
        #expect(fixture.files(in: "topics") == ["5-top"])
        #expect(fixture.files(in: "subscriptions") == [])
    }

    @Test func aDetachedSubscriptionLosesItsMessagesAndGetsNoMore() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a")
        let source = try broker.source(for: "sub")
        try await broker.detach(subscription: "sub")
        for broker in [broker, try await fixture.open()] {
            try await broker.publish("b")
            let error = #expect(throws: PubSubError.self) { try broker.pullTexts() }
            #expect(error?.code == .failedPrecondition)
            #expect(try broker.subscription("sub").detached)
            #expect(broker.figures?.health == .unavailable("detached from its topic"))
        }
        await #expect(throws: PubSubError.self) { try await source.pull(limit: 1) }
        await #expect(throws: PubSubError.self) { try await source.waitForMessages() }
    }

    @Test func theFiguresAreThoseOfWhatHappened() async throws {
        let broker = try await fixture.openWithSubscription()
        #expect(broker.figures?.oldestUnacknowledged == nil)
        try await broker.publish("aa", "bb", "cc", "dd")
        fixture.clock.advance(by: .seconds(1))
        let pulled = try broker.pull(subscription: "sub", limit: 3)
        try await broker.acknowledge([pulled[0].ackID], subscription: "sub")
        try broker.modifyAckDeadline([pulled[1].ackID], seconds: 0, subscription: "sub")
        let source = try broker.source(for: "sub")
        let figures = try #require(broker.figures)
        #expect(figures.backlogMessages == 3)
        #expect(figures.backlogBytes == 33)
        #expect(figures.oldestUnacknowledged == BrokerFixture.start)
        #expect(figures.outstanding == 1)
        #expect(figures.delivered == 3)
        #expect(figures.acknowledged == 1)
        #expect(figures.negativeAcks == 1)
        #expect(figures.consumers == 1)
        #expect(figures.health == .ok)
        let topic = try #require(broker.metrics.topics.first)
        #expect(topic.id == "top")
        #expect(topic.publishedMessages == 4)
        #expect(topic.publishedBytes == 44)
        #expect(topic.retainedMessages == 4)
        #expect(topic.journalBytes == 40 + 4 * (8 + 11))
        #expect(topic.publishLatency?.count == 4)
        _ = source
    }
}
