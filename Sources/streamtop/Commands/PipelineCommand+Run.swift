import ArgumentParser
import Columnar
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

    @Option(
        help: ArgumentHelp(
            "Memory for a step's open windows; beyond it they go to a file. Default: 32 MiB.", valueName: "bytes"))
    var maxStateBytes: Int?

    @Option(
        help: ArgumentHelp(
            "Memory for a step's sessions and rows that wait for partners; beyond it the run fails. Default: 1 GiB.",
            valueName: "bytes"))
    var maxMemoryBytes: Int?

    func validate() throws {
        if let limit = [maxStateBytes, maxMemoryBytes].compactMap({ $0 }).first(where: { $0 < 1 }) {
            throw ValidationError("a limit is a number of bytes, not \(limit)")
        }
        if let workers, !PipelineSettings.workerBounds.contains(workers) {
            throw ValidationError("--workers is 1 to 8, not \(workers)")
        }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let logger = Logger(label: "pipeline") { StreamLogHandler.standardError(label: $0) }
        let templates = try pipelineFile.templates()
        let dataFolder = data.map { URL(fileURLWithPath: $0) }
        var tables: [String: Schema] = [:]
        if let dataFolder, FileManager.default.fileExists(atPath: dataFolder.path) {
            tables = try await BoundedRun.tables(in: dataFolder, clock: SystemClock(), logger: logger)
        }
        let run = try PipelineFileProblems.shown {
            try BoundedRun(
                URL(fileURLWithPath: file), templates: templates, tables: tables, clock: SystemClock(), logger: logger)
        }
        let count =
            workers ?? min(ProcessInfo.processInfo.activeProcessorCount, PipelineSettings.workerBounds.upperBound)
        let limits = BoundedRun.Limits(stateBytes: maxStateBytes, memoryBytes: maxMemoryBytes)
        let summary = try await run.run(workers: count, dataFolder: dataFolder, limits: limits) { files in
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
        let read = summary.files.bytesRead > 0 ? ": \(Self.megabytes(summary.files.bytesRead)) MB read" : ""
        PipelineFileProblems.say("done\(read) in \(seconds) s")
        if summary.rejected > 0 {
            if let problem = summary.lastProblem { PipelineFileProblems.say("the last rejection: \(problem)") }
            throw ExitCode(1)
        }
    }

    private static func megabytes(_ bytes: Int64) -> Int64 { (bytes + 500_000) / 1_000_000 }
}
