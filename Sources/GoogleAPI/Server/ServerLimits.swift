/// What one client, or all of them, may take of the server.
public struct ServerLimits: Sendable, Hashable {
    /// Connections at a time; further ones are told so and closed.
    public var connections = 1000
    /// Calls at a time on one gRPC connection.
    public var callsPerConnection = 200
    /// A gRPC message: a publish request of 10 MB and what stands around its messages.
    public var messageBytes = 12 << 20
    /// An HTTP body: the same in base64.
    public var bodyBytes = 16 << 20
    /// From the connection to its first bytes, and for every HTTP request to come in whole.
    public var requestTime = Duration.seconds(60)
    /// An HTTP connection with no request.
    public var idleTime = Duration.seconds(120)
    /// An HTTP answer that its client does not read.
    public var writeTime = Duration.seconds(60)

    /// The limits as documented.
    public init() {}
}
