import Pipes
import Testing
import Time

@testable import PubSub

@Suite struct MessageCodecTests {
    private func encode(_ message: OutgoingMessage, at time: Timestamp) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: MessageCodec.maximumBytes(message)) { buffer, count in
            count = MessageCodec.encode(message, publishTime: time, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private static let long = String(repeating: "ä", count: 500)

    @Test(arguments: [
        OutgoingMessage(data: [1, 2, 3]),
        OutgoingMessage(data: [], attributes: ["k": "v"]),
        OutgoingMessage(data: [0], attributes: ["k": "", "l": long, "µ": "\u{1F687}"]),
        OutgoingMessage(data: [9], orderingKey: "A train"),
        OutgoingMessage(data: [UInt8](repeating: 7, count: 70_000), attributes: [long: "x"], orderingKey: long),
    ]) func aMessageComesBackAsItWas(message: OutgoingMessage) throws {
        for time in [Timestamp(micros: 0), Timestamp(micros: -1), Timestamp(micros: 1_772_239_200_123_456)] {
            let bytes = encode(message, at: time)
            let decoded = try #require(
                bytes.withUnsafeBytes { MessageCodec.decode($0, sequence: 42, deliveryAttempt: 3) })
            #expect(
                decoded
                    == IncomingMessage(
                        sequence: 42, data: message.data, attributes: message.attributes,
                        orderingKey: message.orderingKey,
                        publishTime: time, deliveryAttempt: 3))
            #expect(bytes.withUnsafeBytes { MessageCodec.publishTime($0) } == time)
        }
    }

    @Test(arguments: 0..<400 as Range<UInt64>) func anyBytesAreReadOrRefused(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var bytes = encode(
            OutgoingMessage(data: [1, 2], attributes: ["key": "value", "other": ""], orderingKey: "o"),
            at: Timestamp(micros: 5))
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        let message = bytes.withUnsafeBytes { MessageCodec.decode($0, sequence: 1) }
        #expect((message?.data.count ?? 0) <= bytes.count)
    }
}
