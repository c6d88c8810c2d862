import Foundation
import Pipes
import PubSub
import SwiftProtobuf
import Testing
import Time

@testable import GoogleAPI

@Suite struct WireTests {
    private func decode(_ bytes: [UInt8]) throws -> PublishCall {
        try bytes.withUnsafeBytes { bytes throws(APIError) in try PublishDecoder.decode(bytes) }
    }

    @Test func aPublishRequestIsReadAsTheGeneratedCodeReadsIt() throws {
        var request = PBPublishRequest()
        request.topic = "projects/p/topics/t"
        for number in 0..<300 {
            var message = PBPubsubMessage()
            message.data = Data(repeating: UInt8(number & 255), count: number)
            message.attributes = number % 3 == 0 ? ["k\(number)": "wért", "empty": ""] : [:]
            message.orderingKey = number % 2 == 0 ? "key" : ""
            message.messageID = "ignored"
            message.publishTime = Google_Protobuf_Timestamp(seconds: 5, nanos: 6)
            request.messages.append(message)
        }
        #expect(try decode(request.serializedBytes()) == PublishCall(request))
    }

    @Test func truncatedRequestsAreRefusedOrShorterNeverMore() throws {
        var request = PBPublishRequest()
        request.topic = "projects/p/topics/t"
        request.messages = [.with { $0.data = Data("hello".utf8) }, .with { $0.attributes = ["a": "b"] }]
        let bytes: [UInt8] = try request.serializedBytes()
        for count in 0..<bytes.count {
            let short = try? decode(Array(bytes.prefix(count)))
            #expect((short?.messages.count ?? 0) <= 2)
        }
    }

    @Test(
        arguments: [
            [0xFF], [0x0A], [0x0A, 0x05, 0x41], [0x0B], [0x00, 0x01], [0x0A, 0x01, 0xFF],
            [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            [0x08] + [UInt8](repeating: 0x80, count: 12),
        ] as [[UInt8]])
    func malformedRequestsAreRefused(bytes: [UInt8]) {
        #expect(throws: APIError.self) { try decode(bytes) }
    }

    @Test func deliveriesAreWrittenAsTheGeneratedCodeReadsThem() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ManualClock(now: Timestamp(micros: 1_700_000_000_123_456))
        let broker = try await Broker.open(folder: folder, clock: clock)
        _ = try await broker.createTopic(.init(name: "topic"))
        _ = try await broker.createSubscription(.init(name: "sub", topic: "topic", enableMessageOrdering: true))
        let sent = (0..<200).map { number in
            OutgoingMessage(
                data: [UInt8](repeating: 7, count: number * 3 % 400),
                attributes: number % 2 == 0 ? ["n": "\(number)", "ümlaut": "ß"] : ["n": ""],
                orderingKey: number % 3 == 0 ? "key" : "")
        }
        _ = try await broker.publish(sent, to: "topic")
        let received = try broker.pull(subscription: "sub", limit: 200)
        var rest = PBStreamingPullResponse()
        rest.subscriptionProperties.exactlyOnceDeliveryEnabled = true
        for countsAttempts in [false, true] {
            let delivery = Delivery(messages: received, countsAttempts: countsAttempts, rest: rest)
            let bytes: [UInt8] = try DeliveryEncoder().serialize(delivery)
            var expected = rest
            expected.receivedMessages = received.map { PBReceivedMessage($0, countsAttempts: countsAttempts) }
            #expect(try PBStreamingPullResponse(serializedBytes: bytes) == expected)
        }
        #expect(received.count == 200)
        try await broker.shutDown()
    }

    @Test(
        arguments: [
            (0, 0, 0), (1_500_000, 1, 500_000_000), (-1, UInt64(bitPattern: -1), 999_999_000),
        ] as [(Int64, UInt64, UInt64)])
    func timesBeforeTheEpochToo(micros: Int64, seconds: UInt64, nanos: UInt64) {
        #expect(Timestamp(micros: micros).wire == (seconds, nanos))
    }
}
