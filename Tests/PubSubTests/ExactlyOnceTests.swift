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
        #expect(try await broker.acknowledge(second.map(\.ackID), subscription: "sub").invalid == second.map(\.ackID))
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
