import BeamYAML
import Foundation
import PubSub
import Run
import Scheduler
import Spelling
import Tasks
import Warehouse
import Yams

/// Reads `streamtop.yaml`: a section for each service, a list of resources for each kind.
struct WorkspaceReader {
    let file: String
    var workspace: Workspace
    var complaints: [Diagnostic] = []

    private static let sections = [
        "cloudscheduler": ["jobs"], "cloudtasks": ["queues"], "run": ["services"], "pubsub": ["topics", "subscriptions"],
        "dataflow": ["jobs"], "bigquery": ["datasets", "tables"],
    ]

    init(file: String, workspace: Workspace) {
        self.file = file
        self.workspace = workspace
    }

    mutating func read(_ text: String) {
        let root: Node
        do {
            root = try Yams.compose(yaml: text) ?? Node([(Node, Node)]())
        } catch let error as YamlError {
            return complaints.append(complaint(error))
        } catch {
            return complain(at: nil, "\(error)")
        }
        guard case .mapping(let sections) = root else {
            return complain(at: root.mark, "a workspace is a mapping of sections: \(Self.sections.keys.sorted().joined(separator: ", "))")
        }
        var lists: [String: [Node]] = [:]
        for (key, value) in sections {
            let name = key.string ?? ""
            guard let kinds = Self.sections[name] else {
                complain(at: key.mark, "there is no section '\(name)'\(Spelling.hint(for: name, in: Self.sections.keys.sorted()))")
                continue
            }
            for (kind, nodes) in resources(value, section: name, kinds: kinds) { lists["\(name).\(kind)"] = nodes }
        }
        workspace.jobs = decode(lists["cloudscheduler.jobs"]) { (job: Job) in job.problems.map { ($0.field ?? "", $0.message) } }
        workspace.queues = decode(lists["cloudtasks.queues"]) { (queue: Queue) in queue.problems.map { ($0.field ?? "", $0.message) } }
        workspace.services = decode(lists["run.services"]) { (service: ServiceResource) in service.problems }
        workspace.topics = decode(lists["pubsub.topics"]) { (topic: Topic) in Self.fault { _ = try topic.checked(project: "streamtop") } }
        workspace.subscriptions = decode(lists["pubsub.subscriptions"]) { (subscription: Subscription) in
            Self.fault { _ = try subscription.checked(project: "streamtop") }
        }
        workspace.pipelines = decode(lists["dataflow.jobs"]) { (pipeline: PipelineResource) in pipeline.problems }
        workspace.datasets = decode(lists["bigquery.datasets"]) { (dataset: DatasetResource) in dataset.problems.map { ($0.path, $0.message) } }
        workspace.tables = decode(lists["bigquery.tables"]) { (table: TableResource) in table.problems.map { ($0.path, $0.message) } }
        checkReferences(lists)
    }

    private mutating func resources(_ section: Node, section name: String, kinds: [String]) -> [String: [Node]] {
        guard case .mapping(let mapping) = section else {
            complain(at: section.mark, "'\(name)' holds lists: \(kinds.joined(separator: ", "))")
            return [:]
        }
        var result: [String: [Node]] = [:]
        for (key, value) in mapping {
            let kind = key.string ?? ""
            guard kinds.contains(kind) else {
                complain(at: key.mark, "'\(name)' has no '\(kind)'\(Spelling.hint(for: kind, in: kinds)); it holds \(kinds.joined(separator: ", "))")
                continue
            }
            guard case .sequence(let nodes) = value else {
                complain(at: value.mark, "'\(kind)' is a list (`- …`)")
                continue
            }
            result[kind] = Array(nodes)
        }
        return result
    }

    private mutating func decode<Resource: Decodable>(
        _ nodes: [Node]?, problems: (Resource) -> [(path: String, message: String)]
    ) -> [Resource] {
        let decoder = NodeDecoder(file: file)
        var result: [Resource] = []
        for node in nodes ?? [] {
            let (resource, found) = decoder.decode(Resource.self, from: node)
            complaints += found
            guard let resource else { continue }
            for (path, message) in problems(resource) {
                complain(at: NodePath.find(NodePath.parse(path), in: node).mark, message)
            }
            result.append(resource)
        }
        return result
    }

    /// What one resource says of another must be there.
    private mutating func checkReferences(_ lists: [String: [Node]]) {
        let topics = workspace.topics.map { shortName($0.name) }
        for (subscription, node) in zip(workspace.subscriptions, lists["pubsub.subscriptions"] ?? []) {
            check(subscription.topic, kind: "topic", among: topics, at: ["topic"], of: node)
        }
        for (pipeline, node) in zip(workspace.pipelines, lists["dataflow.jobs"] ?? []) {
            if let topic = pipeline.deadLetterTopic { check(topic, kind: "topic", among: topics, at: ["deadLetterTopic"], of: node) }
            let path = workspace.folder.appendingPathComponent(pipeline.yamlPipelineFile).path
            if !FileManager.default.fileExists(atPath: path) {
                complain(at: NodePath.find(["yamlPipelineFile"], in: node).mark, "there is no file \(path)")
            }
        }
        let services = workspace.services.map { shortName($0.name) }
        for (job, node) in zip(workspace.jobs, lists["cloudscheduler.jobs"] ?? []) {
            if let host = job.httpTarget.flatMap({ URL(string: $0.uri)?.host() }), !host.contains("."), host != "localhost" {
                check(host, kind: "service", among: services, at: ["httpTarget", "uri"], of: node)
            }
            if let target = job.pubsubTarget { check(target.topicName, kind: "topic", among: topics, at: ["pubsubTarget", "topicName"], of: node) }
        }
        let datasets = workspace.datasets.map(\.datasetReference.datasetId)
        for (table, node) in zip(workspace.tables, lists["bigquery.tables"] ?? []) {
            check(table.tableReference.datasetId, kind: "dataset", among: datasets, at: ["tableReference", "datasetId"], of: node)
        }
    }

    private mutating func check(_ name: String, kind: String, among known: [String], at path: [String], of node: Node) {
        let short = shortName(name)
        guard !known.contains(short) else { return }
        complain(at: NodePath.find(path, in: node).mark, "there is no \(kind) '\(short)'\(Spelling.hint(for: short, in: known))")
    }

    /// What a check that throws says, about the resource as a whole.
    private static func fault(_ check: () throws -> Void) -> [(path: String, message: String)] {
        do {
            try check()
            return []
        } catch {
            return [("name", "\(error)")]
        }
    }

    private func shortName(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }

    private mutating func complain(at mark: Mark?, _ message: String) {
        complaints.append(Diagnostic(file: file, at: mark, message))
    }

    private func complaint(_ error: YamlError) -> Diagnostic {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            Diagnostic(file: file, at: mark, "not YAML: \(problem)")
        default: Diagnostic(file: file, at: nil, "not YAML: \(error)")
        }
    }
}

extension NodePath {
    /// Reads `schema.fields[3].type` as field names and positions.
    static func parse(_ path: String) -> [String] {
        path.split { $0 == "." || $0 == "[" || $0 == "]" || $0 == "/" }.map(String.init)
    }
}

extension PipelineResource {
    /// What is wrong with it on its own: the field, and what to write.
    var problems: [(path: String, message: String)] {
        var result: [(String, String)] = []
        if jobName.isEmpty { result.append(("jobName", "a pipeline needs a jobName")) }
        for (name, count) in [("numWorkers", environment?.numWorkers), ("maxWorkers", environment?.maxWorkers)] {
            if let count, !(1...8).contains(count) { result.append(("environment.\(name)", "\(name) is from 1 to 8, not \(count)")) }
        }
        return result
    }
}
