import Columnar
import Pipes
import Time

/// The request that carries a message to a push endpoint (Pub/Sub documentation, "Properties of a push subscription").
enum PushRequest {
    static func make(
        _ message: IncomingMessage, to config: PushConfig, subscription: ResourceName, attempt: Int?
    ) -> HTTPRequest {
        guard let noWrapper = config.noWrapper else {
            return HTTPRequest(
                method: "POST", url: config.pushEndpoint,
                headers: ["Content-Type": "application/json", "User-Agent": agent],
                body: wrapped(message, subscription, attempt))
        }
        var headers = ["User-Agent": agent]
        if noWrapper.writeMetadata {
            headers["x-goog-pubsub-subscription-name"] = subscription.description
            headers["x-goog-pubsub-message-id"] = String(message.sequence)
            headers["x-goog-pubsub-publish-time"] = message.publishTime.rfc3339
            if !message.orderingKey.isEmpty { headers["x-goog-pubsub-ordering-key"] = message.orderingKey }
            for (key, value) in message.attributes where isHeader(key, value) { headers[key] = value }
        }
        return HTTPRequest(method: "POST", url: config.pushEndpoint, headers: headers, body: message.data)
    }

    private static let agent = "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)"

    /// `{"message": {…}, "subscription": "…"}`; the id and the time under both of their names, as the service sends them.
    private static func wrapped(_ message: IncomingMessage, _ subscription: ResourceName, _ attempt: Int?) -> [UInt8] {
        var json = JSONText()
        json.raw("{\"message\":{")
        if !message.attributes.isEmpty {
            json.raw("\"attributes\":{")
            for (index, pair) in message.attributes.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { json.raw(",") }
                json.string(pair.key)
                json.raw(":")
                json.string(pair.value)
            }
            json.raw("},")
        }
        if !message.data.isEmpty {
            json.raw("\"data\":\"")
            json.raw(Base64.encode(message.data))
            json.raw("\",")
        }
        let id = String(message.sequence)
        let time = message.publishTime.rfc3339
        json.raw("\"messageId\":\"\(id)\",\"message_id\":\"\(id)\"")
        if !message.orderingKey.isEmpty {
            json.raw(",\"orderingKey\":")
            json.string(message.orderingKey)
        }
        json.raw(",\"publishTime\":\"\(time)\",\"publish_time\":\"\(time)\"}")
        if let attempt { json.raw(",\"deliveryAttempt\":\(attempt)") }
        json.raw(",\"subscription\":")
        json.string(subscription.description)
        json.raw("}")
        return json.bytes
    }

    /// Whether an attribute may stand in an HTTP header as it is.
    private static func isHeader(_ key: String, _ value: String) -> Bool {
        key.utf8.allSatisfy { ($0 >= 48 && $0 < 58) || ($0 | 32 >= 97 && $0 | 32 < 123) || $0 == 45 || $0 == 95 }
            && value.utf8.allSatisfy { $0 >= 32 && $0 < 127 }
    }
}

/// JSON that is put together piece by piece.
private struct JSONText {
    var bytes: [UInt8] = []

    mutating func raw(_ text: String) { bytes += text.utf8 }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<32:
                raw("\\u00")
                raw(byte < 16 ? "0" : "1")
                bytes.append(Array("0123456789abcdef".utf8)[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
