import GRPCCore
import GRPCProtobuf
import PubSub

/// Why a call fails, as it is told to clients of either kind.
struct APIError: Error, Sendable, Hashable {
    /// What a program can read of the failure (`google.rpc.ErrorInfo`).
    struct Info: Sendable, Hashable {
        var reason: String
        var domain = "pubsub.googleapis.com"
        var metadata: [String: String]
    }

    var code: StatusCode
    /// Names the resource, and says what to do.
    var message: String
    var info: Info?

    init(_ code: StatusCode, _ message: String, info: Info? = nil) {
        self.code = code
        self.message = message
        self.info = info
    }

    /// What a failure of any kind means for the client.
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as PubSubError:
            self.init(StatusCode(name: error.code.description) ?? .unknown, error.message)
        // A client that takes its call back hears nothing of it; any other is cut off by the server's end, and clients
        // open a stream anew after UNAVAILABLE alone.
        case is CancellationError: self.init(.unavailable, "The server is shutting down. Try again.")
        case let error as RPCError where error.code == .cancelled:
            self.init(.unavailable, "The server is shutting down. Try again.")
        case let error as RPCError:
            self.init(StatusCode(rawValue: Status.Code(error.code).rawValue) ?? .unknown, error.message)
        default: self.init(.internalError, "\(error)")
        }
    }

    static func invalidArgument(_ message: String) -> APIError { APIError(.invalidArgument, message) }
}

extension APIError: RPCErrorConvertible {
    var rpcErrorCode: RPCError.Code { Status.Code(rawValue: code.rawValue).flatMap { RPCError.Code($0) } ?? .unknown }
    var rpcErrorMessage: String { message }
    var rpcErrorCause: (any Error)? { nil }

    /// The details travel as `grpc-status-details-bin`. They are there even when they say no more than the status:
    /// Google's library for Python takes an acknowledgement for done when it fails without them.
    var rpcErrorMetadata: Metadata {
        let details = info.map { ErrorDetails.errorInfo(reason: $0.reason, domain: $0.domain, metadata: $0.metadata) }
        return GoogleRPCStatus(code: rpcErrorCode, message: message, details: details.map { [$0] } ?? [])
            .rpcErrorMetadata
    }
}
