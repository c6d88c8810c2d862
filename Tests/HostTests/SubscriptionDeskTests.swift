import Control
import Foundation
import Journal
import Pipes
import PubSub
import Synchronization
import Testing
import Time

@testable import Host

/// A disk that can be full.
private final class Disk: DiskCalls {
    let isFull = Atomic(false)

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        isFull.load(ordering: .relaxed) ? -Int(ENOSPC) : SystemDiskCalls().write(descriptor, bytes, at: offset)
    }

    func sync(_ descriptor: Int32) -> Int { SystemDiskCalls().sync(descriptor) }
}

@Suite struct SubscriptionDeskTests {
    private static let start = Timestamp(seconds: 1_772_239_200)

    /// A broker of the project `streamtop` with a topic `events` that keeps its messages for a day and a subscription
    /// `reader`; gone when the body is.
    private func withDesk(
        retention: Duration? = .seconds(86_400), disk: Disk = Disk(),
        _ body: (SubscriptionDesk, Broker, ManualClock) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/desk-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ManualClock(now: Self.start)
        let broker = try await Broker.open(folder: folder, clock: clock, calls: disk)
        try await broker.declare(
            topics: [Topic(name: "events", messageRetentionDuration: retention)],
            subscriptions: [Subscription(name: "reader", topic: "events")])
        try await body(SubscriptionDesk(broker: broker, clock: clock), broker, clock)
        try await broker.shutDown()
    }

    private func publish(_ count: Int, _ broker: Broker) async throws {
        _ = try await broker.publish((0..<count).map { OutgoingMessage(data: Array("m\($0)".utf8)) }, to: "events")
    }

    private func backlog(_ broker: Broker) -> Int? { broker.metrics.subscriptions.first?.backlogMessages }

    @Test func purgeSaysHowManyMessagesItSkipped() async throws {
        try await withDesk { desk, broker, _ in
            try await publish(3, broker)
            let all = try await desk.purge("reader")
            #expect(all == .done("subscription reader: 3 messages acknowledged unread"))
            #expect(backlog(broker) == 0)
            try await publish(1, broker)
            let one = try await desk.purge("projects/streamtop/subscriptions/reader")
            #expect(one.text.hasSuffix(": 1 message acknowledged unread"))
        }
    }

    @Test func seekingBackSaysHowManyMessagesWaitAgain() async throws {
        try await withDesk { desk, broker, clock in
            try await publish(2, broker)
            clock.advance(by: .seconds(3600))
            try await publish(1, broker)
            clock.advance(by: .seconds(60))
            _ = try await desk.purge("reader")
            let last = try await desk.seek("reader", secondsBack: 600)
            #expect(last == .done("subscription reader goes back 600 s: 1 message waits again"))
            #expect(backlog(broker) == 1)
            let all = try await desk.seek("reader", to: Self.start)
            #expect(all == .done("subscription reader goes back to \(Self.start.rfc3339): 3 messages wait again"))
            #expect(backlog(broker) == 3)
        }
    }

    @Test func seekingSaysWhenAcknowledgedMessagesAreGone() async throws {
        try await withDesk(retention: nil) { desk, broker, _ in
            try await publish(2, broker)
            _ = try await desk.purge("reader")
            let answer = try await desk.seek("reader", secondsBack: 600)
            #expect(
                answer
                    == .done(
                        "subscription reader goes back 600 s: 0 messages wait again; acknowledged ones are not kept")
            )
        }
    }

    @Test func whatIsNoPastIsRefused() async throws {
        try await withDesk { desk, _, _ in
            let ahead = try await desk.seek("reader", to: Self.start + .seconds(1))
            #expect(ahead.text.contains("is still to come") && ahead == .refused(ahead.text))
            let long = try await desk.seek("reader", to: Self.start - .seconds(2_678_401))
            #expect(long.text.contains("more than 31 days ago") && long == .refused(long.text))
            for seconds in [-1, 2_678_401, 1e300, .nan, .infinity] {
                let answer = try await desk.seek("reader", secondsBack: seconds)
                #expect(answer == .refused(answer.text), "\(seconds)")
            }
        }
    }

    @Test func whatIsDetachedSaysSoAndCannotBeSought() async throws {
        try await withDesk { desk, broker, _ in
            try await publish(2, broker)
            let first = try await desk.detach("reader")
            #expect(first == .done("subscription reader is detached from its topic"))
            let second = try await desk.detach("reader")
            #expect(second == .done("subscription reader is detached already"))
            #expect(backlog(broker) == 0)
            await #expect(throws: PubSubError.self) { try await desk.seek("reader", secondsBack: 60) }
        }
    }

    @Test func aSubscriptionThatIsNotThereIsNamed() async throws {
        try await withDesk { desk, _, _ in
            await #expect { try await desk.purge("raeder") } throws: { "\($0)".contains("Did you mean reader?") }
        }
    }
}

@Suite struct PubSubFiguresTests {
    private func withBroker(_ disk: Disk = Disk(), _ body: (Broker, ManualClock) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/figures-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ManualClock(now: Timestamp(seconds: 1_772_239_200))
        let broker = try await Broker.open(folder: folder, clock: clock, calls: disk)
        try await body(broker, clock)
        try await broker.shutDown()
    }

    private func figures(
        _ broker: Broker, _ rates: inout RateBook, at now: Timestamp
    ) -> (topics: [TopicFigures], subscriptions: [SubscriptionFigures]) {
        let metrics = broker.metrics
        return (
            metrics.topics.map { TopicFigures($0, project: broker.project, rates: &rates, at: now) },
            metrics.subscriptions.map { SubscriptionFigures($0, project: broker.project, rates: &rates, at: now) }
        )
    }

    @Test func namesOfAnotherProjectStayWhole() async throws {
        try await withBroker { broker, clock in
            let topics = [Topic(name: "events"), Topic(name: "projects/other/topics/events")]
            let subscriptions = [
                Subscription(name: "reader", topic: "events"),
                Subscription(name: "projects/other/subscriptions/reader", topic: "projects/other/topics/events"),
            ]
            try await broker.declare(topics: topics, subscriptions: subscriptions)
            var rates = RateBook()
            let (shown, readers) = figures(broker, &rates, at: clock.now)
            #expect(Set(shown.map(\.name)) == ["events", "projects/other/topics/events"])
            #expect(Set(readers.map(\.name)) == ["reader", "projects/other/subscriptions/reader"])
            #expect(Set(readers.map(\.topic)) == Set(shown.map(\.name)))
        }
    }

    @Test func theOwnProjectComesFirst() {
        let now = Timestamp(seconds: 0)
        var snapshot = Snapshot(
            takenAt: now, startedAt: now, version: "1", workspace: "w", dataFolder: "d", isTriggered: false,
            process: ProcessFigures(pid: 1))
        let names = ["projects/a/topics/x", "b", "projects/c/topics/y", "z"]
        snapshot.topics = names.map { TopicFigures(name: $0) }
        snapshot.subscriptions = names.map { SubscriptionFigures(name: $0, topic: "t") }
        snapshot.putOwnProjectFirst()
        #expect(snapshot.topics.map(\.name) == ["b", "z", "projects/a/topics/x", "projects/c/topics/y"])
        #expect(snapshot.subscriptions.map(\.name) == snapshot.topics.map(\.name))
    }

    @Test func whatIsDeclaredIsShown() async throws {
        try await withBroker { broker, clock in
            let reader = Subscription(
                name: "reader", topic: "events", ackDeadlineSeconds: 30, messageRetentionDuration: .seconds(3600),
                retainAckedMessages: true, deadLetterPolicy: DeadLetterPolicy(deadLetterTopic: "dead"),
                filter: "attributes:kind", enableMessageOrdering: true, enableExactlyOnceDelivery: true)
            let pushed = Subscription(
                name: "pushed", topic: "events", pushConfig: PushConfig(pushEndpoint: "http://mailer/"))
            try await broker.declare(
                topics: [Topic(name: "events", messageRetentionDuration: .seconds(600)), Topic(name: "dead")],
                subscriptions: [reader, pushed])
            var rates = RateBook()
            let (topics, subscriptions) = figures(broker, &rates, at: clock.now)
            #expect(topics.map(\.retention) == [nil, 600])
            #expect(subscriptions.first?.terms?.pushEndpoint == "http://mailer/")
            #expect(
                subscriptions.last?.terms
                    == SubscriptionTerms(
                        ackDeadline: 30, retention: 3600, retainsAcknowledged: true, isOrdered: true,
                        isExactlyOnce: true, filter: "attributes:kind", deadLetterTopic: "dead",
                        maxDeliveryAttempts: 5))
        }
    }

    @Test func ratesOfNacksAndBytesAreTaken() async throws {
        try await withBroker { broker, clock in
            try await broker.declare(
                topics: [Topic(name: "events")], subscriptions: [Subscription(name: "reader", topic: "events")])
            var rates = RateBook()
            _ = figures(broker, &rates, at: clock.now)
            let message = OutgoingMessage(data: Array("hello".utf8))
            _ = try await broker.publish([message, message], to: "events")
            let pulled = try broker.pull(subscription: "reader", limit: 2)
            try broker.modifyAckDeadline(pulled.map(\.ackID), seconds: 0, subscription: "reader")
            clock.advance(by: .seconds(1))
            let (topics, subscriptions) = figures(broker, &rates, at: clock.now)
            #expect(topics.first?.byteRate == (topics.first?.publishedBytes).map(Double.init))
            #expect(topics.first?.publishRate == 2)
            #expect(subscriptions.first?.nackRate == 2)
            #expect(subscriptions.first?.deliverRate == 2)
        }
    }

    @Test func aFullDiskIsResourceExhaustedWithARemedyUntilThereIsRoom() async throws {
        let disk = Disk()
        try await withBroker(disk) { broker, clock in
            try await broker.declare(topics: [Topic(name: "events")], subscriptions: [])
            disk.isFull.store(true, ordering: .relaxed)
            let message = OutgoingMessage(data: Array("hello".utf8))
            await #expect(throws: PubSubError.self) { try await broker.publish([message], to: "events") }
            var rates = RateBook()
            let full = figures(broker, &rates, at: clock.now).topics.first
            #expect(full?.health == .resourceExhausted)
            #expect(full?.problem?.contains("Free some space") == true)
            #expect(full?.problem?.hasPrefix("projects/") == false)
            disk.isFull.store(false, ordering: .relaxed)
            _ = try await broker.publish([message], to: "events")
            let well = figures(broker, &rates, at: clock.now).topics.first
            #expect(well?.health == nil && well?.problem == nil)
        }
    }

    @Test func whatIsDetachedIsNoProblem() async throws {
        try await withBroker { broker, clock in
            try await broker.declare(
                topics: [Topic(name: "events")], subscriptions: [Subscription(name: "reader", topic: "events")])
            try await broker.detach(subscription: "reader")
            var rates = RateBook()
            let reader = figures(broker, &rates, at: clock.now).subscriptions.first
            #expect(reader?.terms?.isDetached == true)
            #expect(reader?.problem == nil && reader?.health == nil)
        }
    }
}
