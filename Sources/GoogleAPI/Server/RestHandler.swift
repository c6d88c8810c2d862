import NIOCore
import NIOExtras
import NIOHTTP1
import NIOHTTPCompression

/// Serves the requests of one HTTP/1.1 connection, one after the other.
final class RestHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case receiving(HTTPRequestHead, ByteBuffer)
        /// The request is refused; what is left of it is passed over.
        case refused
        case answering(keepsAlive: Bool, Task<Void, Never>)
    }

    private let limits: ServerLimits
    private let router: RestRouter
    private let connection: Connection
    private var state = State.idle
    private var timeout: Scheduled<Void>?
    private var isQuiescing = false
    private var requests = 0

    init(limits: ServerLimits, router: RestRouter, connection: Connection) {
        self.limits = limits
        self.router = router
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        // Here it ends: the handlers behind are gRPC's, which must not know.
        closeAfter(limits.idleTime, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        if case .answering(_, let task) = state { task.cancel() }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(var bytes):
            guard case .receiving(let head, var body) = state else { return }
            guard body.readableBytes + bytes.readableBytes <= limits.bodyBytes else {
                refuse(tooLarge, context)
                return
            }
            // Its buffer must not be shared while it grows.
            state = .idle
            body.writeBuffer(&bytes)
            state = .receiving(head, body)
        case .end:
            guard case .receiving(let head, let body) = state else { return }
            answer(head, body, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return }
        isQuiescing = true
        if case .idle = state { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .receiving = state else { return context.close(promise: nil) }
        switch error {
        case NIOHTTPDecompression.DecompressionError.limit: refuse(tooLarge, context)
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            refuse(.invalidArgument("The request's body is not what its content-encoding says."), context)
        default: context.close(promise: nil)
        }
    }

    /// What the handlers behind would write belongs to no client.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.ioOnClosedChannel)
    }

    func flush(context: ChannelHandlerContext) {}

    private var tooLarge: APIError {
        .invalidArgument("Request payload size exceeds the limit: \(limits.bodyBytes) bytes.")
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        closeAfter(limits.requestTime, context)
        if isOfPage(head.headers) {
            let reason = "Web pages may not use this port: a browser marked the request as a page's."
            refuse(APIError(.permissionDenied, reason), context)
            return
        }
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limits.bodyBytes {
            refuse(tooLarge, context)
            return
        }
        if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
        }
        state = .receiving(head, ByteBuffer())
    }

    /// Browsers let any page send to loopback; they say so in these fields (Fetch Standard, "Origin" header; Fetch Metadata
    /// Request Headers). An address that the user has typed is no page's.
    private func isOfPage(_ headers: HTTPHeaders) -> Bool {
        headers.contains(name: "origin") || headers["sec-fetch-site"].contains { $0 != "none" }
    }

    private func answer(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        timeout?.cancel()
        connection.begin()
        requests += 1
        let request = RestRequest(verb: head.method.rawValue, uri: head.uri, body: Array(body.readableBytesView))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let task = Task { [router] in
            let answer = await router.respond(to: request)
            loop.execute {
                let (handler, context) = bound.value
                handler.send(answer, context)
            }
        }
        state = .answering(keepsAlive: head.isKeepAlive, task)
    }

    private func refuse(_ error: APIError, _ context: ChannelHandlerContext) {
        state = .refused
        write(RestAnswer(error), keepsAlive: false, context)
    }

    private func send(_ answer: RestAnswer, _ context: ChannelHandlerContext) {
        guard case .answering(let keepsAlive, _) = state, context.channel.isActive else { return }
        state = .idle
        write(answer, keepsAlive: keepsAlive && !isQuiescing, context)
    }

    private func write(_ answer: RestAnswer, keepsAlive: Bool, _ context: ChannelHandlerContext) {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status))
        head.headers.add(name: "content-type", value: "application/json; charset=UTF-8")
        head.headers.add(name: "content-length", value: "\(answer.body.count)")
        if !keepsAlive { head.headers.add(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        let done = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
        closeAfter(limits.writeTime, context)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        done.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            handler.isAnswered()
            if !keepsAlive {
                context.close(promise: nil)
            } else if case .idle = handler.state {
                handler.closeAfter(handler.limits.idleTime, context)
            }
        }
    }

    private func isAnswered() {
        guard requests > 0 else { return }
        requests -= 1
        connection.end()
    }

    private func closeAfter(_ time: Duration, _ context: ChannelHandlerContext) {
        timeout?.cancel()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: TimeAmount(time)) { bound.value.close(promise: nil) }
    }
}
