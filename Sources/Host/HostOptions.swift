public import Foundation
public import Run
public import Time

/// What the wiring decides about a host.
public struct HostOptions: Sendable {
    /// What to run.
    public var workspace: Workspace
    /// Everything that lasts is here. The caller holds its `DataFolderLock`.
    public var dataFolder: URL
    /// The program's version, for snapshots.
    public var version: String
    /// Everybody's time.
    public var clock: any WallClock
    /// Set when `clock` is a manual one that is to jump to the next due thing whenever nothing is under way.
    public var fastForward: ManualClock?
    /// The applications by the names that services give as `handler`.
    public var handlers: [String: RunService.Factory]
    /// Environment variables that every service gets.
    public var environment: [String: String]
    /// Where `/metrics` is served over TCP.
    public var listen: AdminServer.Address?
    /// Where Pub/Sub is served to clients outside of the process.
    public var pubsubListen: PubSubListen
    /// Resumes every paused trigger at the start.
    public var resumesTriggers: Bool

    /// With the defaults: no application, nothing served over TCP, triggers as they were.
    public init(
        workspace: Workspace, dataFolder: URL, version: String, clock: any WallClock, fastForward: ManualClock? = nil,
        handlers: [String: RunService.Factory] = [:], environment: [String: String] = [:],
        listen: AdminServer.Address? = nil, pubsubListen: PubSubListen = .off,
        resumesTriggers: Bool = false
    ) {
        self.workspace = workspace
        self.dataFolder = dataFolder
        self.version = version
        self.clock = clock
        self.fastForward = fastForward
        self.handlers = handlers
        self.environment = environment
        self.listen = listen
        self.pubsubListen = pubsubListen
        self.resumesTriggers = resumesTriggers
    }
}
