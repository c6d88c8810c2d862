import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
public import Pipes
import Time

/// The world outside the process, over HTTP.
public final class OutboundHTTP: HTTPTarget {
    /// The largest body that is read, bytes.
    public static let bodyLimit = 64 << 20

    private let client: HTTPClient

    /// A client with a connection pool of its own.
    public init() {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.timeout.connect = .seconds(10)
        // `send` follows by itself: the client trusts every port that a Location may name.
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Sends a request and reads the whole answer, at most `bodyLimit` bytes; see `HTTPTarget`. A GET is sent on up to five
    /// times.
    public func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let deadline = NIODeadline.now() + .nanoseconds(timeout.micros * 1000)
        var hop = request
        for _ in 0...Redirection.limit {
            let response = try await exchange(hop, until: deadline)
            guard let next = Redirection.next(after: hop, response) else { return response }
            hop = next
        }
        throw HTTPFailure(.unreachable, "\(request.url): redirected more than \(Redirection.limit) times")
    }

    private func exchange(_ request: HTTPRequest, until deadline: NIODeadline) async throws -> HTTPResponse {
        // The client ends the process over a port that there is not.
        if let port = URL(string: request.url)?.port, !(1...65_535).contains(port) {
            throw HTTPFailure(.badURL, "'\(request.url)': the port is \(port); it must be from 1 to 65535")
        }
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = .init(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        do {
            let response = try await client.execute(outgoing, deadline: deadline)
            let body = try await response.body.collect(upTo: Self.bodyLimit)
            var headers: [String: String] = [:]
            for (name, value) in response.headers { headers[name] = headers[name].map { $0 + ", " + value } ?? value }
            return HTTPResponse(
                status: Int(response.status.code), headers: headers, body: Array(body.readableBytesView))
        } catch let error as HTTPClientError {
            throw Self.failure(error, request)
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as IOError {
            let reason = String(cString: strerror(error.errnoCode))
            throw HTTPFailure(.unreachable, "\(request.method) \(request.url): \(reason)")
        } catch is NIOTooManyBytesError {
            throw HTTPFailure(.unreachable, "\(request.url): the response is larger than \(Self.bodyLimit >> 20) MiB")
        } catch {
            throw HTTPFailure(.unreachable, "\(request.url): \(error)")
        }
    }

    /// Closes the connections; call once, at the end.
    public func close() async {
        // A connection that does not close in order is closed all the same.
        try? await client.shutdown()
    }

    private static func failure(_ error: HTTPClientError, _ request: HTTPRequest) -> any Error {
        switch error {
        case .cancelled: CancellationError()
        case .deadlineExceeded, .connectTimeout, .readTimeout:
            HTTPFailure(.timeout, "\(request.method) \(request.url): no answer in time")
        case .invalidURL, .emptyHost, .emptyScheme:
            HTTPFailure(.badURL, "'\(request.url)' is not a URL that can be called; write http://HOST/PATH")
        default: HTTPFailure(.unreachable, "\(request.method) \(request.url): \(error.shortDescription)")
        }
    }
}
