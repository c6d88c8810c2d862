public import Logging
public import Pipes
public import Time

/// An application: what runs in each instance of a service.
///
/// Each instance is an object of its own, made when the instance starts and let go when it stops, so what it remembers
/// is honest about what an instance on Cloud Run would remember.
public protocol RequestHandler: Sendable {
    /// Answers a request. A thrown error becomes a 500 and is logged; cancellation means that the caller has gone or
    /// that the time is up.
    func handle(_ request: HTTPRequest, context: ServiceContext) async throws -> HTTPResponse
}

/// What an application has around it.
public struct ServiceContext: Sendable {
    /// The time, which may be simulated.
    public var clock: any WallClock
    /// The way to other services and out of the process.
    public var http: any HTTPTarget
    /// Pub/Sub.
    public var publisher: any MessagePublisher
    /// Cloud Tasks.
    public var tasks: any TaskCreator
    /// Environment variables: those of the declaration, and `K_SERVICE`, `K_REVISION`, `K_CONFIGURATION`, `PORT`
    /// (Cloud Run's container contract).
    public var environment: [String: String]
    /// For the service's log.
    public var logger: Logger

    /// Puts a context together.
    public init(
        clock: any WallClock, http: any HTTPTarget, publisher: any MessagePublisher, tasks: any TaskCreator,
        environment: [String: String], logger: Logger
    ) {
        self.clock = clock
        self.http = http
        self.publisher = publisher
        self.tasks = tasks
        self.environment = environment
        self.logger = logger
    }
}
