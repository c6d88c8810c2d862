import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands first in the pipeline of every gRPC call and watches over what its client may take of the server: a request
/// that does not come, an answer that is not read.
///
/// A client that reads its socket and not its call (it gives no window, RFC 9113, section 5.2) would have the answer
/// kept for as long as it likes; so the call is ended with ENHANCE_YOUR_CALM, which gRPC's libraries report as
/// RESOURCE_EXHAUSTED. If not even the socket takes anything, the connection is closed.
final class CallHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let limits: ServerLimits
    private let calls: Calls
    private let connection: Connection
    private var output: CallOutput?
    /// Until the request is there.
    private var requestTimeout: Scheduled<Void>?
    /// Until something of an answer is taken.
    private var writeTimeout: Scheduled<Void>?
    private var isStream = false

    init(limits: ServerLimits, calls: Calls, connection: Connection) {
        self.limits = limits
        self.calls = calls
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(var payload) where output == nil:
            let output = begin(context)
            payload.headers.remove(name: Calls.field)
            payload.headers.add(name: Calls.field, value: output.name)
            isStream = payload.headers.first(name: ":path")?.hasSuffix("/StreamingPull") ?? false
            if !payload.endStream {
                requestTimeout = end(context, after: limits.requestTime, .cancel)
            }
            context.fireChannelRead(wrapInboundOut(.headers(payload)))
        case .data(let payload):
            // A stream's request has no end; its first message says enough.
            if payload.endStream || isStream { requestIsThere() }
            context.fireChannelRead(data)
        case .headers:
            requestIsThere()
            context.fireChannelRead(data)
        default: context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .data(let payload) = unwrapOutboundIn(data), let output, payload.data.readableBytes > 0 else {
            context.write(data, promise: promise)
            return
        }
        let bytes = payload.data.readableBytes
        output.willWrite(bytes)
        if writeTimeout == nil { writeTimeout = end(context, after: limits.writeTime, .enhanceYourCalm) }
        let promise = promise ?? context.eventLoop.makePromise()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            handler.didWrite(bytes, context)
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish() }

    private func begin(_ context: ChannelHandlerContext) -> CallOutput {
        let loop = context.eventLoop
        let output = CallOutput(connection.unread) { try? await loop.submit {}.get() }
        self.output = output
        calls.add(output)
        connection.begin()
        return output
    }

    private func finish() {
        requestIsThere()
        writeTimeout?.cancel()
        writeTimeout = nil
        guard let output else { return }
        self.output = nil
        output.end()
        calls.remove(output)
        connection.end()
    }

    private func requestIsThere() {
        requestTimeout?.cancel()
        requestTimeout = nil
    }

    /// Every part that is taken gives the others new time.
    private func didWrite(_ bytes: Int, _ context: ChannelHandlerContext) {
        guard let output else { return }
        output.didWrite(bytes)
        writeTimeout?.cancel()
        writeTimeout = output.unwritten > 0 ? end(context, after: limits.writeTime, .enhanceYourCalm) : nil
    }

    private func end(
        _ context: ChannelHandlerContext, after time: Duration, _ reason: HTTP2ErrorCode
    ) -> Scheduled<Void> {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: TimeAmount(time)) {
            let (handler, context) = bound.value
            if reason == .enhanceYourCalm, handler.connection.isClogged {
                handler.connection.close()
            } else {
                context.writeAndFlush(handler.wrapOutboundOut(.rstStream(reason)), promise: nil)
            }
        }
    }
}
