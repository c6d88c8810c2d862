import GRPCCore
import GRPCNIOTransportCore
import NIOCore
import NIOPosix
public import PubSub
import Synchronization
public import Time

/// Pub/Sub's front door: `google.pubsub.v1` and `google.iam.v1` over gRPC and REST on one port.
public struct PubSubServer: Sendable {
    private let broker: Broker
    private let clock: any WallClock
    private let lifetimes: any WallClock
    private let host: String
    private let port: Int
    private let limits: ServerLimits

    /// A server of `broker` that opens nothing before `run`. Port 0: any that is free. `clock` is the broker's;
    /// `lifetimes` tells how long clients wait and are connected, which is real time though the broker's runs ahead.
    public init(
        broker: Broker, clock: any WallClock, lifetimes: any WallClock = SystemClock(), host: String = "127.0.0.1",
        port: Int = 8085, limits: ServerLimits = ServerLimits()
    ) {
        self.broker = broker
        self.clock = clock
        self.lifetimes = lifetimes
        self.host = host
        self.port = port
        self.limits = limits
    }

    /// How long clients have at the end to hear of it.
    private static let farewell = Duration.seconds(2)

    /// Serves until cancelled; then open streams end with UNAVAILABLE, what is under way has two seconds. `ready` is
    /// called once the port is open, with `HOST:PORT`. Throws `PubSubServerError` when it cannot be opened.
    public func run(ready: @escaping @Sendable (String) async -> Void = { _ in }) async throws {
        let streams = OpenStreams()
        let (connections, calls) = (Connections(limits: limits), Calls())
        let methods = methods(streams)
        let (openings, opening) = AsyncStream.makeStream(of: Result<NIOCore.SocketAddress, any Error>.self)
        let door = FrontDoor(
            host: host, port: port, limits: limits, connections: connections, router: RestRouter(methods),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            opened: {
                opening.yield($0)
                opening.finish()
            })
        var router = RPCRouter<FrontDoor.Transport>()
        for method in methods { method.register(&router, calls) }
        let server = GRPCServer(
            transport: FrontDoor.Transport(listenerFactory: door, config: config(connections, calls)), router: router)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(server, streams) }
            group.addTask {
                for await opened in openings {
                    switch opened {
                    case .success(let address):
                        await ready("\(host.contains(":") ? "[\(host)]" : host):\(address.port ?? port)")
                    case .failure(let error): throw PubSubServerError(host: host, port: port, reason: error)
                    }
                }
                await Task.untilCancelled()
            }
            defer { group.cancelAll() }
            do {
                try await group.next()
            } catch let error as RuntimeError {
                // The other task knows why.
                try await group.next()
                throw error
            }
        }
    }

    /// Serves until cancelled. The cancellation is not the server's: it would cut its clients off without a word.
    private func serve(_ server: GRPCServer<FrontDoor.Transport>, _ streams: OpenStreams) async throws {
        let serving = Task { try await server.serve() }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            streams.end()
            server.beginGracefulShutdown()
            Task {
                try await lifetimes.sleep(for: PubSubServer.farewell)
                serving.cancel()
            }
        }
    }

    var methods: [APIMethod] { methods(OpenStreams()) }

    private func methods(_ streams: OpenStreams) -> [APIMethod] {
        let acknowledgements = Acknowledgements(broker: broker, streams: streams, clock: clock)
        return PublisherMethods(broker: broker).all + SubscriberMethods(broker: broker).all
            + PullMethods(broker: broker, acknowledgements: acknowledgements, lifetimes: lifetimes).all
            + SnapshotMethods(broker: broker).all + SchemaMethods(broker: broker).all
            + AccessMethods(broker: broker).all
            + [
                StreamingPull(
                    broker: broker, acknowledgements: acknowledgements, clock: clock, lifetimes: lifetimes,
                    writeTime: limits.writeTime
                ).method
            ]
    }

    private func config(_ connections: Connections, _ calls: Calls) -> FrontDoor.Transport.Config {
        var config = FrontDoor.Transport.Config.defaults
        config.compression.enabledAlgorithms = .all
        // What answers no ping is closed by `DeadPeerHandler`; clients may ask after us as often as they like to.
        config.connection.keepalive.time = limits.pingTime
        config.connection.keepalive.timeout = limits.pingTimeout
        config.connection.keepalive.clientBehavior.allowWithoutCalls = true
        config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(5)
        // Nobody waits for company: an answer goes out at once.
        config.connection.flushCoalescing = nil
        config.http2.targetWindowSize = 1 << 20
        config.http2.maxConcurrentStreams = limits.callsPerConnection
        config.rpc.maxRequestPayloadSize = limits.messageBytes
        config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(TimeoutHandler(), position: .first)
                // Else it has just been closed.
                guard let connection = connections.connection(of: channel) else { return }
                try pipeline.addHandler(
                    CallHandler(limits: limits, calls: calls, connection: connection), position: .first)
            }
        }
        return config
    }
}

/// Why the port cannot be opened.
public struct PubSubServerError: Error, Sendable, CustomStringConvertible {
    /// The address that was wanted.
    public let address: String
    /// Another program has the port.
    public let isInUse: Bool
    /// What the system says.
    public let reason: String

    init(host: String, port: Int, reason: any Error) {
        address = "\(host):\(port)"
        let failure = reason as? IOError
        isInUse = failure?.errnoCode == EADDRINUSE
        self.reason =
            if isInUse {
                "another program listens there"
            } else if let failure {
                String(cString: strerror(failure.errnoCode))
            } else if reason is SocketAddressError.UnknownHost {
                "there is no such host"
            } else {
                "\(reason)"
            }
    }

    /// What cannot be opened, and why.
    public var description: String { "Pub/Sub cannot listen on \(address): \(reason)" }
}
