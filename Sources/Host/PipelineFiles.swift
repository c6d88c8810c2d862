import BeamYAML
import CPython
import Columnar
import Dataflow
import Foundation
import Jinja
import Pipes
import PubSub
import Time
import Warehouse

/// Compiles a workspace's Beam YAML files against what the workspace declares.
struct PipelineFiles {
    let workspace: Workspace
    /// What templates are given that no entry of the workspace gives variables to.
    var templates = TemplateSettings(clock: SystemClock())

    /// What a pipeline file may refer to.
    ///
    /// - Parameter variables: of the templates; nil: those that were given from outside.
    private func environment(_ variables: TemplateVariables?) -> CompileEnvironment {
        var tables: [String: Schema] = [:]
        for table in workspace.tables { tables["\(table.name)"] = table.schema.columnar }
        var environment = CompileEnvironment(
            tables: tables, subscriptions: Set(workspace.subscriptions.map { $0.name.shortName }),
            topics: Set(workspace.topics.map { $0.name.shortName }), python: PythonSourceChecker())
        environment.templates = templates
        if let variables {
            // What is given from outside comes first.
            let names = Set(templates.variables.map(\.key))
            environment.templates.variables += variables.entries.filter { !names.contains($0.key) }
        }
        return environment
    }

    /// Every complaint about every pipeline file.
    func complaints() -> [Diagnostic] {
        workspace.pipelines.flatMap { resource in
            let url = workspace.folder.appendingPathComponent(resource.yamlPipelineFile)
            return Self.complaints(
                of: url, name: resource.jobName, environment: environment(resource.jinjaVariables))
        }
    }

    /// The graphs. Throws `HostError.workspace` with every error when a file cannot be compiled.
    func compileAll() throws -> [(resource: PipelineResource, graph: Graph)] {
        var graphs: [(PipelineResource, Graph)] = []
        var errors: [Diagnostic] = []
        for resource in workspace.pipelines {
            let (graph, complaints) = compile(resource)
            errors += complaints.filter { $0.severity == .error }
            if let graph { graphs.append((resource, graph)) }
        }
        if !errors.isEmpty { throw HostError(.workspace, errors.map(\.description).joined(separator: "\n")) }
        return graphs
    }

    /// Every complaint about one file, whether the workspace runs it or not.
    func complaints(of url: URL, name: String) -> [Diagnostic] {
        let path = url.standardizedFileURL.path
        let resource = workspace.pipelines.first {
            workspace.folder.appendingPathComponent($0.yamlPipelineFile).standardizedFileURL.path == path
        }
        return Self.complaints(of: url, name: name, environment: environment(resource?.jinjaVariables))
    }

    /// Every complaint about one file: about the pipeline, and when that is right, about its `tests:` block.
    static func complaints(of url: URL, name: String, environment: CompileEnvironment) -> [Diagnostic] {
        let complaints = compile(url, name: name, environment: environment).complaints
        guard !complaints.contains(where: { $0.severity == .error }), let data = try? Data(contentsOf: url) else {
            return complaints
        }
        let tests = PipelineCompiler(environment: environment).compileTests(
            text: String(decoding: data, as: UTF8.self), file: url.relativePath, name: name)
        return complaints + tests.diagnostics
    }

    private func compile(_ resource: PipelineResource) -> (graph: Graph?, complaints: [Diagnostic]) {
        let url = workspace.folder.appendingPathComponent(resource.yamlPipelineFile)
        return PipelineFiles.compile(url, name: resource.jobName, environment: environment(resource.jinjaVariables))
    }

    /// Compiles one file.
    static func compile(_ url: URL, name: String, environment: CompileEnvironment) -> (
        graph: Graph?, complaints: [Diagnostic]
    ) {
        let file = url.relativePath
        guard let data = try? Data(contentsOf: url) else {
            return (nil, [Diagnostic(file: file, line: 1, column: 1, message: "the file cannot be read")])
        }
        let result = PipelineCompiler(environment: environment).compile(
            text: String(decoding: data, as: UTF8.self), file: file, name: name)
        return (result.graph, result.diagnostics)
    }
}

extension String {
    /// The last part of `projects/…/topics/NAME`.
    var shortName: String { split(separator: "/").last.map(String.init) ?? self }
}
