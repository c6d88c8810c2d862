import ArgumentParser
import Control
import Dashboard
import Foundation
import Host
import Terminal
import Time
import UnixSignals

/// `streamtop [WORKSPACE]`: the stack with the dashboard.
struct DashboardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard", abstract: "Run a workspace and show it live (the default).")

    @Argument(help: ArgumentHelp("The workspace's folder; default: the present one.", valueName: "workspace"))
    var workspace: String?

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: StackOptions

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    func validate() throws {
        // The first word that is no command is a workspace: a misspelt command ends up here.
        if let workspace, !workspace.contains("/"), !FileManager.default.fileExists(atPath: workspace) {
            let commands = Streamtop.configuration.subcommands.compactMap { $0.configuration.commandName }
            throw ValidationError(
                "there is no command and no folder '\(workspace)'; commands are \(commands.joined(separator: ", "))")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let preferences = Preferences(environment: environment)
        let catalog = preferences.catalog
        let loaded = try common.theme.map { try catalog.load($0) } ?? preferences.load(from: catalog)
        let keymap = try preferences.keymap()
        let session = try HostSession(workspace: workspace, common: common, options: options)
        let terminal: Terminal
        do {
            terminal = try await Terminal.open(.init(isASCII: ascii ? true : nil, environment: environment))
        } catch let error as TerminalError {
            throw HostError(.output, "\(error)")
        }
        do {
            try await show(on: terminal, session, loaded.theme, catalog, keymap, preferences)
        } catch {
            await terminal.close()
            throw error
        }
        await terminal.close()
    }

    private func show(
        on terminal: Terminal, _ session: HostSession, _ theme: Theme, _ catalog: ThemeCatalog, _ keymap: Keymap,
        _ preferences: Preferences
    ) async throws {
        try await session.run { host in
            let dashboard = DashboardSession(
                screen: terminal, clock: SystemClock(), theme: theme, catalog: catalog, keymap: keymap,
                send: { await host.perform($0) }, keepTheme: { preferences.keep(theme: $0) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await host.run() }
                group.addTask {
                    if await dashboard.run(snapshots: Self.snapshots(of: host)) == .forced {
                        await terminal.close()
                        Foundation.exit(0)
                    }
                    host.shutDown()
                    await Task.untilCancelled()
                }
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sigterm, .sighup, .sigint) {
                        host.shutDown()
                        break
                    }
                    await Task.untilCancelled()
                }
                defer { group.cancelAll() }
                // The host ends first: told by the dashboard or a signal, or because it failed.
                for try await _ in group { break }
            }
        }
    }

    /// Four snapshots a second; one that nobody took in time is replaced by the next.
    private static func snapshots(of host: StackHost) -> AsyncStream<Snapshot> {
        let (stream, continuation) = AsyncStream<Snapshot>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let task = Task {
            // Until then there is nothing to show, and the first snapshot is drawn at once.
            await host.waitUntilOpen()
            repeat {
                continuation.yield(await host.snapshot())
            } while (try? await Task.sleep(for: DashboardSession.framePeriod)) != nil
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}
