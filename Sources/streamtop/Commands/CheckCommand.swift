import ArgumentParser
import BeamYAML
import Foundation
import Host

/// `streamtop check`: validates a workspace or a pipeline file.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Validate a workspace or a pipeline file: places, reasons, suggestions.")

    @Argument(
        help: ArgumentHelp(
            "A workspace's folder or a Beam YAML file; default: the present folder.", valueName: "workspace|file"))
    var path: String?

    @OptionGroup var pipelineFile: PipelineFileOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let check = try WorkspaceCheck(
            URL(fileURLWithPath: path ?? "."), handlers: Set(SubwayFeed.handlers.keys),
            templates: try pipelineFile.templates())
        let errors = check.complaints.count { $0.severity == .error }
        for complaint in check.complaints {
            Console.say(complaint.description)
        }
        if errors > 0 {
            Console.say("\(errors) error\(errors == 1 ? "" : "s")")
            throw ExitCode(1)
        }
        try Console.write(Data((check.summary + "\n").utf8))
    }
}
