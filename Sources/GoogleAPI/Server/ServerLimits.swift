/// What one client, or all of them, may take of the server.
public struct ServerLimits: Sendable, Hashable {
    /// Connections at a time. For a further one an idle one is closed: first those that never asked anything, the
    /// oldest first, then those without a request under way. When all are being served the new one is told so and closed.
    public var connections = 1000
    /// Calls at a time on one gRPC connection.
    public var callsPerConnection = 200
    /// A gRPC message: a publish request of 10 MB and what stands around its messages.
    public var messageBytes = 12 << 20
    /// An HTTP body: the same in base64.
    public var bodyBytes = 16 << 20
    /// Bytes of messages that the calls of one gRPC connection are handed out while its client has not read them. One
    /// large message for each answer of 1 to 3 MB may go beyond.
    public var unreadBytesPerConnection = 16 << 20
    /// From the connection to its first bytes, for every HTTP request to come in whole, and for the request of a gRPC
    /// call (the first one of a stream).
    public var requestTime = Duration.seconds(60)
    /// An HTTP connection with no request.
    public var idleTime = Duration.seconds(120)
    /// An answer of which its client reads nothing, over HTTP or gRPC.
    public var writeTime = Duration.seconds(60)
    /// A gRPC connection from which nothing has come is pinged after that time …
    public var pingTime = Duration.seconds(60)
    /// … and has so long to answer; ten seconds later it is closed.
    public var pingTimeout = Duration.seconds(20)

    /// The limits as documented.
    public init() {}
}
