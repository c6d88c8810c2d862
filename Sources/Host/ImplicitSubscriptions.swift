import Dataflow
import PubSub

/// The subscriptions of pipelines that read a topic (`ReadFromPubSub` with `topic`).
///
/// Apache Beam makes such a subscription when a pipeline starts, and loses what is published while it does not run. Here
/// it is kept: it gets everything from the pipeline's first start on, until no pipeline of the workspace has the step.
struct ImplicitSubscriptions {
    /// Marks them in the broker, to find those that are no longer read.
    static let labels = ["streamtop": "implicit"]

    /// The subscriptions to make.
    private(set) var subscriptions: [Subscription] = []

    /// The same graph, which reads a subscription of its own wherever it read a topic.
    mutating func resolve(_ graph: Graph) -> Graph {
        var graph = graph
        for index in graph.steps.indices {
            guard case .readMessages(var read) = graph.steps[index].operation, let topic = read.topic else { continue }
            let name = name(pipeline: graph.name, step: graph.steps[index].name, topic: topic.shortName)
            subscriptions.append(
                Subscription(
                    name: name, topic: topic.shortName, expirationPolicy: ExpirationPolicy(), labels: Self.labels))
            read.subscription = name
            read.topic = nil
            graph.steps[index].operation = .readMessages(read)
        }
        return graph
    }

    /// `<pipeline>-<step>-<topic>`, of the characters that a subscription's name may have.
    private func name(pipeline: String, step: String, topic: String) -> String {
        let text = "\(pipeline)-\(step)-\(topic)".unicodeScalars.map { scalar -> Character in
            let isAllowed = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isAllowed || "-_.~+%".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
        }
        // A name begins with a letter, and not like Google's own.
        let isFit = text.first?.isLetter == true && !text.starts(with: Array("goog"))
        let base = String(((isFit ? [] : Array("pipeline-")) + text).prefix(240))
        var name = base
        var number = 2
        while subscriptions.contains(where: { $0.name == name }) {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }

    /// Makes those that are missing, and deletes those that no pipeline reads any more. Throws when the broker cannot.
    func declare(in broker: Broker) async throws {
        let wanted = Set(subscriptions.map(\.name))
        for subscription in broker.subscriptions
        where subscription.labels == Self.labels && !wanted.contains(subscription.name.shortName) {
            try await broker.deleteSubscription(subscription.name)
        }
        try await broker.declare(topics: [], subscriptions: subscriptions)
    }
}
