import Foundation
import Logging
import Run
import SubwayApps
import Time

/// The demo's applications, and the feed that they poll: the simulator, recordings, or one in the world.
struct SubwayFeed: Sendable {
    /// The applications by the names that a workspace gives them.
    static let handlers: [String: RunService.Factory] = [
        "event-task-enqueuer": { EventTaskEnqueuer() },
        "mta-processor-endpoint": { MTAProcessor() },
    ]

    /// Set when recordings are replayed.
    let replay: ReplayFeed?
    private let url: String?

    /// Opens the recordings, if that is what was asked for. Throws when there are none.
    init(_ options: StackOptions, dataFolder: URL) throws {
        url = options.feed
        replay = try options.replay.map {
            try ReplayFeed(folder: $0, ledgerPath: dataFolder.appendingPathComponent("replay.ledger").path)
        }
    }

    /// Serves the feed while `body` runs, which gets the environment of the services.
    func serve<Result: Sendable>(
        clock: any WallClock, logger: Logger, _ body: @Sendable ([String: String]) async throws -> Result
    ) async throws -> Result {
        if let problem = replay?.problem { logger.warning("\(problem)") }
        if let url { return try await body(["FEED_URL": url]) }
        let server = FeedServer(replay ?? FeedSimulator(clock: clock), logger: logger)
        let address = try await server.start()
        do {
            let result = try await body(["FEED_URL": address])
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }
}
