import PubSub
import Time

/// Millions of retained messages: whether backlog and oldest-unacknowledged age cost the same however many there are,
/// seeking, and opening again.
struct RetainedScenario {
    private let options: Options
    private static let queries = 1000
    private static let name = "sub-0"

    init(_ options: Options) { self.options = options }

    func publish(_ figures: inout Figures) async throws {
        let bench = try await Bench(options)
        let broker = bench.broker
        try await broker.createTopic(Topic(name: Bench.topic, messageRetentionDuration: .seconds(86_400)))
        try await broker.createSubscription(Bench.subscription(0))
        var published = 0
        var middle = SystemClock().now
        for count in [10_000, 1_000_000, options.messages / 2, options.messages].sorted() where count > published {
            if count == options.messages { middle = SystemClock().now }
            try await bench.publish(count - published, bytes: options.bytes, batch: 1000, tasks: 4)
            published = count
            if count != options.messages / 2 { try await measureQueries(broker, published, &figures) }
        }
        figures.add("bytes", Machine.bytes(in: options.folder))
        try await measureSeeks(broker, to: middle, &figures)
        figures.add("middle", Double(middle.micros))
        figures.add("resident_megabytes", Machine.residentMegabytes)
        try await broker.shutDown()
    }

    func open(_ figures: inout Figures) async throws {
        var opened: Bench?
        figures.add("open_seconds", try await elapsed { opened = try await Bench(options) })
        guard let broker = opened?.broker else { return }
        figures.add("metrics_first_seconds", await elapsed { _ = broker.metrics })
        let topic = broker.metrics.topics.first
        figures.add("retained", Double(topic?.retainedMessages ?? 0))
        figures.add("resident_megabytes", Machine.residentMegabytes)
        try await measureSeeks(broker, to: Timestamp(micros: Int64(options.middle)), &figures)
        try await broker.shutDown()
    }

    /// The same figures as telemetry takes: once with nothing changed, once after the oldest message is acknowledged, so
    /// that the next one's publish time has to be read.
    private func measureQueries(_ broker: Broker, _ count: Int, _ figures: inout Figures) async throws {
        figures.add("query_\(count)_seconds", await median(of: RetainedScenario.queries) { _ = broker.metrics })
        let reader = try broker.reader(for: RetainedScenario.name)
        var times: [Duration] = []
        for received in try reader.pull(limit: 100, byteLimit: 10_000_000, ackDeadline: .seconds(600)) {
            try await broker.acknowledge([received.ackID], subscription: RetainedScenario.name)
            times.append(await elapsed { _ = broker.metrics })
        }
        figures.add("query_moved_\(count)", percentilesOf: times)
        figures.add("waiting_\(count)", broker.metrics.subscriptions.reduce(0) { $0 + $1.backlogMessages })
    }

    private func measureSeeks(_ broker: Broker, to middle: Timestamp, _ figures: inout Figures) async throws {
        try await seek(broker, to: middle, "seek_middle", &figures)
        try await seek(broker, to: middle, "seek_middle_again", &figures)
        try await seek(broker, to: .distantPast, "seek_back", &figures)
    }

    /// Seeks, and pulls a batch from there.
    private func seek(_ broker: Broker, to time: Timestamp, _ name: String, _ figures: inout Figures) async throws {
        var waiting = 0
        figures.add(
            "\(name)_seconds",
            try await elapsed { waiting = try await broker.seek(subscription: RetainedScenario.name, to: time) })
        figures.add("\(name)_waiting", waiting)
        let reader = try broker.reader(for: RetainedScenario.name)
        let pull = try await elapsed {
            _ = try reader.pull(limit: 1000, byteLimit: 10_000_000, ackDeadline: .seconds(600))
        }
        figures.add("\(name)_pull_seconds", pull)
    }
}
