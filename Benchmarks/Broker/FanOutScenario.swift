import PubSub

/// What several subscriptions of one topic take on disk. The topic retains its messages, so that what is compared does
/// not depend on when files are deleted.
struct FanOutScenario {
    private let options: Options
    /// Acknowledgements of one call: those of a client that handles messages in no order.
    private static let acksAtOnce = 100

    init(_ options: Options) { self.options = options }

    func run(_ figures: inout Figures) async throws {
        let bench = try await Bench(options)
        let broker = bench.broker
        try await broker.createTopic(Topic(name: Bench.topic, messageRetentionDuration: .seconds(86_400)))
        var names: [String] = []
        for number in 0..<options.subscriptions {
            names.append(try await broker.createSubscription(Bench.subscription(number)).name)
        }
        let seconds = try await elapsed { try await bench.publishBacklog(options) }
        figures.add("seconds", seconds)
        figures.add("bytes_published", Machine.bytes(in: options.folder))
        for name in names { try await deliver(broker, name) }
        figures.add("bytes_acknowledged", Machine.bytes(in: options.folder))
        figures.add("bytes_written", bench.calls.bytes)
        figures.add("left", broker.metrics.subscriptions.reduce(0) { $0 + $1.backlogMessages })
        try await broker.shutDown()
    }

    /// Every message once, acknowledged in random order within a batch.
    private func deliver(_ broker: Broker, _ name: String) async throws {
        let reader = try broker.reader(for: name)
        while true {
            let received = try reader.pull(limit: options.batch, byteLimit: 10_000_000, ackDeadline: .seconds(600))
            if received.isEmpty { return }
            let ids = received.map(\.ackID).shuffled()
            for start in stride(from: 0, to: ids.count, by: FanOutScenario.acksAtOnce) {
                let some = ids[start..<min(start + FanOutScenario.acksAtOnce, ids.count)]
                try await broker.acknowledge(Array(some), subscription: name)
            }
        }
    }
}
