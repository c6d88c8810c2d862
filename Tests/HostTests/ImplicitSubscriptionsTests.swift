import Columnar
import Dataflow
import Foundation
import Pipes
import PubSub
import Testing
import Time

@testable import Host

@Suite("The subscription of a step that reads a topic") struct ImplicitSubscriptionsTests {
    private func graph(_ name: String, _ steps: String...) -> Graph {
        Graph(
            name: name,
            steps: steps.enumerated().map { id, step in
                Step(
                    id: id, name: step, transform: "ReadFromPubSub",
                    operation: .readMessages(
                        ReadMessages(subscription: nil, topic: "projects/p/topics/events", format: .raw)), inputs: [],
                    schema: Schema())
            })
    }

    @Test("is named for pipeline, step and topic")
    func names() {
        var implicit = ImplicitSubscriptions()
        let resolved = implicit.resolve(graph("store", "Read", "In/Read it", "In-Read it", "é"))
        let names = ["store-Read-events", "store-In-Read-it-events", "store-In-Read-it-events-2", "store---events"]
        #expect(implicit.subscriptions.map(\.name) == names)
        let read = resolved.steps.map { step -> String? in
            if case .readMessages(let read) = step.operation, read.topic == nil { read.subscription } else { nil }
        }
        #expect(read == names)
        _ = implicit.resolve(graph("google", "r"))
        _ = implicit.resolve(graph("1", "r"))
        #expect(implicit.subscriptions.suffix(2).map(\.name) == ["pipeline-google-r-events", "pipeline-1-r-events"])
    }

    @Test("is kept with what it holds, until no pipeline has the step")
    func declared() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("st-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let broker = try await Broker.open(folder: folder.path, clock: ManualClock(now: Timestamp(seconds: 1)))
        try await broker.declare(
            topics: [Topic(name: "events")], subscriptions: [Subscription(name: "own", topic: "events")])
        var first = ImplicitSubscriptions()
        _ = first.resolve(graph("store", "Read"))
        try await first.declare(in: broker)
        _ = try await broker.publish([OutgoingMessage(data: [1])], to: "events")
        try await first.declare(in: broker)
        #expect(await (try broker.source(for: "store-Read-events")).backlog().messages == 1)
        var second = ImplicitSubscriptions()
        _ = second.resolve(graph("store", "Other"))
        try await second.declare(in: broker)
        #expect(broker.subscriptions.map(\.name.shortName).sorted() == ["own", "store-Other-events"])
        try await broker.shutDown()
    }
}
