import NIOCore
import NIOHTTP1
import NIOHTTPCompression

/// Stands first in a connection's pipeline, before gRPC's handlers, and keeps everything from them until the client's
/// first bytes are there.
///
/// With HTTP/2's preface (RFC 9113, section 3.4) it goes, and gRPC does the rest. Otherwise it puts the handlers for
/// HTTP/1.1 between itself and gRPC's, which sleep behind them until the connection closes.
final class ProtocolHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let limits: ServerLimits
    private let router: RestRouter
    /// Nil: there is no place for it.
    private let connection: Connection?
    private var received: ByteBuffer?
    private var timeout: Scheduled<Void>?
    private var isDecided = false

    init(limits: ServerLimits, router: RestRouter, connection: Connection?) {
        self.limits = limits
        self.router = router
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        // gRPC greets as soon as it knows of the connection: it must not yet.
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        // Who is not let in gets a moment, to be told so in its own language.
        let time = connection == nil ? .seconds(1) : TimeAmount(limits.requestTime)
        timeout = context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isDecided else {
            context.fireChannelRead(data)
            return
        }
        received.setOrWriteBuffer(&bytes)
        guard let start = received?.readableBytesView.prefix(ProtocolHandler.preface.count) else { return }
        let isGRPC = start.elementsEqual(ProtocolHandler.preface)
        guard isGRPC || !ProtocolHandler.preface.starts(with: start) else { return }
        guard let connection else { return refuse(isGRPC ? Refusal.http2 : Refusal.http1, context) }
        if isGRPC { beginGRPC(context) } else { beginHTTP(context, connection) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isDecided { context.fireChannelReadComplete() } else { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        context.fireChannelInactive()
    }

    private func beginGRPC(_ context: ChannelHandlerContext) {
        decided()
        let watch = DeadPeerHandler(patience: limits.pingTime + limits.pingTimeout + .seconds(10))
        do {
            try context.pipeline.syncOperations.addHandler(watch, position: .after(self))
        } catch {
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
        replay(context)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func beginHTTP(_ context: ChannelHandlerContext, _ connection: Connection) {
        decided()
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandlers(
                NIOHTTPRequestDecompressor(limit: .size(limits.bodyBytes)),
                RestHandler(limits: limits, router: router, connection: connection), position: .after(self))
            try pipeline.configureHTTPServerPipeline(position: .after(self))
        } catch {
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
        replay(context)
    }

    private func refuse(_ answer: [UInt8], _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)))
            .whenComplete { _ in bound.value.close(promise: nil) }
    }

    /// What a connection is told that is one too many.
    private enum Refusal {
        private static let reason = "Too many connections are open. Close some, or try again later."

        static let http1 = {
            let answer = RestAnswer(APIError(.unavailable, reason))
            let head =
                "HTTP/1.1 \(answer.status) Service Unavailable\r\ncontent-type: application/json; charset=UTF-8\r\n"
                + "content-length: \(answer.body.count)\r\nconnection: close\r\n\r\n"
            return Array(head.utf8) + Array(answer.body)
        }()

        /// SETTINGS, then GOAWAY with ENHANCE_YOUR_CALM (RFC 9113, sections 6.5 and 6.8).
        static let http2: [UInt8] =
            [0, 0, 0, 4, 0, 0, 0, 0, 0] + [0, 0, UInt8(8 + reason.utf8.count), 7, 0, 0, 0, 0, 0]
            + [0, 0, 0, 0, 0, 0, 0, 0xB] + Array(reason.utf8)
    }

    private func decided() {
        isDecided = true
        timeout?.cancel()
        timeout = nil
    }

    private func replay(_ context: ChannelHandlerContext) {
        guard let bytes = received else { return }
        received = nil
        context.fireChannelRead(wrapInboundOut(bytes))
        context.fireChannelReadComplete()
    }
}
