import Pipes

/// What a message must be to be published (Pub/Sub documentation, "Quotas and limits").
enum MessageRules {
    static let maximumBytes = 10_000_000
    static let maximumAttributes = 100
    static let maximumKeyBytes = 256
    static let maximumValueBytes = 1024
    static let maximumOrderingKeyBytes = 1024

    /// Throws INVALID_ARGUMENT, with the place of the message among those published together.
    static func check(_ message: OutgoingMessage, at index: Int, topic: String) throws(PubSubError) {
        if message.data.isEmpty, message.attributes.isEmpty {
            throw PubSubError(
                .invalidArgument,
                "\(topic): message \(index + 1) is empty. Each message must have data or at least one attribute.")
        }
        guard message.data.count <= maximumBytes else {
            throw refusal(index, topic, "has \(message.data.count) bytes; \(maximumBytes) are allowed. Split it.")
        }
        guard message.orderingKey.utf8.count <= maximumOrderingKeyBytes else {
            throw refusal(index, topic, "has an ordering key of more than \(maximumOrderingKeyBytes) bytes.")
        }
        guard message.attributes.count <= maximumAttributes else {
            throw refusal(
                index, topic, "has \(message.attributes.count) attributes; \(maximumAttributes) are allowed.")
        }
        for (key, value) in message.attributes {
            guard !key.isEmpty, key.utf8.count <= maximumKeyBytes, !key.hasPrefix("goog") else {
                throw refusal(
                    index, topic,
                    "has an attribute with the key '\(key.prefix(40))'; "
                        + "keys have 1 to \(maximumKeyBytes) bytes and do not start with goog.")
            }
            guard value.utf8.count <= maximumValueBytes else {
                throw refusal(index, topic, "has more than \(maximumValueBytes) bytes in the attribute '\(key)'.")
            }
        }
    }

    private static func refusal(_ index: Int, _ topic: String, _ what: String) -> PubSubError {
        PubSubError(.invalidArgument, "\(topic): message \(index + 1) \(what)")
    }
}
