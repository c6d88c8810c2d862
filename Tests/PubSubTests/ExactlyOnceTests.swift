import Pipes
import PubSub
import Testing
import Time

struct ExactlyOnceTests {
    let fixture = BrokerFixture()

    @Test("an acknowledgement under a lease that has run out does not count, and is told so")
    func staleAcks() async throws {
        let broker = try await fixture.openWithSubscription { $0.enableExactlyOnceDelivery = true }
        try await broker.publish("a")
        let first = try broker.pull(subscription: "sub", limit: 1).map(\.ackID)
        fixture.clock.advance(by: .seconds(11))
        #expect(try await broker.acknowledge(first, subscription: "sub").invalid == first)
        let second = try broker.pull(subscription: "sub", limit: 1)
        #expect(second.map(\.message.text) == ["a"])
        #expect(try await broker.acknowledge(first, subscription: "sub").invalid == first)
        #expect(try await broker.acknowledge(second.map(\.ackID), subscription: "sub").invalid.isEmpty)
    }

    @Test("what is said again because its answer was not heard is fine; what never counted is not")
    func repeatedAcks() async throws {
        let broker = try await fixture.openWithSubscription { $0.enableExactlyOnceDelivery = true }
        try await broker.publish("a")
        try await broker.publish("b")
        let first = try broker.pull(subscription: "sub", limit: 2).map(\.ackID)
        for _ in 0..<2 {
            #expect(try await broker.acknowledge([first[0]], subscription: "sub") == AckReport())
            #expect(try broker.modifyAckDeadline([first[1]], seconds: 0, subscription: "sub") == AckReport())
        }
        // Given back is not acknowledged, and acknowledged is not given back.
        #expect(try await broker.acknowledge([first[1]], subscription: "sub").invalid == [first[1]])
        #expect(try broker.modifyAckDeadline([first[0]], seconds: 0, subscription: "sub").invalid == [first[0]])
        #expect(try broker.modifyAckDeadline(first, seconds: 60, subscription: "sub").invalid == first)
        #expect(try broker.pullTexts() == ["b"])
    }

    @Test("an acknowledgement before an earlier message of its key may be sent again")
    func unorderedAcks() async throws {
        let broker = try await fixture.openWithSubscription {
            $0.enableExactlyOnceDelivery = true
            $0.enableMessageOrdering = true
        }
        let messages = ["a", "b", "c"].map { OutgoingMessage(data: Array($0.utf8), orderingKey: "k") }
        _ = try await broker.publish(messages, to: "top")
        let ids = try broker.pull(subscription: "sub", limit: 3).map(\.ackID)
        #expect(
            try await broker.acknowledge([ids[2], ids[0]], subscription: "sub") == AckReport(unordered: [ids[2]]))
        #expect(try await broker.acknowledge([ids[2], ids[1]], subscription: "sub") == AckReport())
    }

    @Test("a deadline is extended only under the present lease")
    func staleExtensions() async throws {
        let broker = try await fixture.openWithSubscription { $0.enableExactlyOnceDelivery = true }
        try await broker.publish("a")
        let first = try broker.pull(subscription: "sub", limit: 1).map(\.ackID)
        #expect(try broker.modifyAckDeadline(first, seconds: 60, subscription: "sub").invalid.isEmpty)
        fixture.clock.advance(by: .seconds(59))
        #expect(try broker.pullTexts().isEmpty)
        fixture.clock.advance(by: .seconds(2))
        #expect(try broker.modifyAckDeadline(first, seconds: 60, subscription: "sub").invalid == first)
    }

    @Test("without exactly-once delivery a late acknowledgement counts")
    func lateAcks() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a")
        let first = try broker.pull(subscription: "sub", limit: 1).map(\.ackID)
        fixture.clock.advance(by: .seconds(11))
        #expect(try await broker.acknowledge(first, subscription: "sub").invalid.isEmpty)
        #expect(try broker.pullTexts().isEmpty)
    }

    @Test("exactly-once delivery and a push endpoint exclude each other")
    func noPush() async throws {
        let broker = try await fixture.openWithSubscription()
        let refusal = await #expect(throws: PubSubError.self) {
            try await broker.createSubscription(
                Subscription(
                    name: "both", topic: "top", enableExactlyOnceDelivery: true,
                    pushConfig: PushConfig(pushEndpoint: "http://localhost/p")))
        }
        #expect(refusal?.code == .invalidArgument)
    }
}
