import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands first in the pipeline of every gRPC call, and takes away a `grpc-timeout` that is none ("gRPC over HTTP2",
/// "Timeout": one to eight digits and a unit).
///
/// The library behind passes over most of them; a negative one would end the program (grpc-swift 2.4).
final class TimeoutHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload

    private static let name = "grpc-timeout"

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .headers(var payload) = unwrapInboundIn(data),
            !payload.headers[TimeoutHandler.name].allSatisfy(TimeoutHandler.isTimeout)
        else {
            context.fireChannelRead(data)
            return
        }
        payload.headers.remove(name: TimeoutHandler.name)
        context.fireChannelRead(wrapInboundOut(.headers(payload)))
    }

    static func isTimeout(_ text: String) -> Bool {
        guard let unit = text.utf8.last, "HMSmun".utf8.contains(unit) else { return false }
        let digits = text.utf8.dropLast()
        return (1...8).contains(digits.count)
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
