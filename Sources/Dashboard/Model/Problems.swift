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
        for topic in topics { if let problem = topic.problem { problems.append("topic \(topic.name): \(problem)") } }
        for subscription in subscriptions {
            if let problem = subscription.problem { problems.append("subscription \(subscription.name): \(problem)") }
        }
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
