import Foundation
import Pipes
import PubSub
import Synchronization
import Testing
import Time

/// An endpoint that answers as it is told and remembers what it got.
final class Endpoint: HTTPTarget {
    private let state = Mutex<
        (statuses: [Int], requests: [HTTPRequest], waiters: [(Int, CheckedContinuation<Void, Never>)])
    >(
        ([], [], []))

    /// Answers with these statuses, one after the other, then with 204.
    init(_ statuses: [Int] = []) { state.withLock { $0.statuses = statuses } }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let (status, ready) = state.withLock { state in
            state.requests.append(request)
            let count = state.requests.count
            let ready = state.waiters.filter { $0.0 <= count }.map(\.1)
            state.waiters.removeAll { $0.0 <= count }
            return (state.statuses.isEmpty ? 204 : state.statuses.removeFirst(), ready)
        }
        for waiter in ready { waiter.resume() }
        return HTTPResponse(status: status)
    }

    /// Returns when so many requests have come.
    func wait(for count: Int) async {
        await withCheckedContinuation { waiter in
            let isThere = state.withLock { state in
                if state.requests.count >= count { return true }
                state.waiters.append((count, waiter))
                return false
            }
            if isThere { waiter.resume() }
        }
    }
}

struct PushTests {
    let fixture = BrokerFixture()

    /// Lets tasks go on until something holds.
    private func eventually(_ holds: () throws -> Bool) async rethrows {
        while try !holds() { await Task.yield() }
    }

    @Test("messages are posted as the service wraps them, and acknowledged by the answer")
    func wraps() async throws {
        let endpoint = Endpoint()
        let broker = try await fixture.openWithSubscription {
            $0.pushConfig = PushConfig(pushEndpoint: "http://localhost:9/push")
        }
        broker.startPushing(through: endpoint)
        _ = try await broker.publish([OutgoingMessage("häl\"lo", ["k": "v\n"])], to: "top")
        await endpoint.wait(for: 1)
        try await eventually { try #require(broker.figures).backlogMessages == 0 }
        let request = try #require(endpoint.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "http://localhost:9/push")
        let body = try #require(
            try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
        #expect(body["subscription"] as? String == "projects/p/subscriptions/sub")
        let message = try #require(body["message"] as? [String: Any])
        #expect(message["data"] as? String == Data("häl\"lo".utf8).base64EncodedString())
        #expect(message["attributes"] as? [String: String] == ["k": "v\n"])
        #expect(message["messageId"] as? String == "1")
        #expect(message["publishTime"] as? String == BrokerFixture.start.rfc3339)
        try await broker.shutDown()
    }

    @Test("without a wrapper the body is the data, and the rest stands in headers")
    func unwrapped() async throws {
        let endpoint = Endpoint()
        let broker = try await fixture.openWithSubscription {
            $0.pushConfig = PushConfig(pushEndpoint: "http://localhost:9/push", noWrapper: .init(writeMetadata: true))
        }
        broker.startPushing(through: endpoint)
        _ = try await broker.publish([OutgoingMessage("plain", ["colour": "red"])], to: "top")
        await endpoint.wait(for: 1)
        let request = try #require(endpoint.requests.first)
        #expect(request.body == Array("plain".utf8))
        #expect(request.header("x-goog-pubsub-message-id") == "1")
        #expect(request.header("colour") == "red")
        try await broker.shutDown()
    }

    @Test("what the endpoint refuses comes again after a wait")
    func retries() async throws {
        let endpoint = Endpoint([503])
        let broker = try await fixture.openWithSubscription {
            $0.pushConfig = PushConfig(pushEndpoint: "http://localhost:9/push")
        }
        broker.startPushing(through: endpoint)
        try await broker.publish("a")
        await endpoint.wait(for: 1)
        try await eventually { try #require(broker.figures).negativeAcks == 1 }
        while endpoint.requests.count < 2 {
            fixture.clock.advance(by: .milliseconds(100))
            await Task.yield()
        }
        try await eventually { try #require(broker.figures).acknowledged == 1 }
        #expect(try #require(broker.figures).backlogMessages == 0)
        try await broker.shutDown()
    }

    @Test("what was wrong with an endpoint is told while it lasts, and remembered after")
    func problems() async throws {
        let endpoint = Endpoint([503])
        let broker = try await fixture.openWithSubscription {
            $0.pushConfig = PushConfig(pushEndpoint: "http://localhost:9/push")
        }
        broker.startPushing(through: endpoint)
        _ = try await broker.publish("a")
        try await eventually { try #require(broker.figures).health.problem != nil }
        let problem = broker.figures?.health.problem
        #expect(problem?.hasPrefix("http://localhost:9/push answered 503. Messages wait and are sent again") == true)
        #expect(broker.figures?.lastProblem == problem)
        #expect(broker.figures?.lastProblemTime == BrokerFixture.start)
        try await eventually {
            fixture.clock.advance(by: .milliseconds(100))
            return try #require(broker.figures).backlogMessages == 0
        }
        #expect(broker.figures?.health == .ok)
        #expect(broker.figures?.lastProblem == problem)
        try await broker.shutDown()
    }

    @Test("pulling from a push subscription is refused until its endpoint is taken away")
    func noPull() async throws {
        let broker = try await fixture.openWithSubscription {
            $0.pushConfig = PushConfig(pushEndpoint: "http://localhost:9/push")
        }
        let refusal = #expect(throws: PubSubError.self) { try broker.pullTexts() }
        #expect(refusal?.code == .failedPrecondition)
        try await broker.modifyPushConfig(nil, subscription: "sub")
        try await broker.publish("a")
        #expect(try broker.pullTexts() == ["a"])
    }

    @Test(
        "an endpoint must be a URL of HTTP",
        arguments: [
            "ftp://host/x", "localhost:80", "http://", "http:///x", "https://ho st/", "http://127.0.0.1:99999/x",
            "http://host:0/", "https://:443/", "http://[::1]:70000", "http://host:80x/", "http://u@:1/", "http://a\nb/",
        ])
    func endpoints(_ url: String) async throws {
        let broker = try await fixture.openWithSubscription()
        let refusal = await #expect(throws: PubSubError.self) {
            try await broker.modifyPushConfig(PushConfig(pushEndpoint: url), subscription: "sub")
        }
        #expect(refusal?.code == .invalidArgument)
    }

    @Test(
        "with a port or without",
        arguments: [
            "http://host", "https://host:/x", "http://host:65535", "http://[::1]:8080/x?y=:99999", "http://[::1]/",
            "http://user:word@host:1/x@y:99999",
        ])
    func goodEndpoints(_ url: String) async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.modifyPushConfig(PushConfig(pushEndpoint: url), subscription: "sub")
        #expect(try broker.subscription("sub").pushConfig?.pushEndpoint == url)
    }
}
