import Pipes
import Testing
import Time

@testable import PubSub

/// A broker against a model that keeps every message in memory and has no cleverness at all.
@Suite struct BrokerModelTests {
    private struct Model {
        struct Message {
            var bytes: Int
            var time: Timestamp
        }

        /// What is not acknowledged, by number.
        var waiting: [UInt64: Message] = [:]
        var all: [UInt64: Message] = [:]
        /// Until when a message is with somebody.
        var leases: [UInt64: (id: AckID, until: Timestamp)] = [:]
        /// `.distantFuture` while the source holds it.
        var held: Set<UInt64> = []

        func available(at now: Timestamp) -> Set<UInt64> {
            Set(waiting.keys).subtracting(held).subtracting(leases.filter { $0.value.until > now }.keys)
        }
    }

    private let fixture = BrokerFixture()

    @Test(arguments: 0..<40 as Range<UInt64>) func randomOperationsDoWhatTheModelDoes(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        let isFiltered = Bool.random(using: &random)
        let cacheBytes = [0, 2_000, 16 << 20].randomElement(using: &random) ?? 0
        let segmentBytes = [150, 1_000, 64 << 20].randomElement(using: &random) ?? 0
        var broker = try await fixture.open(cacheBytes: cacheBytes, segmentBytes: segmentBytes)
        try await broker.declare(
            topics: [Topic(name: "top")],
            subscriptions: [
                Subscription(
                    name: "sub", topic: "top", retainAckedMessages: true, filter: isFiltered ? "attributes:yes" : "")
            ])
        var model = Model()
        var source: (any MessageSource)? = try broker.source(for: "sub")
        for _ in 0..<120 {
            let now = fixture.clock.now
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<6:
                let messages = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                    OutgoingMessage(
                        data: [UInt8](repeating: 7, count: Int.random(in: 0...90, using: &random)),
                        attributes: Bool.random(using: &random) ? ["yes": ""] : ["no": ""])
                }
                let numbers = try await broker.publish(messages, to: "top")
                for (number, message) in zip(numbers, messages) where !isFiltered || message.attributes["yes"] != nil {
                    // Flags, time, count, and the lengths of the key and of the empty value.
                    let bytes = 9 + 1 + 1 + message.attributes.keys.reduce(0) { $0 + $1.count } + 1 + message.data.count
                    model.all[number] = Model.Message(bytes: bytes, time: now)
                    model.waiting[number] = model.all[number]
                }
            case 6..<10:
                let limit = Int.random(in: 1...10, using: &random)
                let available = model.available(at: now)
                let pulled = try broker.pull(subscription: "sub", limit: limit)
                #expect(pulled.count == min(limit, available.count))
                #expect(available.isSuperset(of: pulled.map(\.message.sequence)))
                for one in pulled { model.leases[one.message.sequence] = (one.ackID, now + .seconds(10)) }
            case 10, 11:
                let limit = Int.random(in: 1...10, using: &random)
                let available = model.available(at: now)
                let pulled = try await source?.pull(limit: limit) ?? []
                #expect(pulled.count == min(limit, available.count))
                #expect(available.isSuperset(of: pulled.map(\.sequence)))
                for one in pulled {
                    model.held.insert(one.sequence)
                    model.leases[one.sequence] = nil
                }
            case 12, 13:
                let chosen = model.leases.filter { _ in Bool.random(using: &random) }
                try await broker.acknowledge(chosen.values.map(\.id), subscription: "sub")
                for number in chosen.keys {
                    model.waiting[number] = nil
                    model.leases[number] = nil
                }
            case 14:
                let chosen = SequenceSet(model.held.sorted().filter { _ in Bool.random(using: &random) })
                try await source?.acknowledge(chosen)
                for number in chosen.ranges.joined() {
                    model.waiting[number] = nil
                    model.held.remove(number)
                }
            case 15:
                let chosen = model.leases.filter { $0.value.until > now && Bool.random(using: &random) }
                try broker.modifyAckDeadline(chosen.values.map(\.id), seconds: 0, subscription: "sub")
                for number in chosen.keys { model.leases[number]?.until = now }
            case 16: fixture.clock.advance(by: .milliseconds(Int64.random(in: 1...6_000, using: &random)))
            case 17:
                source = nil
                model.held = []
                source = try broker.source(for: "sub")
            case 18:
                source = nil
                if Bool.random(using: &random) { try await broker.shutDown() }
                broker = try await fixture.open(cacheBytes: cacheBytes, segmentBytes: segmentBytes)
                model.held = []
                model.leases = [:]
                source = try broker.source(for: "sub")
            default:
                let time = now - .milliseconds(Int64.random(in: 0...20_000, using: &random))
                let count = try await broker.seek(subscription: "sub", to: time)
                model.waiting = model.all.filter { $0.value.time >= time }
                model.held = []
                model.leases = [:]
                #expect(count == model.waiting.count)
            }
            // Deadlines run out when somebody looks.
            model.leases = model.leases.filter { $0.value.until > fixture.clock.now || model.waiting[$0.key] != nil }
            let figures = try #require(broker.figures)
            #expect(figures.backlogMessages == model.waiting.count)
            #expect(figures.backlogBytes == model.waiting.values.reduce(0) { $0 + $1.bytes })
            #expect(figures.oldestUnacknowledged == model.waiting.values.map(\.time).min())
        }
    }
}
