import GRPCCore
import GRPCProtobuf
import Pipes
import PubSub
import SwiftProtobuf
import Time

/// Messages on their way to a client, and what else a stream says.
struct Delivery: Sendable {
    var messages: [PubSub.ReceivedMessage] = []
    /// Whether the messages say how often they were handed out: only where there is a dead-letter policy.
    var countsAttempts = false
    /// Everything of a stream's answer but the messages.
    var rest = PBStreamingPullResponse()
}

/// Writes a `PullResponse` or `StreamingPullResponse` straight from the broker's messages: it is where bytes go out in
/// bulk. Their `received_messages` have one number, 1.
struct DeliveryEncoder: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ delivery: Delivery) throws -> Bytes {
        let rest: [UInt8] = try delivery.rest.serializedBytes()
        let sizes = delivery.messages.map { Sizes($0, countsAttempts: delivery.countsAttempts) }
        let total = sizes.reduce(rest.count) { $0 + WireWriter.size(bytes: $1.total) }
        var bytes = Bytes(repeating: 0, count: total)
        bytes.withUnsafeMutableBytes { room in
            var writer = WireWriter(room)
            for (message, sizes) in zip(delivery.messages, sizes) { DeliveryEncoder.write(message, sizes, &writer) }
            for (index, byte) in rest.enumerated() { room[writer.count + index] = byte }
        }
        return bytes
    }

    /// How many bytes the parts of a `ReceivedMessage` take.
    private struct Sizes {
        var ackID: String
        var messageID: String
        var seconds: UInt64
        var nanos: UInt64
        var attempt: UInt64
        var time: Int
        var message: Int
        var total: Int

        init(_ received: PubSub.ReceivedMessage, countsAttempts: Bool) {
            let message = received.message
            ackID = received.ackID.description
            messageID = String(message.sequence)
            (seconds, nanos) = message.publishTime.wire
            attempt = countsAttempts ? UInt64(message.deliveryAttempt) : 0
            time = WireWriter.size(number: seconds) + WireWriter.size(number: nanos)
            self.message = WireWriter.size(bytes: messageID.utf8.count) + WireWriter.size(bytes: time)
            if !message.data.isEmpty { self.message += WireWriter.size(bytes: message.data.count) }
            for (key, value) in message.attributes {
                self.message += WireWriter.size(bytes: Sizes.attribute(key, value))
            }
            if !message.orderingKey.isEmpty {
                self.message += WireWriter.size(bytes: message.orderingKey.utf8.count)
            }
            total =
                WireWriter.size(bytes: ackID.utf8.count) + WireWriter.size(bytes: self.message)
                + WireWriter.size(number: attempt)
        }

        static func attribute(_ key: String, _ value: String) -> Int {
            WireWriter.size(bytes: key.utf8.count) + WireWriter.size(bytes: value.utf8.count)
        }
    }

    private static func write(_ received: PubSub.ReceivedMessage, _ sizes: Sizes, _ writer: inout WireWriter) {
        let message = received.message
        writer.head(1, count: sizes.total)
        writer.text(1, sizes.ackID)
        writer.head(2, count: sizes.message)
        if !message.data.isEmpty { writer.bytes(1, message.data) }
        for (key, value) in message.attributes {
            writer.head(2, count: Sizes.attribute(key, value))
            writer.text(1, key)
            writer.text(2, value)
        }
        writer.text(3, sizes.messageID)
        writer.head(4, count: sizes.time)
        writer.number(1, sizes.seconds)
        writer.number(2, sizes.nanos)
        if !message.orderingKey.isEmpty { writer.text(5, message.orderingKey) }
        writer.number(3, sizes.attempt)
    }
}

extension Timestamp {
    /// As `google.protobuf.Timestamp` has it: whole seconds and what is above them.
    var wire: (seconds: UInt64, nanos: UInt64) {
        let (seconds, rest) = micros.quotientAndRemainder(dividingBy: 1_000_000)
        let isBefore = rest < 0
        return (
            UInt64(bitPattern: isBefore ? seconds - 1 : seconds), UInt64((isBefore ? rest + 1_000_000 : rest) * 1000)
        )
    }
}
