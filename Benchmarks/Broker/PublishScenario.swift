import PubSub

/// Durable publishes: `tasks` publishers, each with one batch under way, one topic, one subscription that nobody reads.
struct PublishScenario {
    private let options: Options

    init(_ options: Options) { self.options = options }

    func run(_ figures: inout Figures) async throws {
        let bench = try await Bench(options)
        try await bench.broker.createTopic(Topic(name: Bench.topic))
        try await bench.broker.createSubscription(Bench.subscription(0))
        // What the first publishes take is the creation of files.
        try await bench.publish(options.batch * 10, bytes: options.bytes, batch: options.batch)
        let syncs = bench.calls.syncs
        let processor = Machine.processorTime
        var times: [Duration] = []
        let duration = try await elapsed {
            times = try await bench.publish(
                options.messages, bytes: options.bytes, batch: options.batch, tasks: options.tasks)
        }
        figures.add("seconds", duration)
        figures.add("processor_seconds", Machine.processorTime - processor)
        figures.add("syncs", bench.calls.syncs - syncs)
        figures.add("publish", percentilesOf: times)
        try await bench.broker.shutDown()
    }
}
