import BeamYAML
import Control
import Foundation
import Host
import Logging
import SubwayApps
import Time

/// What both the dashboard and headless runs set up: the claim on the data folder, the clock, the feed, the host.
struct HostSession: Sendable {
    let workspace: Workspace
    let dataFolder: URL
    private let lock: DataFolderLock
    private let feed: SubwayFeed
    private let options: StackOptions
    let clock: any WallClock
    private let manual: ManualClock?
    private let level: Logger.Level

    /// Reads the workspace and claims the data folder. Complaints about the workspace end it here.
    init(workspace path: String?, common: CommonOptions, options: StackOptions) throws {
        let folder = URL(fileURLWithPath: path ?? ".")
        let (workspace, complaints) = try Workspace.read(folder, handlers: Set(SubwayFeed.handlers.keys))
        if complaints.contains(where: { $0.severity == .error }) {
            throw HostError(.workspace, complaints.map(\.description).joined(separator: "\n"))
        }
        self.workspace = workspace
        self.options = options
        dataFolder = DataFolder.url(chosen: common.data, workspace: folder)
        lock = try DataFolderLock(folder: dataFolder)
        feed = try SubwayFeed(options, dataFolder: dataFolder)
        level = common.logLevel.level
        if options.fast {
            let manual = ManualClock(now: feed.replay?.firstHeaderTime() ?? SystemClock().now)
            self.manual = manual
            clock = manual
        } else {
            manual = nil
            clock = SystemClock()
        }
    }

    /// Whether the feed has nothing more to give; false for one that never ends.
    func isFeedUsedUp() async -> Bool { await feed.replay?.isUsedUp ?? false }

    /// How far the recordings are: served and in all; nil for a feed that never ends.
    func replayProgress() async -> (served: Int, count: Int)? {
        guard let replay = feed.replay else { return nil }
        return (await replay.served, replay.count)
    }

    /// Makes the host and runs `body` beside the feed.
    func run<Result: Sendable>(
        onEvent: (@Sendable (Control.LogEvent) -> Void)? = nil, _ body: @Sendable (StackHost) async throws -> Result
    ) async throws -> Result {
        Console.outliveReaders()
        let listen = options.listen.flatMap { AdminServer.Address($0) }
        let file = LogFile(folder: dataFolder, level: level)
        let log = EventLog(clock: clock) { event in
            file.write(event)
            onEvent?(event)
        }
        return try await feed.serve(clock: clock, logger: log.logger("feed")) { environment in
            let host = StackHost(
                HostOptions(
                    workspace: workspace, dataFolder: dataFolder, version: Streamtop.version, clock: clock,
                    fastForward: manual,
                    handlers: SubwayFeed.handlers, environment: environment, listen: listen,
                    pubsubListen: options.pubsubListen.flatMap { PubSubListen($0) } ?? .anywhere,
                    resumesTriggers: options.resume),
                log: log)
            return try await body(host)
        }
    }
}
