import PubSub
import Testing
import Time

struct ExpirationTests {
    let fixture = BrokerFixture()

    @Test("a subscription that nobody uses is deleted after its time to live; use begins it anew")
    func expires() async throws {
        let broker = try await fixture.openWithSubscription {
            $0.messageRetentionDuration = .seconds(86_400)
            $0.expirationPolicy = ExpirationPolicy(ttl: .seconds(2 * 86_400))
        }
        fixture.clock.advance(by: .seconds(86_400))
        _ = try broker.pullTexts()
        fixture.clock.advance(by: .seconds(86_400 * 3 / 2))
        await broker.deleteExpired()
        #expect(broker.subscriptions.count == 1)
        fixture.clock.advance(by: .seconds(86_400))
        await broker.deleteExpired()
        #expect(broker.subscriptions.isEmpty)
    }

    @Test("an open reader keeps a subscription, and 31 days hold without a policy")
    func readersKeep() async throws {
        let broker = try await fixture.openWithSubscription()
        var reader: SubscriptionReader? = try broker.reader(for: "sub")
        fixture.clock.advance(by: .seconds(40 * 86_400))
        await broker.deleteExpired()
        #expect(broker.subscriptions.count == 1)
        #expect(reader != nil)
        reader = nil
        fixture.clock.advance(by: .seconds(32 * 86_400))
        await broker.deleteExpired()
        #expect(broker.subscriptions.isEmpty)
    }

    @Test("a policy without a time to live keeps a subscription for good")
    func never() async throws {
        let broker = try await fixture.openWithSubscription { $0.expirationPolicy = ExpirationPolicy() }
        fixture.clock.advance(by: .seconds(1000 * 86_400))
        await broker.deleteExpired()
        #expect(broker.subscriptions.count == 1)
    }

    @Test("who waits for messages of a subscription is told when it is deleted")
    func waitersAreTold() async throws {
        let broker = try await fixture.openWithSubscription()
        let reader = try broker.reader(for: "sub")
        let waiter = Task { try await reader.waitForMessages() }
        try await broker.deleteSubscription("sub")
        let failure = await #expect(throws: PubSubError.self) { try await waiter.value }
        #expect(failure?.code == .notFound)
    }
}
