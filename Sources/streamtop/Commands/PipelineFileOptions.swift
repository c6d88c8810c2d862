import ArgumentParser
import BeamYAML
import Foundation
import Jinja
import Time

/// The flags of every command that reads a pipeline file.
struct PipelineFileOptions: ParsableArguments {
    @Option(
        name: [.customLong("jinja-variables"), .customLong("jinja_variables")],
        help: ArgumentHelp(
            "The variables of the file's templates: a JSON map, or @ and a file that holds one.",
            discussion: "As Apache Beam's --jinja_variables.", valueName: "json"))
    var jinjaVariables: String?

    /// What the file's templates are given. Says what is wrong with the variables and throws `ExitCode` 2.
    func templates() throws -> TemplateSettings {
        let clock = SystemClock()
        guard let jinjaVariables else { return TemplateSettings(clock: clock) }
        var (json, name) = (jinjaVariables, "--jinja-variables")
        if jinjaVariables.hasPrefix("@") {
            name = String(jinjaVariables.dropFirst())
            guard let data = FileManager.default.contents(atPath: name) else {
                throw problem("the file \(name) cannot be read")
            }
            json = String(decoding: data, as: UTF8.self)
        }
        do {
            guard case .map(let entries) = try TemplateValue(json: json) else {
                throw problem("\(name):1:1: the variables are a map, such as '{\"topic\": \"bids\"}'")
            }
            return TemplateSettings(variables: entries, clock: clock)
        } catch let error as JSONProblem {
            throw problem("\(name):\(error)")
        }
    }

    private func problem(_ message: String) -> ExitCode {
        Console.say(message)
        return ExitCode(2)
    }
}
