public import Dataflow
import Yams

/// Reads, checks and compiles Beam YAML files: the language of Apache Beam 2.77's `apache_beam.yaml`, of which the
/// transforms that streamtop has. Everything else is refused with its place.
public struct PipelineCompiler: Sendable {
    let environment: CompileEnvironment

    /// A compiler for files that may refer to what is in `environment`.
    public init(environment: CompileEnvironment) { self.environment = environment }

    /// Compiles a file and tells everything that is wrong with it, not the first thing alone.
    ///
    /// - Parameters:
    ///   - text: what the file holds.
    ///   - file: its name, for the diagnostics.
    ///   - name: the pipeline's name: its identity in the warehouse and on the screen.
    public func compile(text: String, file: String, name: String) -> PipelineCompilation {
        let findings = Findings(file: file)
        var options = PipelineOptions()
        var graph: Graph?
        if let document = PipelineDocument(text, environment.templates, findings) {
            options = document.options
            if let root = PipelineReader(document, findings).read() {
                let builder = GraphBuilder(environment, options, document.source, findings)
                let steps = builder.build(root)
                if !findings.hasErrors { graph = Graph(name: name, steps: steps) }
            }
        }
        return PipelineCompilation(graph: graph, options: options, diagnostics: findings.sorted)
    }
}

/// What became of a pipeline file.
public struct PipelineCompilation: Sendable {
    /// The steps; nil when there is an error.
    public var graph: Graph?
    /// The file's `options`.
    public var options: PipelineOptions
    /// Errors and warnings, in the order of the file.
    public var diagnostics: [Diagnostic]

    /// The errors among the diagnostics.
    public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    /// The warnings among the diagnostics.
    public var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }

    /// The pipeline. Throws all errors when there are some.
    public func get() throws(PipelineErrors) -> CompiledPipeline {
        guard let graph else { throw PipelineErrors(diagnostics: errors) }
        return CompiledPipeline(graph: graph, options: options, warnings: warnings)
    }
}

/// A pipeline file that can run.
public struct CompiledPipeline: Sendable {
    /// The steps.
    public var graph: Graph
    /// The file's `options`.
    public var options: PipelineOptions
    /// What runs here but may surprise, or does not run in Apache Beam.
    public var warnings: [Diagnostic]
}

/// The `options` of a pipeline file, as far as they mean something here.
public struct PipelineOptions: Sendable, Hashable {
    /// `yaml_experimental_features`: what Beam has not declared stable must be named there to be used.
    public var experimentalFeatures: Set<String> = []
    /// `streaming`.
    public var isStreaming = false
    /// The other options with scalar values, as they stand in the file. They are Beam's runners' business.
    public var others: [String: String] = [:]
}
