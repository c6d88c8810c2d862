import PubSub
import Testing

struct AccessPolicyTests {
    let fixture = BrokerFixture()

    @Test("a policy is kept over a restart, and who read an older one is refused")
    func keeps() async throws {
        let name = "projects/p/topics/top"
        let broker = try await fixture.openWithSubscription()
        let initial = try broker.accessPolicy(of: name)
        #expect(initial.bindings.isEmpty)
        #expect(!initial.etag.isEmpty)
        let binding = AccessPolicy.Binding(role: "roles/pubsub.publisher", members: ["allUsers"])
        var wanted = AccessPolicy(version: 0, bindings: [binding], etag: initial.etag)
        let first = try await broker.setAccessPolicy(wanted, of: name)
        #expect(first.version == 1)
        wanted.bindings = []
        await #expect(throws: PubSubError.self) { try await broker.setAccessPolicy(wanted, of: name) }
        let second = try await broker.setAccessPolicy(first, of: name)
        #expect(second.etag != first.etag)
        let refusal = await #expect(throws: PubSubError.self) { try await broker.setAccessPolicy(first, of: name) }
        #expect(refusal?.code == .aborted)
        try await broker.shutDown()
        let again = try await fixture.open()
        #expect(try again.accessPolicy(of: name) == second)
        try await again.deleteTopic("top")
        try await again.createTopic(Topic(name: "top"))
        #expect(try again.accessPolicy(of: name) == initial)
    }

    @Test("everything is permitted, but only permissions that there are can be asked for")
    func tests() async throws {
        let broker = try await fixture.openWithSubscription()
        let asked = ["pubsub.subscriptions.consume"]
        #expect(try broker.testAccess(asked, of: "projects/p/subscriptions/sub") == asked)
        #expect(throws: PubSubError.self) { try broker.testAccess(["bigquery.x"], of: "projects/p/subscriptions/sub") }
        #expect(throws: PubSubError.self) { try broker.testAccess([], of: "projects/p/subscriptions/none") }
    }
}
