import Pipes
import PubSub
import Testing
import Time

/// How many bytes a reader is handed at once.
@Suite struct PullLimitTests {
    private let fixture = BrokerFixture()

    private func publish(_ sizes: [Int], to broker: Broker, key: String = "") async throws {
        for (index, size) in sizes.enumerated() {
            let data = [UInt8](repeating: UInt8(index), count: size)
            _ = try await broker.publish([OutgoingMessage(data: data, orderingKey: key)], to: "top")
        }
    }

    /// The places of the messages of one answer after the other, each acknowledged before the next.
    private func answers(_ broker: Broker, byteLimit: Int, limit: Int = 100) async throws -> [[Int]] {
        let reader = try broker.reader(for: "sub")
        var answers: [[Int]] = []
        while true {
            let answer = try reader.pull(limit: limit, byteLimit: byteLimit, ackDeadline: .seconds(60))
            if answer.isEmpty { return answers }
            answers.append(answer.map { Int($0.message.data[0]) })
            // Nothing but what was handed out is leased.
            #expect(broker.figures?.outstanding == answer.count)
            try await broker.acknowledge(answer.map(\.ackID), subscription: "sub")
        }
    }

    /// Sizes in kB of the messages, and which stand in one answer of 10 kB together.
    static let cases: [(sizes: [Int], answers: [[Int]])] = [
        ([3, 3, 3], [[0, 1, 2]]),
        ([3, 3, 3, 3], [[0, 1, 2], [3]]),
        ([3, 9, 3], [[0], [1], [2]]),
        ([3, 50, 3, 3], [[0], [1], [2, 3]]),
        ([50, 50], [[0], [1]]),
        ([1, 1, 50, 1, 9, 1], [[0, 1], [2], [3], [4], [5]]),
    ]

    @Test(arguments: cases) func aMessageThatDoesNotFitWaitsForTheNextAnswer(sizes: [Int], expected: [[Int]])
        async throws
    {
        for key in ["", "key"] {
            let fixture = BrokerFixture()
            let broker = try await fixture.openWithSubscription { $0.enableMessageOrdering = !key.isEmpty }
            try await publish(sizes.map { $0 * 1000 }, to: broker, key: key)
            #expect(try await answers(broker, byteLimit: 10_000) == expected, "key '\(key)'")
        }
    }

    /// The same when they come again, which they do by another way.
    @Test(arguments: cases) func norDoesOneThatComesAgain(sizes: [Int], expected: [[Int]]) async throws {
        for key in ["", "key"] {
            let fixture = BrokerFixture()
            let broker = try await fixture.openWithSubscription { $0.enableMessageOrdering = !key.isEmpty }
            try await publish(sizes.map { $0 * 1000 }, to: broker, key: key)
            let first = try broker.pull(subscription: "sub", limit: 100)
            #expect(first.count == sizes.count)
            try broker.modifyAckDeadline(first.map(\.ackID), seconds: 0, subscription: "sub")
            #expect(try await answers(broker, byteLimit: 10_000) == expected, "key '\(key)'")
        }
    }

    @Test func attributesAndIdsCountToo() async throws {
        let broker = try await fixture.openWithSubscription()
        let attributes = Dictionary(
            uniqueKeysWithValues: (0..<10).map { ("key\($0)", String(repeating: "v", count: 90)) })
        for _ in 0..<20 {
            _ = try await broker.publish([OutgoingMessage(data: [1], attributes: attributes)], to: "top")
        }
        #expect(try await answers(broker, byteLimit: 10_000).map(\.count) == [8, 8, 4])
        // A thousand empty ones are no empty answer.
        for _ in 0..<200 { _ = try await broker.publish([OutgoingMessage(data: [1])], to: "top") }
        #expect(try await answers(broker, byteLimit: 10_000, limit: 1000).map(\.count) == [103, 97])
    }

    @Test func whatTheFilterHoldsBackTakesNoRoom() async throws {
        let broker = try await fixture.openWithSubscription { $0.filter = "attributes:wanted" }
        for index in 0..<6 {
            let message = OutgoingMessage(
                data: [UInt8](repeating: UInt8(index), count: 6000), attributes: index % 3 == 2 ? ["wanted": ""] : [:])
            _ = try await broker.publish([message], to: "top")
        }
        #expect(try await answers(broker, byteLimit: 10_000) == [[2], [5]])
    }

    /// The first reader has the key; what is cut off the second one's answer waits, and comes in order.
    @Test func aKeyThatAnotherReaderHasTakesNoRoom() async throws {
        let broker = try await fixture.openWithSubscription { $0.enableMessageOrdering = true }
        let (first, second) = (try broker.reader(for: "sub"), try broker.reader(for: "sub"))
        try await publish([10], to: broker, key: "a")
        #expect(try first.pull(limit: 1, byteLimit: 100, ackDeadline: .seconds(60)).count == 1)
        for key in ["a", "b", "b", "a"] {
            _ = try await broker.publish(
                [OutgoingMessage(data: [UInt8](repeating: 7, count: 6000), orderingKey: key)], to: "top")
        }
        #expect(
            try second.pull(limit: 10, byteLimit: 10_000, ackDeadline: .seconds(60)).map(\.message.sequence) == [3])
        #expect(
            try second.pull(limit: 10, byteLimit: 10_000, ackDeadline: .seconds(60)).map(\.message.sequence) == [4])
        #expect(
            try first.pull(limit: 10, byteLimit: 15_000, ackDeadline: .seconds(60)).map(\.message.sequence) == [2, 5])
    }

    @Test func whatIsTakenBackComesAgainAsIfItHadNeverBeenHandedOut() async throws {
        for key in ["", "key"] {
            let fixture = BrokerFixture()
            let broker = try await fixture.openWithSubscription {
                $0.enableMessageOrdering = !key.isEmpty
                $0.deadLetterPolicy = DeadLetterPolicy(deadLetterTopic: "top", maxDeliveryAttempts: 5)
                $0.retryPolicy = RetryPolicy(minimumBackoff: .seconds(600))
            }
            try await publish([10, 10, 10], to: broker, key: key)
            let reader = try broker.reader(for: "sub")
            let one = try reader.pull(limit: 1, byteLimit: 1000, ackDeadline: .seconds(60))
            let rest = try reader.pull(limit: 2, byteLimit: 1000, ackDeadline: .seconds(60))
            reader.takeBack(rest.map(\.ackID))
            #expect(broker.figures?.outstanding == 1)
            let again = try broker.reader(for: "sub").pull(limit: 9, byteLimit: 1000, ackDeadline: .seconds(60))
            // The reader that has the key's first message keeps the key.
            #expect(again.map(\.message.sequence) == (key.isEmpty ? [2, 3] : []))
            let its = key.isEmpty ? again : try reader.pull(limit: 9, byteLimit: 1000, ackDeadline: .seconds(60))
            #expect(its.map(\.message.sequence) == [2, 3])
            #expect(its.allSatisfy { $0.message.deliveryAttempt == 1 })
            // Of the lease that was taken back nothing is left.
            reader.takeBack(rest.map(\.ackID))
            #expect(broker.figures?.outstanding == 3)
            try await broker.acknowledge((one + its).map(\.ackID), subscription: "sub")
            #expect(broker.figures?.backlogMessages == 0)
        }
    }
}
