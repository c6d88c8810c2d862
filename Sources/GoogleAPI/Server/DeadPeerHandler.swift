import NIOCore

/// Closes a gRPC connection from which nothing comes any more.
///
/// A client that is there answers pings, which are sent whenever nothing else has come for a while. One whose machine or
/// network has gone does not, and TCP would wait for it a quarter of an hour, while its streams are handed messages.
/// gRPC's own handler does not close then: it ends the connection in peace, which takes an answer of the client.
final class DeadPeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let patience: TimeAmount
    private var lastRead = NIODeadline.distantPast
    private var timer: Scheduled<Void>?

    /// - Parameter patience: how long nothing may come.
    init(patience: Duration) { self.patience = TimeAmount(patience) }

    func handlerAdded(context: ChannelHandlerContext) {
        lastRead = context.eventLoop.now
        look(context, in: patience)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastRead = context.eventLoop.now
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    private func look(_ context: ChannelHandlerContext, in time: TimeAmount) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: time) {
            let (handler, context) = bound.value
            let silence = context.eventLoop.now - handler.lastRead
            if silence >= handler.patience {
                context.close(promise: nil)
            } else {
                handler.look(context, in: handler.patience - silence)
            }
        }
    }
}
