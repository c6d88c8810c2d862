public import BeamYAML
public import Foundation
import Run
import Spelling

/// Validates a workspace with its pipelines, or a single pipeline file, without opening anything.
public struct WorkspaceCheck: Sendable {
    /// Errors and warnings, file by file; empty when all is good.
    public private(set) var complaints: [Diagnostic]
    /// What was found right, in one line.
    public private(set) var summary: String

    /// - Parameters:
    ///   - url: a workspace's folder, or a Beam YAML file; a file inside a workspace is checked against what that declares.
    ///   - handlers: the applications that the program has.
    ///   - templates: what the templates of pipeline files are given, besides what the workspace gives them.
    ///
    /// Throws `HostError` when there is nothing at `url`.
    public init(_ url: URL, handlers: Set<String>, templates: TemplateSettings = TemplateSettings()) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw HostError(.workspace, "there is no file or folder \(url.path)")
        }
        if isFolder.boolValue || url.lastPathComponent == Workspace.fileName {
            let folder = isFolder.boolValue ? url : url.deletingLastPathComponent()
            let (workspace, found) = try Workspace.read(folder, handlers: handlers)
            // What a pipeline refers to may be missing only because it is misspelt.
            let isReadable = !found.contains { $0.severity == .error }
            complaints =
                found + (isReadable ? PipelineFiles(workspace: workspace, templates: templates).complaints() : [])
            summary = """
                \(folder.relativePath): \(Self.count(workspace.jobs, "job")), \(Self.count(workspace.queues, "queue")), \
                \(Self.count(workspace.services, "service")), \(Self.count(workspace.topics, "topic")), \
                \(Self.count(workspace.subscriptions, "subscription")), \(Self.count(workspace.pipelines, "pipeline")), \
                \(Self.count(workspace.tables, "table")): all good
                """
            return
        }
        let folder = url.deletingLastPathComponent()
        let name = url.deletingPathExtension().lastPathComponent
        if Workspace.isOne(folder) {
            complaints = PipelineFiles(workspace: try Workspace.read(folder).workspace, templates: templates)
                .complaints(of: url, name: name)
        } else {
            var environment = CompileEnvironment.alone
            environment.templates = templates
            complaints = PipelineFiles.complaints(of: url, name: name, environment: environment)
        }
        summary = "\(url.relativePath): all good"
    }

    private static func count(_ list: [some Any], _ noun: String) -> String {
        "\(list.count) \(noun)\(list.count == 1 ? "" : "s")"
    }
}
