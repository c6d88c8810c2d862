import ArgumentParser
import Control
import Foundation
import Host
import Time
import UnixSignals

/// `streamtop run`: the stack without a screen.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a workspace without a screen; progress goes to standard error.")

    @Argument(help: ArgumentHelp("The workspace's folder; default: the present one.", valueName: "workspace"))
    var workspace: String?

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: StackOptions

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("Stop after this time of the (possibly fast) clock: 90s, 5m, 2h.", valueName: "duration"))
    var duration: String?

    @Flag(help: "Stop when the recordings are used up and everything is in the warehouse.")
    var untilIdle = false

    func validate() throws {
        if let duration, (Duration(text: duration).map { $0 <= .zero } ?? true) {
            throw ValidationError("'\(duration)' is not a duration; write for example --for 90s")
        }
        if untilIdle, options.replay == nil {
            throw ValidationError(
                "--until-idle needs --replay DIR: the simulator and a real feed never end; or use --for DURATION")
        }
    }

    func run() async throws {
        let session = try HostSession(workspace: workspace, common: common, options: options)
        let progress = Progress()
        progress.replay(await session.replayProgress(), session.dataFolder.path)
        let last = try await session.run(onEvent: { progress.event($0, least: common.logLevel.level) }) { host in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await host.run { addresses in progress.ready(addresses, session.dataFolder.path) }
                }
                group.addTask { await Self.endOnSignal(host) }
                group.addTask { try await progress.follow(host, session) }
                if let limit = duration.flatMap({ Duration(text: $0) }) {
                    group.addTask {
                        try await session.clock.sleep(for: limit)
                        host.shutDown()
                    }
                }
                if untilIdle { group.addTask { try await Self.endWhenIdle(host, session) } }
                // The first to end without being cancelled is the host.
                for try await _ in group { break }
                group.cancelAll()
            }
            return await host.snapshot()
        }
        progress.done(last)
    }

    /// The first signal ends in order; a second ends at once, as the system does it.
    private static func endOnSignal(_ host: StackHost) async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) {
            host.shutDown()
            break
        }
        await Task.untilCancelled()
    }

    private static func endWhenIdle(_ host: StackHost, _ session: HostSession) async throws {
        while await !session.isFeedUsedUp() { try await Task.sleep(for: .milliseconds(2)) }
        host.stopTriggers()
        while await !host.isDrained() { try await Task.sleep(for: .milliseconds(2)) }
        try await host.drainPipelines()
        host.shutDown()
        await Task.untilCancelled()
    }
}
