import ArgumentParser
import Foundation
import Host

/// Parses the command line and runs it. Exit codes: 0 done, 1 failure, 2 usage.
@main
enum Main {
    static func main() async {
        Console.claimDescriptors()
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
            guard isHelp else {
                Console.say(isUsage ? Streamtop.fullMessage(for: error) : "streamtop: \(words(error))")
                exit(isUsage ? 2 : 1)
            }
            do {
                try Console.write(Data((Streamtop.fullMessage(for: error) + "\n").utf8))
            } catch {
                exit((error as? ExitCode)?.rawValue ?? 1)
            }
        }
    }

    /// What an error says to a person; the system's reason where it is Foundation's.
    private static func words(_ error: any Error) -> String {
        error is CocoaError || type(of: error) is NSError.Type ? error.systemReason : "\(error)"
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
            EnvCommand.self,
            PipelineCommand.self,
        ],
        defaultSubcommand: DashboardCommand.self)
}
