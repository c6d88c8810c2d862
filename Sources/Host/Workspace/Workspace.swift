public import BeamYAML
public import Foundation
public import PubSub
public import Run
public import Scheduler
public import Tasks
public import Warehouse
import Yams

/// A folder that says what to run: `streamtop.yaml` and the files that it names.
public struct Workspace: Sendable {
    /// The file that makes a folder a workspace.
    public static let fileName = "streamtop.yaml"

    /// Where the workspace is; what its file names is relative to it.
    public var folder: URL
    /// `cloudscheduler.jobs`.
    public var jobs: [Job] = []
    /// `cloudtasks.queues`.
    public var queues: [Queue] = []
    /// `run.services`.
    public var services: [ServiceResource] = []
    /// `pubsub.schemas`.
    public var schemas: [PubSubSchema] = []
    /// `pubsub.topics`.
    public var topics: [Topic] = []
    /// `pubsub.subscriptions`.
    public var subscriptions: [Subscription] = []
    /// `dataflow.jobs`.
    public var pipelines: [PipelineResource] = []
    /// `bigquery.datasets`.
    public var datasets: [DatasetResource] = []
    /// `bigquery.tables`.
    public var tables: [TableResource] = []

    /// Whether a folder holds a workspace.
    public static func isOne(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(fileName).path)
    }

    /// Reads a workspace: what it declares, as far as it can be read, and every complaint about it.
    ///
    /// - Parameter handlers: the applications that the program has; nil where that is not to be checked.
    ///
    /// Throws `HostError` when there is no such file at all.
    public static func read(_ folder: URL, handlers: Set<String>? = nil) throws -> (
        workspace: Workspace, complaints: [Diagnostic]
    ) {
        let file = folder.appendingPathComponent(fileName)
        guard let data = try? Data(contentsOf: file) else {
            guard FileManager.default.fileExists(atPath: folder.path) else {
                throw HostError(
                    .workspace, "there is no folder \(folder.path)",
                    remedy: "name one with a \(fileName), for example sample-data/subway")
            }
            throw HostError(
                .workspace, "\(folder.path) is not a workspace: it has no \(fileName)",
                remedy: "name a folder that has one, for example sample-data/subway")
        }
        var reader = WorkspaceReader(file: file.relativePath, workspace: Workspace(folder: folder), handlers: handlers)
        reader.read(String(decoding: data, as: UTF8.self))
        return (reader.workspace, reader.complaints)
    }
}
