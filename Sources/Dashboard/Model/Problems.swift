import Control
import Telemetry
import Time

extension Snapshot {
    /// What is wrong now, one line each, worst first: what the header counts and the help names.
    var problems: [String] {
        var problems: [String] = []
        if let problem = warehouse.problem { problems.append("warehouse: \(problem)") }
        for pipeline in pipelines {
            if let problem = pipeline.problem {
                problems.append("pipeline \(pipeline.name): \(problem)")
            } else if pipeline.state == "FAILED" || pipeline.state == "RETRYING" {
                problems.append("pipeline \(pipeline.name) is \(pipeline.state)")
            }
        }
        func add(_ name: String, _ code: HealthCode?, _ problem: String?) {
            guard let problem else { return }
            problems.append("\(name): " + (code.map { "\($0.rawValue): " } ?? "") + problem)
        }
        for topic in topics { add("topic \(topic.name.resourceLabel)", topic.health, topic.problem) }
        for subscription in subscriptions {
            add("subscription \(subscription.name.resourceLabel)", subscription.health, subscription.problem)
        }
        for queue in queues { add("queue \(queue.name)", .dataLoss, queue.problem) }
        for job in jobs where job.lastSucceeded == false {
            problems.append("job \(job.name): last run \(job.lastResult ?? "failed")")
        }
        return problems
    }

    /// What a person would leave unfinished by quitting; empty when all is at rest.
    var workInFlight: [String] {
        let tasks = queues.reduce(0) { $0 + $1.inFlight }
        let requests = services.reduce(0) { $0 + $1.inFlight + $1.queued }
        let backlog = subscriptions.filter { $0.consumers > 0 }.reduce(0) { $0 + $1.backlogMessages }
        let uncommitted = pipelines.reduce(0) { $0 + $1.uncommitted }
        return [
            (tasks, "task", "in flight"), (requests, "request", "in flight"), (backlog, "message", "in a backlog"),
            (uncommitted, "element", "not committed"),
        ].filter { $0.0 > 0 }.map { "\(Figures.counted($0.0, $0.1)) \($0.2)" }
    }
}
