internal import HTTPTypes
internal import Hummingbird
public import Logging
internal import NIOCore

/// Serves a feed as `GET /gtfs-ace` on 127.0.0.1, as an agency would: 200 with the protobuf message, 304 when there is
/// nothing new, 500 with a line of text when the source fails.
///
/// A poll may carry an `Idempotency-Key`; its repetition with the same key gets the same answer.
public actor FeedServer {
    private enum State {
        case idle
        case running(Task<Void, any Error>)
        case stopped
    }

    /// Where the feed is on the server.
    public static let path = "/gtfs-ace"

    private let source: any FeedSource
    private let logger: Logger
    private var state = State.idle

    /// A server of `source` that does not listen yet. What the source throws is logged as a warning.
    public init(_ source: any FeedSource, logger: Logger) {
        self.source = source
        self.logger = logger
    }

    /// Starts to listen and returns the feed's URL. Port 0 takes a free one. Throws `FeedServerError` when the port
    /// cannot be had, or when the server has been started before.
    public func start(port: Int = 0) async throws -> String {
        guard case .idle = state else {
            throw FeedServerError(message: "the feed server has been started before; make a new one")
        }
        let (ports, continuation) = AsyncThrowingStream<Int, any Error>.makeStream()
        let application = Application(
            router: router(),
            configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? port) },
            // The web server's own lines, of connections that close as it stops, are no news to whoever started this one.
            logger: Logger(label: "feed") { _ in SwiftLogNoOpLogHandler() })
        state = .running(
            Task {
                do {
                    try await application.run()
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                    throw error
                }
            })
        do {
            for try await port in ports { return "http://127.0.0.1:\(port)\(Self.path)" }
        } catch {
            state = .stopped
            throw FeedServerError(message: "the feed cannot be served on 127.0.0.1:\(port): \(error)")
        }
        state = .stopped
        throw FeedServerError(message: "the feed server on 127.0.0.1:\(port) ended before it could listen")
    }

    /// Closes the port; returns when that is done. Does nothing when the server does not run.
    public func stop() async {
        guard case .running(let task) = state else { return }
        state = .stopped
        task.cancel()
        _ = await task.result
    }

    private nonisolated func router() -> Router<BasicRequestContext> {
        let router = Router()
        let (source, logger) = (source, logger)
        router.get(RouterPath(Self.path)) { request, _ in
            await Self.response(to: request.headers[.idempotencyKey], from: source, logger: logger)
        }
        return router
    }

    private static func response(to key: String?, from source: any FeedSource, logger: Logger) async -> Response {
        do {
            switch try await source.answer(toPoll: key) {
            case .feed(let bytes):
                return Response(
                    status: .ok, headers: [.contentType: "application/x-protobuf"],
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            case .nothingNew:
                return Response(status: .notModified)
            }
        } catch {
            logger.warning("feed: \(error)")
            return Response(
                status: .internalServerError, headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "\(error)\n")))
        }
    }
}

/// Why a feed server does not run.
public struct FeedServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which port, and why.
    public var message: String

    /// The message.
    public var description: String { message }
}

extension HTTPField.Name {
    /// Constant and valid; were it ever not, the header would simply not be seen.
    fileprivate static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .ifMatch
}
