import ArgumentParser
import Dataflow
import Foundation
import Host
import Logging
import Time

/// `streamtop pipeline run`: runs a file to the end of its input.
struct PipelineRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline file over bounded input to its end; progress goes to standard error.",
        discussion: "Exit code 1 means that it failed, or that rows were rejected which no error output took.")

    @Argument(help: ArgumentHelp("A Beam YAML file.", valueName: "file"))
    var file: String

    @OptionGroup var pipelineFile: PipelineFileOptions

    @Option(help: ArgumentHelp("Parallel tasks, 1 to 8; default: one for each core.", valueName: "n"))
    var workers: Int?

    @Option(
        help: ArgumentHelp(
            "Folder of a warehouse for the pipeline's tables.",
            discussion: "With it a run that is cut short goes on where it was; without it nothing is kept but files.",
            valueName: "dir"))
    var data: String?

    func validate() throws {
        if let workers, !PipelineSettings.workerBounds.contains(workers) {
            throw ValidationError("--workers is 1 to 8, not \(workers)")
        }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let logger = Logger(label: "pipeline") { StreamLogHandler.standardError(label: $0) }
        let templates = try pipelineFile.templates()
        let run = try PipelineFileProblems.shown {
            try BoundedRun(URL(fileURLWithPath: file), templates: templates, clock: SystemClock(), logger: logger)
        }
        let count =
            workers ?? min(ProcessInfo.processInfo.activeProcessorCount, PipelineSettings.workerBounds.upperBound)
        let summary = try await run.run(workers: count, dataFolder: data.map { URL(fileURLWithPath: $0) }) { files in
            let percent = files.totalBytes > 0 ? 100 * files.bytesRead / files.totalBytes : 100
            PipelineFileProblems.say(
                "\(percent) %  \(Self.megabytes(files.bytesRead)) of \(Self.megabytes(files.totalBytes)) MB read")
        }
        for step in summary.steps {
            var line = "\(step.name): \(step.elementsIn) in, \(step.elementsOut) out"
            if step.rejected > 0 { line += ", \(step.rejected) rejected" }
            if step.late > 0 { line += ", \(step.late) late" }
            PipelineFileProblems.say(line)
        }
        let seconds = (start.duration(to: .now).inSeconds * 100).rounded() / 100
        PipelineFileProblems.say("done: \(Self.megabytes(summary.files.bytesRead)) MB read in \(seconds) s")
        if summary.rejected > 0 {
            if let problem = summary.lastProblem { PipelineFileProblems.say("the last rejection: \(problem)") }
            throw ExitCode(1)
        }
    }

    private static func megabytes(_ bytes: Int64) -> Int64 { (bytes + 500_000) / 1_000_000 }
}
