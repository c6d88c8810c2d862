import Pipes
import PubSub

/// Delivers a backlog to `tasks` consumers, who acknowledge each batch before they pull the next.
struct DeliverScenario {
    private let options: Options

    init(_ options: Options) { self.options = options }

    func run(_ figures: inout Figures) async throws {
        let bench = try await Bench(options)
        let broker = bench.broker
        try await broker.createTopic(Topic(name: Bench.topic))
        let subscription = try await broker.createSubscription(
            Bench.subscription(0, isExactlyOnce: options.isExactlyOnce))
        try await bench.publishBacklog(options)
        let syncs = bench.calls.syncs
        let processor = Machine.processorTime
        var count = 0
        let duration = try await elapsed {
            count = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<options.tasks {
                    group.addTask {
                        try await options.isPipeline
                            ? consumeInPipeline(broker, subscription.name) : consume(broker, subscription.name)
                    }
                }
                return try await group.reduce(0, +)
            }
        }
        figures.add("seconds", duration)
        figures.add("processor_seconds", Machine.processorTime - processor)
        figures.add("syncs", bench.calls.syncs - syncs)
        figures.add("messages", count)
        figures.add("left", broker.metrics.subscriptions.reduce(0) { $0 + $1.backlogMessages })
        try await broker.shutDown()
    }

    /// As the front door does it: leases with a deadline, acknowledged by id.
    private func consume(_ broker: Broker, _ name: String) async throws -> Int {
        let reader = try broker.reader(for: name)
        var count = 0
        while true {
            let received = try reader.pull(limit: options.batch, byteLimit: 10_000_000, ackDeadline: .seconds(60))
            if received.isEmpty { return count }
            let report = try await broker.acknowledge(received.map(\.ackID), subscription: name)
            count += received.count - report.invalid.count
        }
    }

    /// As a pipeline does it.
    private func consumeInPipeline(_ broker: Broker, _ name: String) async throws -> Int {
        let source = try broker.source(for: name)
        var count = 0
        while true {
            let messages = try await source.pull(limit: options.batch)
            if messages.isEmpty { return count }
            try await source.acknowledge(SequenceSet(messages.map(\.sequence)))
            count += messages.count
        }
    }
}
