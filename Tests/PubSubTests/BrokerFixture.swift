import Foundation
import Journal
import Pipes
import PubSub
import Time

/// A folder for brokers and a clock that stands still, gone when the test is.
final class BrokerFixture: Sendable {
    static let start = Timestamp(seconds: 1_772_239_200)

    let folder: String
    let clock = ManualClock(now: BrokerFixture.start)

    init() {
        folder = FileManager.default.temporaryDirectory.path + "/broker-" + UUID().uuidString
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func open(
        cacheBytes: Int = 16 << 20, segmentBytes: Int = 64 << 20, calls: any DiskCalls = SystemDiskCalls()
    ) async throws -> Broker {
        try await Broker.open(
            folder: folder, project: "p", clock: clock, cacheBytes: cacheBytes, segmentBytes: segmentBytes, calls: calls
        )
    }

    /// A broker with the topic `top` and the subscription `sub`.
    func openWithSubscription(
        segmentBytes: Int = 64 << 20, calls: any DiskCalls = SystemDiskCalls(), topic: Topic = Topic(name: "top"),
        _ change: (inout Subscription) -> Void = { _ in }
    ) async throws -> Broker {
        let broker = try await open(segmentBytes: segmentBytes, calls: calls)
        var subscription = Subscription(name: "sub", topic: "top")
        change(&subscription)
        try await broker.declare(topics: [topic], subscriptions: [subscription])
        return broker
    }

    func files(in name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + name)) ?? []).sorted()
    }
}

extension OutgoingMessage {
    init(_ text: String, _ attributes: [String: String] = [:], key: String = "") {
        self.init(data: Array(text.utf8), attributes: attributes, orderingKey: key)
    }
}

extension IncomingMessage {
    var text: String { String(decoding: data, as: UTF8.self) }
}

extension Broker {
    /// Publishes texts to `top`.
    @discardableResult
    func publish(_ texts: String...) async throws -> [UInt64] {
        try await publish(texts.map { OutgoingMessage($0) }, to: "top")
    }

    /// The texts that `sub` hands out now, with their ack ids.
    func pullTexts(_ limit: Int = 1000) throws -> [String] {
        try pull(subscription: "sub", limit: limit).map(\.message.text)
    }

    var figures: SubscriptionMetrics? { metrics.subscriptions.first { $0.id == "sub" } }
}

extension MessageSource {
    func pullTexts(_ limit: Int = 1000) async throws -> [String] { try await pull(limit: limit).map(\.text) }
}
