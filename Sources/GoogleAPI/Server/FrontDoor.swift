import GRPCNIOTransportCore
import NIOCore
import NIOPosix

/// The listening port: every connection is looked at, and served with gRPC or HTTP/1.1 by what its client says first.
struct FrontDoor: HTTP2ServerTransport.ListenerFactory {
    typealias Transport = HTTP2ServerTransport.Custom<FrontDoor>

    let host: String
    let port: Int
    let limits: ServerLimits
    let connections: Connections
    let router: RestRouter
    let eventLoopGroup: any EventLoopGroup
    /// Told the address that is open, or why none is.
    let opened: @Sendable (Result<NIOCore.SocketAddress, any Error>) -> Void

    func makeListeningChannel(
        listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
        connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
    ) async throws -> NIOAsyncChannel<HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel, Never> {
        do {
            let channel = try await ServerBootstrap(group: eventLoopGroup)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
                .serverChannelInitializer { listenerConfigurator.configure(channel: $0) }
                .bind(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            ProtocolHandler(limits: limits, router: router, connection: connections.take(for: channel)))
                    }.flatMap { connectionConfigurator.configure(channel: channel, tls: .none) }
                }
            guard let address = channel.channel.localAddress else { throw ChannelError.unknownLocalAddress }
            opened(.success(address))
            return channel
        } catch {
            opened(.failure(error))
            throw error
        }
    }
}
