import Control

/// The parts of the screen, in the order in which an event travels.
public enum Panel: Int, Sendable, CaseIterable {
    case scheduler = 1
    case queues, services, topics, pipelines, warehouse, log

    var title: String {
        switch self {
        case .scheduler: "scheduler"
        case .queues: "queues"
        case .services: "services"
        case .topics: "pub/sub"
        case .pipelines: "pipelines"
        case .warehouse: "warehouse"
        case .log: "log"
        }
    }

    /// The panel `step` further on, round and round.
    func stepped(by step: Int) -> Panel {
        let all = Panel.allCases
        return all[((rawValue - 1 + step) % all.count + all.count) % all.count]
    }
}

/// A row of a panel, by what it shows, so that a selection survives rows that come and go.
public enum RowID: Sendable, Hashable {
    case job(String)
    case queue(String)
    case service(String)
    case topic(String)
    case subscription(String)
    case pipeline(String)
    /// By its place in the file: names may repeat in composites.
    case step(pipeline: String, index: Int)
    case table(dataset: String, name: String)
    case event(Int64)
}

extension Snapshot {
    /// The rows of a panel whose name holds `filter`, letters' case aside; a pipeline stays while one of its steps does.
    func rows(of panel: Panel, filter: String = "") -> [RowID] {
        let wanted = filter.lowercased()
        func matches(_ texts: String...) -> Bool {
            wanted.isEmpty || texts.contains { $0.lowercased().contains(wanted) }
        }
        switch panel {
        case .scheduler: return jobs.filter { matches($0.name) }.map { .job($0.name) }
        case .queues: return queues.filter { matches($0.name) }.map { .queue($0.name) }
        case .services: return services.filter { matches($0.name) }.map { .service($0.name) }
        case .topics: return topicRows { wanted.isEmpty || matches($0, $1) }
        case .pipelines:
            return pipelines.flatMap { pipeline -> [RowID] in
                let isWhole = matches(pipeline.name)
                let steps = pipeline.steps.indices.filter {
                    isWhole || matches(pipeline.steps[$0].name, pipeline.steps[$0].transform)
                }
                guard isWhole || !steps.isEmpty else { return [] }
                return [.pipeline(pipeline.name)] + steps.map { .step(pipeline: pipeline.name, index: $0) }
            }
        case .warehouse:
            return tables.filter { matches("\($0.dataset).\($0.name)") }.map {
                .table(dataset: $0.dataset, name: $0.name)
            }
        case .log: return events.filter { matches($0.source, $0.message) }.map { .event($0.id) }
        }
    }

    /// Each topic with its subscriptions after it, then the subscriptions whose topic is gone; `isShown` is asked with the
    /// names of topic and subscription.
    private func topicRows(_ isShown: (String, String) -> Bool) -> [RowID] {
        let byTopic = Dictionary(grouping: subscriptions, by: \.topic)
        let known = Set(topics.map(\.name))
        var rows: [RowID] = []
        rows.reserveCapacity(topics.count + subscriptions.count)
        for topic in topics {
            if isShown(topic.name, "") { rows.append(.topic(topic.name)) }
            for subscription in byTopic[topic.name] ?? [] where isShown(topic.name, subscription.name) {
                rows.append(.subscription(subscription.name))
            }
        }
        for subscription in subscriptions where !known.contains(subscription.topic) && isShown("", subscription.name) {
            rows.append(.subscription(subscription.name))
        }
        return rows
    }

    func job(_ name: String) -> JobFigures? { jobs.first { $0.name == name } }
    func queue(_ name: String) -> QueueFigures? { queues.first { $0.name == name } }
    func service(_ name: String) -> ServiceFigures? { services.first { $0.name == name } }
    func topic(_ name: String) -> TopicFigures? { topics.first { $0.name == name } }
    func subscription(_ name: String) -> SubscriptionFigures? { subscriptions.first { $0.name == name } }
    func pipeline(_ name: String) -> PipelineFigures? { pipelines.first { $0.name == name } }
    func table(_ dataset: String, _ name: String) -> TableFigures? {
        tables.first { $0.dataset == dataset && $0.name == name }
    }
}
