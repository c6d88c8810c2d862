import Pipes
import Time

/// How a message stands in a topic's journal:
///
///     flags           1 byte: bit 0 attributes follow, bit 1 an ordering key follows
///     publish time    8 bytes, microseconds since the epoch, little-endian
///     ordering key    if any: length, bytes
///     attributes      if any: count, then length, key, length, value of each
///     data            the rest
///
/// Lengths and counts are base-128 numbers, the lowest seven bits first, as in protocol buffers.
enum MessageCodec {
    private static let hasAttributes: UInt8 = 1
    private static let hasKey: UInt8 = 2
    private static let fixedBytes = 9
    private static let longestNumber = 5

    /// How many bytes a message takes at most.
    static func maximumBytes(_ message: OutgoingMessage) -> Int {
        var bytes = fixedBytes + message.data.count
        if !message.orderingKey.isEmpty { bytes += longestNumber + message.orderingKey.utf8.count }
        if !message.attributes.isEmpty {
            bytes += longestNumber
            for (key, value) in message.attributes { bytes += 2 * longestNumber + key.utf8.count + value.utf8.count }
        }
        return bytes
    }

    /// Writes a message to `room`, which has `maximumBytes`; returns how many it took.
    static func encode(
        _ message: OutgoingMessage, publishTime: Timestamp, into room: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = ByteWriter(room)
        let flags =
            (message.attributes.isEmpty ? 0 : hasAttributes) | (message.orderingKey.isEmpty ? 0 : hasKey)
        writer.byte(flags)
        writer.fixed(UInt64(bitPattern: publishTime.micros))
        if flags & hasKey != 0 { writer.text(message.orderingKey) }
        if flags & hasAttributes != 0 {
            writer.number(message.attributes.count)
            for (key, value) in message.attributes {
                writer.text(key)
                writer.text(value)
            }
        }
        writer.bytes(message.data)
        return writer.count
    }

    /// The message in a record; nil when the record is none.
    static func decode(
        _ record: UnsafeRawBufferPointer, sequence: UInt64, deliveryAttempt: Int = 1
    ) -> IncomingMessage? {
        guard let head = MessageHead(record) else { return nil }
        return IncomingMessage(
            sequence: sequence, data: [UInt8](UnsafeRawBufferPointer(rebasing: record[head.dataOffset...])),
            attributes: head.attributes, orderingKey: head.orderingKey, publishTime: head.publishTime,
            deliveryAttempt: deliveryAttempt)
    }

    /// The publish time of a record; nil when it is no message.
    static func publishTime(_ record: UnsafeRawBufferPointer) -> Timestamp? {
        guard record.count >= fixedBytes else { return nil }
        let micros = UInt64(littleEndian: record.loadUnaligned(fromByteOffset: 1, as: UInt64.self))
        return Timestamp(micros: Int64(bitPattern: micros))
    }

    /// What stands before the data.
    struct MessageHead {
        var publishTime: Timestamp
        var orderingKey = ""
        var attributes: [String: String] = [:]
        var dataOffset: Int

        init?(_ record: UnsafeRawBufferPointer) {
            guard let time = MessageCodec.publishTime(record), let flags = record.first, flags <= hasAttributes | hasKey
            else {
                return nil
            }
            publishTime = time
            dataOffset = fixedBytes
            if flags == 0 { return }
            var reader = ByteReader(record, position: fixedBytes)
            if flags & hasKey != 0 {
                guard let key = reader.text() else { return nil }
                orderingKey = key
            }
            if flags & hasAttributes != 0 {
                guard let count = reader.number(), count <= record.count else { return nil }
                attributes.reserveCapacity(count)
                for _ in 0..<count {
                    guard let key = reader.text(), let value = reader.text() else { return nil }
                    attributes[key] = value
                }
            }
            dataOffset = reader.position
        }
    }
}
