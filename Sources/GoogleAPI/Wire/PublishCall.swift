import Foundation
import GRPCCore
import Pipes

/// A `PublishRequest`, as the broker takes it.
struct PublishCall: Sendable, Hashable {
    var topic = ""
    var messages: [OutgoingMessage] = []

    /// The most messages of a request (Pub/Sub documentation, "Quotas and limits").
    static let maximumMessages = 1000
    /// The most bytes of a request, as stored.
    static let maximumBytes = 10_000_000

    /// Throws INVALID_ARGUMENT when it is not to be published as a whole.
    func check() throws(APIError) {
        guard !messages.isEmpty else {
            throw .invalidArgument(
                "\(topic): the value for message_count is too small. You passed 0 in the request, but the minimum "
                    + "value is 1.")
        }
        guard messages.count <= PublishCall.maximumMessages else {
            throw .invalidArgument(
                "\(topic): the value for message_count is too large. You passed \(messages.count) in the request, but "
                    + "the maximum value is \(PublishCall.maximumMessages).")
        }
        var bytes = 0
        let key = messages[0].orderingKey
        for message in messages {
            bytes += message.data.count + message.orderingKey.utf8.count
            for (key, value) in message.attributes { bytes += key.utf8.count + value.utf8.count }
            guard message.orderingKey == key else {
                throw .invalidArgument(
                    "\(topic): all messages of a publish request must have one ordering key; this one has '\(key)' and "
                        + "'\(message.orderingKey)'. Publish them in requests of their own.")
            }
        }
        guard bytes <= PublishCall.maximumBytes else {
            throw .invalidArgument(
                "\(topic): the messages have \(bytes) bytes together; \(PublishCall.maximumBytes) are allowed in a "
                    + "request. Publish them in several.")
        }
    }
}

/// Reads a `PublishRequest` without the detour of a message of messages: it is where bytes come in in bulk.
struct PublishDecoder: MessageDeserializer {
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> PublishCall {
        try bytes.withUnsafeBytes { try PublishDecoder.decode($0) }
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws(APIError) -> PublishCall {
        var reader = WireReader(bytes)
        var call = PublishCall()
        while let (field, kind) = try reader.next() {
            switch (field, kind) {
            case (1, .bytes): call.topic = try reader.text()
            case (2, .bytes): call.messages.append(try message(try reader.slice()))
            default: try reader.skip(kind)
            }
        }
        return call
    }

    private static func message(_ bytes: UnsafeRawBufferPointer) throws(APIError) -> OutgoingMessage {
        var reader = WireReader(bytes)
        var message = OutgoingMessage(data: [])
        while let (field, kind) = try reader.next() {
            switch (field, kind) {
            case (1, .bytes): message.data = [UInt8](try reader.slice())
            case (2, .bytes):
                let (key, value) = try attribute(try reader.slice())
                message.attributes[key] = value
            case (5, .bytes): message.orderingKey = try reader.text()
            default: try reader.skip(kind)
            }
        }
        return message
    }

    private static func attribute(_ bytes: UnsafeRawBufferPointer) throws(APIError) -> (String, String) {
        var reader = WireReader(bytes)
        var (key, value) = ("", "")
        while let (field, kind) = try reader.next() {
            switch (field, kind) {
            case (1, .bytes): key = try reader.text()
            case (2, .bytes): value = try reader.text()
            default: try reader.skip(kind)
            }
        }
        return (key, value)
    }
}

extension PublishCall {
    init(_ request: PBPublishRequest) {
        topic = request.topic
        messages = request.messages.map { message in
            OutgoingMessage(
                data: [UInt8](message.data), attributes: message.attributes, orderingKey: message.orderingKey)
        }
    }
}
