import PubSub

/// Memory with a backlog: nobody reads it, or all of it is handed out and not acknowledged.
struct BacklogScenario {
    private let options: Options

    init(_ options: Options) { self.options = options }

    func run(_ figures: inout Figures, isLeased: Bool) async throws {
        let bench = try await Bench(options)
        let broker = bench.broker
        try await broker.createTopic(Topic(name: Bench.topic))
        let subscription = try await broker.createSubscription(Bench.subscription(0))
        try await bench.publishBacklog(options)
        if isLeased {
            let reader = try broker.reader(for: subscription.name)
            let duration = try await elapsed {
                while try !reader.pull(limit: options.batch, byteLimit: 10_000_000, ackDeadline: .seconds(600)).isEmpty
                {}
            }
            figures.add("seconds", duration)
        }
        figures.add("resident_megabytes", Machine.residentMegabytes)
        let metrics = broker.metrics.subscriptions
        figures.add("waiting", metrics.reduce(0) { $0 + $1.backlogMessages })
        figures.add("outstanding", metrics.reduce(0) { $0 + $1.outstanding })
        try await broker.shutDown()
    }
}
