import Foundation
import Journal
import Pipes
import PubSub
import Testing
import Time

/// Random damage to a broker's whole folder, also by files of other topics and with messages that carry another topic's
/// records: it opens, or says which file is in the way; it delivers nothing that was not published to that topic, and
/// goes on.
///
/// `RECOVERY_FUZZ_SECONDS=3600 RECOVERY_FUZZ_SEED=7 swift test --filter BrokerRecoveryFuzzTests` goes on for an hour.
@Suite struct BrokerRecoveryFuzzTests {
    @Test func whateverHappensToTheFolderNothingIsInvented() async throws {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["RECOVERY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let seconds = environment["RECOVERY_FUZZ_SECONDS"].flatMap { Double($0) }
        let start = ContinuousClock.now
        var (seed, refused) = (first, 0)
        while seconds.map({ ContinuousClock.now - start < .seconds($0) }) ?? (seed < first + 40) {
            if try await !survives(seed) { refused += 1 }
            seed += 1
        }
        if seconds != nil { print("\(seed - first) cases from seed \(first) on, \(refused) of them refused by name") }
        #expect(refused < seed - first, "no case was opened at all")
    }

    /// One case; false: the broker refused to open, and said why.
    private func survives(_ seed: UInt64) async throws -> Bool {
        var random = Seeded(state: seed)
        let fixture = BrokerFixture()
        let published = try await fill(fixture, &random)
        try damage(fixture, &random)

        let broker: Broker
        do {
            broker = try await fixture.open(segmentBytes: 700)
        } catch {
            let text = "\(error)"
            #expect(text.contains(fixture.folder), "seed \(seed): which file? \(text)")
            return false
        }
        for subscription in broker.metrics.subscriptions {
            while let pulled = try? broker.pull(subscription: subscription.name, limit: 100), !pulled.isEmpty {
                for received in pulled {
                    let mine = published[subscription.topic.hasSuffix("two") ? "two" : "one"] ?? []
                    try #require(
                        mine.contains(received.message.text),
                        "seed \(seed): \(subscription.name) got \(received.message.text)")
                }
                try await broker.acknowledge(pulled.map(\.ackID), subscription: subscription.name)
            }
        }
        for topic in broker.metrics.topics where topic.name != "_deleted-topic_" {
            _ = topic.health.description
            let numbers = try await broker.publish([OutgoingMessage("after")], to: topic.name)
            #expect(numbers.count == 1, "seed \(seed)")
        }
        _ = broker.recoveryNotes
        try await broker.shutDown()
        // Once put right, it stays so.
        let again = try await fixture.open(segmentBytes: 700)
        for subscription in again.metrics.subscriptions {
            let texts = try? again.pull(subscription: subscription.name, limit: 1000).map(\.message.text)
            #expect(texts ?? [] == (texts ?? []).filter { $0 == "after" }, "seed \(seed): \(subscription.name)")
        }
        try await again.shutDown()
        return true
    }

    /// Two topics and three subscriptions in different states. Returns what was published to each topic.
    private func fill(_ fixture: BrokerFixture, _ random: inout Seeded) async throws -> [String: Set<String>] {
        let broker = try await fixture.open(segmentBytes: 700)
        var published: [String: Set<String>] = [:]
        for name in ["one", "two"] {
            try await broker.createTopic(Topic(name: name))
        }
        for (name, topic) in [("first", "one"), ("second", "one"), ("third", "two")] {
            var subscription = Subscription(name: name, topic: topic)
            subscription.enableMessageOrdering = name == "second"
            subscription.enableExactlyOnceDelivery = name == "third"
            try await broker.createSubscription(subscription)
        }
        for round in 0..<Int.random(in: 1...8, using: &random) {
            for topic in ["one", "two"] {
                let texts = (0..<Int.random(in: 1...9, using: &random)).map { "\(topic) \(round) \($0)" }
                let key = topic == "one" ? "k\(round % 2)" : ""
                _ = try await broker.publish(texts.map { OutgoingMessage($0, ["n": "\(round)"], key: key) }, to: topic)
                published[topic, default: []].formUnion(texts)
                guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
                let other = topic == "one" ? "topics/2-two" : "topics/1-one"
                let segments = fixture.files(in: other).map { "\(fixture.folder)/\(other)/\($0)" }
                guard let segment = segments.last, let bytes = try? Data(contentsOf: URL(fileURLWithPath: segment))
                else { continue }
                // Whole, or its records alone.
                let carried = OutgoingMessage(data: [UInt8](bytes.dropFirst(Bool.random(using: &random) ? 0 : 40)))
                guard !carried.data.isEmpty else { continue }
                _ = try await broker.publish([carried], to: topic)
                published[topic, default: []].insert(String(decoding: carried.data, as: UTF8.self))
            }
            for name in ["first", "second", "third"] where Bool.random(using: &random) {
                let pulled = try broker.pull(subscription: name, limit: Int.random(in: 1...6, using: &random))
                try await broker.acknowledge(
                    pulled.filter { _ in Bool.random(using: &random) }.map(\.ackID), subscription: name)
            }
        }
        try await broker.shutDown()
        return published
    }

    private func damage(_ fixture: BrokerFixture, _ random: inout Seeded) throws {
        let files = (FileManager.default.subpaths(atPath: fixture.folder) ?? []).sorted().map {
            URL(fileURLWithPath: "\(fixture.folder)/\($0)")
        }.filter { !$0.hasDirectoryPath && (try? Data(contentsOf: $0)) != nil }
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            guard let file = files.randomElement(using: &random), let other = files.randomElement(using: &random),
                var bytes = try? [UInt8](Data(contentsOf: file)), !bytes.isEmpty
            else { continue }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeSubrange(place...)
            case 2: for index in place..<min(place + 512, bytes.count) { bytes[index] = 0 }
            case 3: bytes.insert(contentsOf: bytes.prefix(100), at: place)
            case 4:
                try FileManager.default.removeItem(at: file)
                continue
            case 5:
                // A file of another kind in its place.
                bytes = (try? [UInt8](Data(contentsOf: other))) ?? []
            case 6:
                try misplace(fixture, &random)
                continue
            default:
                bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in .random(in: 0...255, using: &random) }
            }
            try Data(bytes).write(to: file)
        }
    }

    /// A segment of one topic among the other's: in the place of one of them, or behind the last.
    private func misplace(_ fixture: BrokerFixture, _ random: inout Seeded) throws {
        let topics = ["topics/1-one", "topics/2-two"].shuffled(using: &random)
        let segments = topics.map { topic in fixture.files(in: topic).filter { $0.hasSuffix(".log") } }
        guard let from = segments[0].randomElement(using: &random), let to = segments[1].randomElement(using: &random)
        else { return }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(fixture.folder)/\(topics[0])/\(from)"))
        try bytes.write(
            to: URL(fileURLWithPath: "\(fixture.folder)/\(topics[1])/\(Bool.random(using: &random) ? from : to)"))
    }
}

/// Chance that can be had again (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
