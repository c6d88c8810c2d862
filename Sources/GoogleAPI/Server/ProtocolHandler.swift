import NIOCore
import NIOHTTP1

/// Stands first in a connection's pipeline, before gRPC's handlers, and keeps everything from them until the client's
/// first bytes are there.
///
/// With HTTP/2's preface (RFC 9113, section 3.4) it goes, and gRPC does the rest. Otherwise it puts the handlers for
/// HTTP/1.1 between itself and gRPC's, which sleep behind them until the connection closes.
final class ProtocolHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let limits: ServerLimits
    private let router: RestRouter
    private let hasPlace: Bool
    private var received: ByteBuffer?
    private var timeout: Scheduled<Void>?
    private var isDecided = false

    init(limits: ServerLimits, router: RestRouter, hasPlace: Bool) {
        self.limits = limits
        self.router = router
        self.hasPlace = hasPlace
    }

    func channelActive(context: ChannelHandlerContext) {
        // gRPC greets as soon as it knows of the connection: it must not yet.
        guard hasPlace else {
            context.close(promise: nil)
            return
        }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: limits.requestTime) { bound.value.close(promise: nil) }
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
        if start.elementsEqual(ProtocolHandler.preface) {
            beginGRPC(context)
        } else if !ProtocolHandler.preface.starts(with: start) {
            beginHTTP(context)
        }
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
        context.fireChannelActive()
        replay(context)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func beginHTTP(_ context: ChannelHandlerContext) {
        decided()
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(RestHandler(limits: limits, router: router), position: .after(self))
            try pipeline.configureHTTPServerPipeline(position: .after(self))
        } catch {
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
        replay(context)
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
