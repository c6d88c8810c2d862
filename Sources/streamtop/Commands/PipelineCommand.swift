import ArgumentParser

/// `streamtop pipeline`: work on one Beam YAML file, without a workspace.
struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline", abstract: "Run, test or show a single Beam YAML pipeline file.",
        subcommands: [PipelineRunCommand.self, PipelineTestCommand.self, PipelineGraphCommand.self])
}
