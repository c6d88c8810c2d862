import ArgumentParser
import Foundation

/// Parses the command line and runs it. Exit codes: 0 done, 1 failure, 2 usage.
@main
enum Main {
    static func main() async {
        do {
            var command = try Streamtop.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as ExitCode {
            exit(error.rawValue)
        } catch {
            let isHelp = Streamtop.exitCode(for: error) == .success
            let isUsage = Streamtop.exitCode(for: error) == .validationFailure
            let text = isHelp || isUsage ? Streamtop.fullMessage(for: error) : "streamtop: \(error)"
            FileHandle(fileDescriptor: isHelp ? 1 : 2).write(Data((text + "\n").utf8))
            exit(isHelp ? 0 : isUsage ? 2 : 1)
        }
    }
}

struct Streamtop: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "streamtop",
        abstract: "top for event streams, with the streams inside.",
        discussion: """
            Hosts a whole streaming stack in its own process (cron scheduler, task queue, applications, pub/sub broker, \
            stream engine, warehouse) and shows it live. Without a subcommand it opens the dashboard.
            """,
        version: "streamtop \(version)",
        subcommands: [
            DashboardCommand.self, RunCommand.self, SnapshotCommand.self, SQLCommand.self, CheckCommand.self,
            PipelineCommand.self,
        ],
        defaultSubcommand: DashboardCommand.self)
}
