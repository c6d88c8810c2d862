import Pipes
import PubSub

/// Publishes by a topic's last name, whatever project a pipeline file gives: the same file names a project of Google's
/// where it runs there, and here there is one broker.
struct ShortNamePublisher: MessagePublisher {
    let broker: Broker

    func publish(_ messages: [OutgoingMessage], to topic: String) async throws -> [UInt64] {
        try await broker.publish(messages, to: topic.shortName)
    }
}
