import Pipes
import Synchronization
import Testing
import Time

@testable import PubSub

@Suite struct SourceTests {
    private let fixture = BrokerFixture()

    @Test func aSourceHoldsWhatItPulledForLife() async throws {
        let broker = try await fixture.openWithSubscription()
        let source = try broker.source(for: "sub")
        try await broker.publish("a", "b", "c")
        #expect(try await source.pullTexts(2) == ["a", "b"])
        fixture.clock.advance(by: .seconds(86_400))
        #expect(try await source.pullTexts() == ["c"])
        #expect(try await source.pullTexts() == [])
        #expect(broker.figures?.expiredDeadlines == 0)
        try await source.acknowledge(SequenceSet(1..<3))
        #expect(await source.backlog() == Backlog(messages: 1, bytes: 10, oldestPublishTime: BrokerFixture.start))
    }

    @Test func twoSourcesShareTheMessagesAndOneThatGoesLeavesItsOwn() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a", "b", "c", "d")
        let stays = try broker.source(for: "sub")
        do {
            let goes = try broker.source(for: "sub")
            #expect(broker.figures?.consumers == 2)
            #expect(try await goes.pullTexts(3) == ["a", "b", "c"])
            try await goes.acknowledge(SequenceSet([2]))
            #expect(try await stays.pullTexts() == ["d"])
        }
        #expect(broker.figures?.consumers == 1)
        #expect(try await stays.pullTexts() == ["a", "c"])
    }

    @Test func aWaitingSourceWakesWhenSomethingIsPublished() async throws {
        let broker = try await fixture.openWithSubscription()
        let source = try broker.source(for: "sub")
        for round in 0..<200 {
            async let waiting: Void = source.waitForMessages()
            if round % 2 == 0 { await Task.yield() }
            try await broker.publish("m\(round)")
            try await waiting
            #expect(try await source.pullTexts() == ["m\(round)"])
        }
    }

    @Test func waitingReturnsAtOnceWhenThereIsSomething() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a")
        let source = try broker.source(for: "sub")
        try await source.waitForMessages()
        try await source.waitForMessages()
        #expect(try await source.pullTexts() == ["a"])
    }

    @Test func aWaitCanBeCancelled() async throws {
        let broker = try await fixture.openWithSubscription()
        let source = try broker.source(for: "sub")
        for early in [true, false] {
            let waiting = Task { try await source.waitForMessages() }
            if !early { for _ in 0..<20 { await Task.yield() } }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
    }

    @Test func afterAResumeOnlyTheUncommittedComesAnew() async throws {
        let broker = try await fixture.openWithSubscription()
        for index in 1...10 { try await broker.publish("m\(index)") }
        let before = try broker.source(for: "sub")
        _ = try await before.pull(limit: 7)
        try await before.acknowledge(SequenceSet(1..<3))
        // The process dies; the sink had committed 1 to 5 and 8.
        let again = try await fixture.open()
        let source = try again.source(for: "sub")
        var committed = SequenceSet(1..<6)
        committed.insert(8)
        try await source.resume(committed: committed)
        #expect(try await source.pullTexts() == ["m6", "m7", "m9", "m10"])
        #expect(await source.backlog().messages == 4)
        #expect(await source.backlog().bytes == 9 * 4 + 9)
        // Resuming the same reader hands out anew what it had.
        try await source.resume(committed: SequenceSet([6]))
        #expect(try await source.pullTexts() == ["m7", "m9", "m10"])
        let third = try await fixture.open()
        #expect(try await third.source(for: "sub").pullTexts() == ["m7", "m9", "m10"])
    }

    @Test func numbersBeyondTheEndAreNotAcknowledged() async throws {
        let broker = try await fixture.openWithSubscription()
        try await broker.publish("a")
        let source = try broker.source(for: "sub")
        try await source.acknowledge(SequenceSet(1..<100))
        try await broker.publish("b")
        #expect(try await source.pullTexts() == ["b"])
    }

    @Test func theOldestTimeIsExactByPublishTimeAndByAttribute() async throws {
        let broker = try await fixture.openWithSubscription()
        let source = try broker.source(for: "sub")
        #expect(await source.oldestUnacknowledged(timestampAttribute: nil) == nil)
        #expect(await source.oldestUnacknowledged(timestampAttribute: "ts") == nil)
        // Milliseconds, RFC 3339, unreadable, missing.
        let times = ["5000", "1970-01-01T00:00:03Z", "4000", "soon", nil]
        for time in times {
            _ = try await broker.publish([OutgoingMessage("x", time.map { ["ts": $0] } ?? [:])], to: "top")
            fixture.clock.advance(by: .seconds(1))
        }
        func oldest() async -> Timestamp? { await source.oldestUnacknowledged(timestampAttribute: "ts") }
        #expect(await oldest() == Timestamp(seconds: 3))
        _ = try await source.pull(limit: 3)
        #expect(await oldest() == Timestamp(seconds: 3))
        try await source.acknowledge(SequenceSet([2]))
        #expect(await oldest() == Timestamp(seconds: 4))
        _ = try await broker.publish([OutgoingMessage("x", ["ts": "1000"])], to: "top")
        #expect(await oldest() == Timestamp(seconds: 1))
        _ = try await source.pull(limit: 10)
        try await source.acknowledge(SequenceSet([1, 3, 6]))
        // What is left counts by its publish time.
        #expect(await oldest() == BrokerFixture.start + .seconds(3))
        #expect(await source.oldestUnacknowledged(timestampAttribute: nil) == BrokerFixture.start + .seconds(3))
        try await source.acknowledge(SequenceSet(1..<7))
        #expect(await oldest() == nil)
        _ = try await broker.seek(subscription: "sub", to: BrokerFixture.start)
        #expect(await oldest() == nil)
    }

    @Test(arguments: 0..<12 as Range<UInt64>) func theOldestIsTheMinimumWhateverIsAcknowledgedWhen(seed: UInt64)
        async throws
    {
        var random = SplitMix(seed: seed)
        let broker = try await fixture.openWithSubscription()
        let source = try broker.source(for: "sub")
        var times: [UInt64: Int64] = [:]
        for _ in 0..<60 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let values = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    Int64.random(in: 0...1000, using: &random)
                }
                let numbers = try await broker.publish(
                    values.map { OutgoingMessage("x", ["ts": String($0)]) }, to: "top")
                for (number, value) in zip(numbers, values) { times[number] = value }
            case 2: _ = try await source.pull(limit: Int.random(in: 1...6, using: &random))
            default:
                guard let number = times.keys.sorted().randomElement(using: &random) else { continue }
                try await source.acknowledge(SequenceSet([number]))
                times[number] = nil
            }
            let oldest = await source.oldestUnacknowledged(timestampAttribute: "ts")
            #expect(oldest == times.values.min().map { Timestamp(millis: $0) })
        }
    }

    @Test func manyPublishersAndReadersLoseAndDoubleNothing() async throws {
        let broker = try await fixture.openWithSubscription(segmentBytes: 20_000)
        let total = 3_000
        let seen = Box<[String: Int]>([:])
        let orders = Box<[[UInt64]]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for publisher in 0..<10 {
                group.addTask {
                    var numbers: [UInt64] = []
                    for index in 0..<100 {
                        let texts = (0..<3).map { OutgoingMessage("\(publisher)-\(index)-\($0)") }
                        numbers += try await broker.publish(texts, to: "top")
                    }
                    let published = numbers
                    orders.withLock { $0.append(published) }
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    let source = try broker.source(for: "sub")
                    while seen.withLock({ $0.count }) < total {
                        let messages = try await source.pull(limit: 50)
                        if messages.isEmpty {
                            await Task.yield()
                            continue
                        }
                        #expect(zip(messages, messages.dropFirst()).allSatisfy { $0.sequence < $1.sequence })
                        seen.withLock { seen in
                            for message in messages { seen[message.text, default: 0] += 1 }
                        }
                        try await source.acknowledge(SequenceSet(messages.map(\.sequence)))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(seen.withLock { $0.values.allSatisfy { $0 == 1 } })
        #expect(seen.withLock { $0.count } == total)
        // A publisher's messages are numbered in the order of its calls.
        #expect(orders.withLock { $0.allSatisfy { $0 == $0.sorted() } })
        #expect(Set(orders.withLock { $0.joined() }) == Set(1...UInt64(total)))
        #expect(broker.figures?.backlogMessages == 0)
        let again = try await fixture.open()
        #expect(again.figures?.backlogMessages == 0)
    }
}

/// A value that several tasks change.
private final class Box<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withLock<T: Sendable>(_ body: (inout Value) -> T) -> T { value.withLock { body(&$0) } }
}
