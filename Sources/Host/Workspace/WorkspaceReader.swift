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
    /// The applications that the program has; nil where that is not to be checked.
    let handlers: Set<String>?
    var complaints: [Diagnostic] = []

    private static let sections = [
        "cloudscheduler": ["jobs"], "cloudtasks": ["queues"], "run": ["services"],
        "pubsub": ["schemas", "topics", "subscriptions"],
        "dataflow": ["jobs"], "bigquery": ["datasets", "tables"],
    ]

    init(file: String, workspace: Workspace, handlers: Set<String>? = nil) {
        self.file = file
        self.handlers = handlers
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
            return complain(
                at: root.mark,
                "a workspace is a mapping of sections: \(Self.sections.keys.sorted().joined(separator: ", "))")
        }
        var lists: [String: [Node]] = [:]
        for (key, value) in sections {
            let name = key.string ?? ""
            guard let kinds = Self.sections[name] else {
                complain(
                    at: key.mark,
                    "there is no section '\(name)'\(Spelling.hint(for: name, in: Self.sections.keys.sorted()))")
                continue
            }
            for (kind, nodes) in resources(value, section: name, kinds: kinds) { lists["\(name).\(kind)"] = nodes }
        }
        let jobs = decode(lists["cloudscheduler.jobs"]) { (job: Job) in
            job.problems.map { ($0.field ?? "", $0.message) }
        }
        let queues = decode(lists["cloudtasks.queues"]) { (queue: Queue) in
            queue.problems.map { ($0.field ?? "", $0.message) }
        }
        let services = decode(lists["run.services"]) { (service: ServiceResource) in service.problems }
        let schemas = decode(lists["pubsub.schemas"]) { (schema: PubSubSchema) in
            Self.fault { try schema.check(project: "streamtop") }
        }
        let topics = decode(lists["pubsub.topics"]) { (topic: Topic) in
            Self.fault { _ = try topic.checked(project: "streamtop") }
        }
        let subscriptions = decode(lists["pubsub.subscriptions"]) { (subscription: Subscription) in
            Self.fault { _ = try subscription.checked(project: "streamtop") }
        }
        let pipelines = decode(lists["dataflow.jobs"]) { (pipeline: PipelineResource) in pipeline.problems }
        let datasets = decode(lists["bigquery.datasets"]) { (dataset: DatasetResource) in
            dataset.problems.map { ($0.path, $0.message) }
        }
        let tables = decode(lists["bigquery.tables"]) { (table: TableResource) in
            table.problems.map { ($0.path, $0.message) }
        }
        workspace.jobs = jobs.map(\.resource)
        workspace.queues = queues.map(\.resource)
        workspace.services = services.map(\.resource)
        workspace.schemas = schemas.map(\.resource)
        workspace.topics = topics.map(\.resource)
        workspace.subscriptions = subscriptions.map(\.resource)
        workspace.pipelines = pipelines.map(\.resource)
        workspace.datasets = datasets.map(\.resource)
        workspace.tables = tables.map(\.resource)

        let names = lists.mapValues { $0.map { Self.name(of: $0) } }
        for (list, names) in names.sorted(by: { $0.key < $1.key }) { checkUnique(names, lists[list] ?? []) }
        let known: (String) -> [String] = { names[$0]?.compactMap(\.self) ?? [] }
        for (job, node) in jobs {
            check(job, at: node, services: known("run.services"), topics: known("pubsub.topics"))
        }
        for (service, node) in services { check(service, at: node) }
        for (topic, node) in topics { check(topic, at: node, schemas: known("pubsub.schemas")) }
        for (subscription, node) in subscriptions { check(subscription, at: node, topics: known("pubsub.topics")) }
        for (pipeline, node) in pipelines { check(pipeline, at: node, topics: known("pubsub.topics")) }
        for (table, node) in tables { check(table, at: node, datasets: known("bigquery.datasets")) }
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
                complain(
                    at: key.mark,
                    "'\(name)' has no '\(kind)'\(Spelling.hint(for: kind, in: kinds)); it holds \(kinds.joined(separator: ", "))"
                )
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
    ) -> [(resource: Resource, node: Node)] {
        let decoder = NodeDecoder(file: file)
        var result: [(Resource, Node)] = []
        for node in nodes ?? [] {
            let (resource, found) = decoder.decode(Resource.self, from: node)
            complaints += found
            guard let resource else { continue }
            for (path, message) in problems(resource) {
                complain(at: NodePath.find(NodePath.parse(path), in: node).mark, message)
            }
            result.append((resource, node))
        }
        return result
    }

    /// What a resource of a list is called, also when the rest of it cannot be read.
    private static func name(of node: Node) -> String? {
        for path in [["name"], ["jobName"], ["datasetReference", "datasetId"]] {
            if case .scalar(let scalar) = NodePath.find(path, in: node) { return shortName(scalar.string) }
        }
        guard case .scalar(let dataset) = NodePath.find(["tableReference", "datasetId"], in: node),
            case .scalar(let table) = NodePath.find(["tableReference", "tableId"], in: node)
        else { return nil }
        return "\(dataset.string).\(table.string)"
    }

    private mutating func checkUnique(_ names: [String?], _ nodes: [Node]) {
        var first: [String: Node] = [:]
        for (name, node) in zip(names, nodes) {
            guard let name else { continue }
            if let other = first[name] {
                complain(at: node.mark, "there are two of '\(name)'; the first is in line \(other.mark?.line ?? 1)")
            } else {
                first[name] = node
            }
        }
    }

    // What one resource says of another must be there.

    private mutating func check(_ job: Job, at node: Node, services: [String], topics: [String]) {
        if let host = job.httpTarget.flatMap({ URL(string: $0.uri)?.host() }), !host.contains("."), host != "localhost"
        {
            check(host, kind: "service", among: services, at: ["httpTarget", "uri"], of: node)
        }
        if let target = job.pubsubTarget {
            check(target.topicName, kind: "topic", among: topics, at: ["pubsubTarget", "topicName"], of: node)
        }
    }

    private mutating func check(_ service: ServiceResource, at node: Node) {
        guard let handlers else { return }
        check(service.handler, kind: "handler", among: handlers.sorted(), at: ["handler"], of: node)
    }

    private mutating func check(_ topic: Topic, at node: Node, schemas: [String]) {
        guard let settings = topic.schemaSettings else { return }
        check(settings.schema, kind: "schema", among: schemas, at: ["schemaSettings", "schema"], of: node)
    }

    private mutating func check(_ subscription: Subscription, at node: Node, topics: [String]) {
        check(subscription.topic, kind: "topic", among: topics, at: ["topic"], of: node)
        if let policy = subscription.deadLetterPolicy {
            let path = ["deadLetterPolicy", "deadLetterTopic"]
            check(policy.deadLetterTopic, kind: "topic", among: topics, at: path, of: node)
        }
    }

    private mutating func check(_ pipeline: PipelineResource, at node: Node, topics: [String]) {
        if let topic = pipeline.deadLetterTopic {
            check(topic, kind: "topic", among: topics, at: ["deadLetterTopic"], of: node)
        }
        checkFile(pipeline.yamlPipelineFile, at: NodePath.find(["yamlPipelineFile"], in: node).mark)
    }

    private mutating func check(_ table: TableResource, at node: Node, datasets: [String]) {
        check(
            table.tableReference.datasetId, kind: "dataset", among: datasets, at: ["tableReference", "datasetId"],
            of: node)
        for (index, uri) in (table.externalDataConfiguration?.sourceUris ?? []).enumerated() where !uri.contains("://")
        {
            let path = ["externalDataConfiguration", "sourceUris", String(index)]
            checkFile(uri, at: NodePath.find(path, in: node).mark)
        }
    }

    private mutating func checkFile(_ name: String, at mark: Mark?) {
        let path = name.hasPrefix("/") ? name : workspace.folder.appendingPathComponent(name).path
        if !FileManager.default.fileExists(atPath: path) { complain(at: mark, "there is no file \(path)") }
    }

    private mutating func check(_ name: String, kind: String, among known: [String], at path: [String], of node: Node) {
        let short = Self.shortName(name)
        guard !known.contains(short) else { return }
        let hint = Spelling.hint(for: short, in: known)
        let all = known.isEmpty ? "; there are none" : "; there are \(Set(known).sorted().joined(separator: ", "))"
        complain(at: NodePath.find(path, in: node).mark, "there is no \(kind) '\(short)'\(hint.isEmpty ? all : hint)")
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

    private static func shortName(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }

    private mutating func complain(at mark: Mark?, _ message: String) {
        complaints.append(Diagnostic(file: file, at: mark, message))
    }

    private func complaint(_ error: YamlError) -> Diagnostic {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            Diagnostic(file: file, at: mark, "not YAML: \(problem)")
        case .reader: Diagnostic(file: file, at: nil, "not YAML: it holds bytes that are no text")
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
            if let count, !(1...8).contains(count) {
                result.append(("environment.\(name)", "\(name) is from 1 to 8, not \(count)"))
            }
        }
        for (name, bytes) in [
            ("maxStateBytes", environment?.maxStateBytes), ("maxMemoryBytes", environment?.maxMemoryBytes),
        ] {
            if let bytes, bytes < 1 {
                result.append(("environment.\(name)", "\(name) is a number of bytes, not \(bytes)"))
            }
        }
        return result
    }
}
