import PubSub

/// Many subscriptions, on one topic or spread over many.
struct ManySubscriptionsScenario {
    private let options: Options
    /// How many are created at a time, as a program that sets up its resources does.
    private static let creators = 16
    private static let wakeUps = 200

    init(_ options: Options) { self.options = options }

    private var topics: [String] { (0..<options.topics).map { "topic-\($0)" } }

    func create(_ figures: inout Figures) async throws {
        let bench = try await Bench(options)
        let broker = bench.broker
        figures.add("create_topics_seconds", try await elapsed { try await createTopics(broker) })
        figures.add("create_subscriptions_seconds", try await elapsed { try await createSubscriptions(broker) })
        figures.add("resident_megabytes", Machine.residentMegabytes)
        figures.add("metrics_empty_seconds", await median(of: 5) { _ = broker.metrics })

        if !options.isFiltered {
            figures.add("wake_one", percentilesOf: try await wakeUps(broker))
            figures.add("wake_all_seconds", try await wakeAll(broker))
        }

        let syncs = bench.calls.syncs
        let duration = try await elapsed {
            try await bench.publish(
                options.messages, bytes: options.bytes, batch: options.batch, tasks: 8, topics: topics)
        }
        figures.add("publish_seconds", duration)
        figures.add("publish_syncs", bench.calls.syncs - syncs)
        try await measureMetrics(broker, &figures)
        figures.add("resident_published_megabytes", Machine.residentMegabytes)
        figures.add("shut_down_seconds", try await elapsed { try await broker.shutDown() })
    }

    func open(_ figures: inout Figures) async throws {
        var opened: Bench?
        figures.add("open_seconds", try await elapsed { opened = try await Bench(options) })
        guard let broker = opened?.broker else { return }
        figures.add("resident_megabytes", Machine.residentMegabytes)
        try await measureMetrics(broker, &figures)
        if !options.isFiltered { figures.add("wake_one", percentilesOf: try await wakeUps(broker)) }
        let processor = Machine.processorTime
        let deletion = try await elapsed {
            try await concurrently(options.subscriptions) { try await broker.deleteSubscription("sub-\($0)") }
        }
        figures.add("delete_subscriptions_seconds", deletion)
        figures.add("delete_subscriptions_processor_seconds", Machine.processorTime - processor)
        try await broker.shutDown()
    }

    private func measureMetrics(_ broker: Broker, _ figures: inout Figures) async throws {
        // The first looks up the publish time of each subscription's oldest message.
        figures.add("metrics_first_seconds", await elapsed { _ = broker.metrics })
        figures.add("metrics_seconds", await median(of: 5) { _ = broker.metrics })
        let waiting = broker.metrics.subscriptions.reduce(0) { $0 + $1.backlogMessages }
        figures.add("waiting", waiting)
    }

    private func createTopics(_ broker: Broker) async throws {
        try await concurrently(options.topics) { number in
            try await broker.createTopic(Topic(name: "topic-\(number)"))
        }
    }

    private func createSubscriptions(_ broker: Broker) async throws {
        let (topics, isFiltered) = (options.topics, options.isFiltered)
        try await concurrently(options.subscriptions) { number in
            var subscription = Bench.subscription(number, topic: "topic-\(number % topics)")
            if isFiltered { subscription.filter = "attributes.kind = \"\(number)\"" }
            try await broker.createSubscription(subscription)
        }
    }

    private func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<ManySubscriptionsScenario.creators {
                group.addTask {
                    for number in stride(from: task, to: count, by: ManySubscriptionsScenario.creators) {
                        try await body(number)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// From the call of publish until a reader that waits has the message: mostly the flush.
    private func wakeUps(_ broker: Broker) async throws -> [Duration] {
        let name = "sub-\(options.subscriptions / 2)"
        let topic = "topic-\(options.subscriptions / 2 % options.topics)"
        let reader = try broker.reader(for: name)
        // What waits since before.
        try await broker.purge(subscription: name)
        let messages = Bench.messages(1, bytes: options.bytes)
        let clock = ContinuousClock()
        var times: [Duration] = []
        for _ in 0..<ManySubscriptionsScenario.wakeUps {
            async let end = receive(reader, broker, name)
            // Until the reader waits.
            try await clock.sleep(for: .milliseconds(1))
            let start = clock.now
            _ = try await broker.publish(messages, to: topic)
            times.append(try await end - start)
        }
        return times
    }

    private func receive(
        _ reader: SubscriptionReader, _ broker: Broker, _ name: String
    ) async throws -> ContinuousClock.Instant {
        while true {
            let received = try reader.pull(limit: 10, byteLimit: 1 << 20, ackDeadline: .seconds(60))
            if !received.isEmpty {
                let now = ContinuousClock().now
                try await broker.acknowledge(received.map(\.ackID), subscription: name)
                return now
            }
            try await reader.waitForMessages()
        }
    }

    /// A message to each topic while a reader waits at every subscription: from the first publish until the last
    /// reader has acknowledged it.
    private func wakeAll(_ broker: Broker) async throws -> Duration {
        let messages = Bench.messages(1, bytes: options.bytes)
        let clock = ContinuousClock()
        for number in 0..<options.subscriptions { try await broker.purge(subscription: "sub-\(number)") }
        return try await withThrowingTaskGroup(of: ContinuousClock.Instant.self) { group in
            for number in 0..<options.subscriptions {
                let name = "sub-\(number)"
                group.addTask {
                    let reader = try broker.reader(for: name)
                    return try await receive(reader, broker, name)
                }
            }
            try await clock.sleep(for: .seconds(1))
            let start = clock.now
            for topic in topics { _ = try await broker.publish(messages, to: topic) }
            var last = start
            for try await end in group { last = max(last, end) }
            return last - start
        }
    }
}
