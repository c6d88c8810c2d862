import ArgumentParser
import BeamYAML
import Dataflow
import Foundation
import Host
import Logging
import Time

/// `streamtop pipeline graph`: what a file compiles to.
struct PipelineGraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Show the compiled graph of a pipeline file, by fused stages.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, dot }

    @Argument(help: ArgumentHelp("A Beam YAML file.", valueName: "file"))
    var file: String

    @OptionGroup var pipelineFile: PipelineFileOptions

    @Option(help: "text, or dot for Graphviz.")
    var format: Format = .text

    func run() async throws {
        let templates = try pipelineFile.templates()
        let run = try PipelineFileProblems.shown {
            try BoundedRun(
                URL(fileURLWithPath: file), templates: templates, clock: SystemClock(),
                logger: Logger(label: "pipeline"))
        }
        let graph = GraphText(run.graph)
        print(format == .text ? graph.text : graph.dot, terminator: "")
    }
}

/// What is wrong with a pipeline file, on standard error, a complaint a line.
enum PipelineFileProblems {
    static func shown(_ open: () throws -> BoundedRun) throws -> BoundedRun {
        do {
            let run = try open()
            for warning in run.warnings { say("\(warning)") }
            return run
        } catch let errors as PipelineErrors {
            for error in errors.diagnostics { say("\(error)") }
            throw ExitCode(1)
        }
    }

    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
