import GRPCCore
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import Testing

@testable import GoogleAPI

/// A gRPC call whose client takes its time, on an event loop whose time stands still.
@Suite struct CallHandlerTests {
    /// Keeps what is written until it is told to let some of it pass.
    private final class Window: ChannelOutboundHandler {
        typealias OutboundIn = HTTP2Frame.FramePayload
        typealias OutboundOut = HTTP2Frame.FramePayload

        private var kept: [EventLoopPromise<Void>?] = []
        var resets: [HTTP2ErrorCode] = []

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if case .rstStream(let code) = unwrapOutboundIn(data) { resets.append(code) } else { kept.append(promise) }
        }

        func open() { kept.removeFirst()?.succeed() }
    }

    /// A call that has begun.
    private struct Call {
        let socket = EmbeddedChannel()
        let stream = EmbeddedChannel()
        let window = Window()
        let calls = Calls()
        let connection: Connection

        init() throws {
            let connections = Connections(limits: ServerLimits())
            connection = try #require(connections.take(for: socket))
            try stream.pipeline.syncOperations.addHandlers([
                window, CallHandler(limits: ServerLimits(), calls: calls, connection: connection),
            ])
        }

        /// The head as the library behind has it.
        func begin(_ method: String = "Pull", endStream: Bool = false) throws -> HPACKHeaders {
            var head = HPACKHeaders([(":path", "/google.pubsub.v1.Subscriber/\(method)")])
            // Nobody may take another's call for its own.
            head.add(name: Calls.field, value: "1")
            try stream.writeInbound(HTTP2Frame.FramePayload.headers(.init(headers: head, endStream: endStream)))
            guard case .headers(let read)? = try stream.readInbound(as: HTTP2Frame.FramePayload.self) else {
                return [:]
            }
            return read.headers
        }

        func receive(endStream: Bool) throws {
            try stream.writeInbound(
                HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer(bytes: [1])), endStream: endStream)))
        }

        func answer(_ bytes: Int) {
            let buffer = ByteBuffer(repeating: 7, count: bytes)
            stream.writeAndFlush(HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(buffer))), promise: nil)
        }

        func wait(_ seconds: Int64) { stream.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }
    }

    @Test func whoReadsNothingOfAnAnswerForAMinuteIsCutOff() throws {
        let call = try Call()
        _ = try call.begin(endStream: true)
        call.answer(1_000_000)
        call.answer(500)
        #expect(call.connection.unread.bytes == 1_000_500)
        call.wait(59)
        // Every part that is read gives new time for the others.
        call.window.open()
        #expect(call.connection.unread.bytes == 500)
        call.wait(59)
        #expect(call.window.resets == [])
        call.wait(1)
        #expect(call.window.resets == [.enhanceYourCalm])
        #expect(call.socket.isActive == false && call.connection.isClogged == false)
        _ = try call.stream.finish(acceptAlreadyClosed: true)
        #expect(call.connection.unread.bytes == 0)
    }

    @Test func whoReadsHasAllTheTime() throws {
        let call = try Call()
        _ = try call.begin(endStream: true)
        for _ in 0..<5 {
            call.answer(1000)
            call.wait(40)
            call.window.open()
        }
        call.wait(1000)
        #expect(call.window.resets == [])
    }

    /// A reset would not reach it either.
    @Test func aConnectionWhoseSocketTakesNothingIsClosed() throws {
        let call = try Call()
        try call.socket.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        _ = try call.begin(endStream: true)
        call.answer(1000)
        call.socket.isWritable = false
        call.wait(60)
        #expect(call.window.resets == [])
        #expect(!call.socket.isActive)
    }

    @Test(arguments: [("Pull", false), ("Pull", true), ("StreamingPull", false), ("StreamingPull", true)])
    func aRequestThatDoesNotComeEndsItsCall(method: String, comes: Bool) throws {
        let call = try Call()
        _ = try call.begin(method)
        call.wait(59)
        // A stream begins with its first message, another call with the end of its request.
        if comes {
            try call.receive(endStream: method == "Pull")
        } else if method == "Pull" {
            try call.receive(endStream: false)
        }
        call.wait(1)
        #expect(call.window.resets == (comes ? [] : [.cancel]))
    }

    @Test func aCallIsFoundByItsHeadAndNoOther() throws {
        let (call, other) = (try Call(), try Call())
        let (head, another) = (try call.begin(), try other.begin())
        #expect(head[Calls.field].count == 1)
        #expect(head[Calls.field] != another[Calls.field])
        let metadata = Metadata(dictionaryLiteral: (Calls.field, .string(head[Calls.field][0])))
        #expect(call.calls[metadata] != nil)
        #expect(call.calls[Metadata()] == nil)
        _ = try call.stream.finish(acceptAlreadyClosed: true)
        #expect(call.calls[metadata] == nil)
        _ = try other.stream.finish(acceptAlreadyClosed: true)
    }
}
