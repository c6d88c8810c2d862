import Foundation
import NIOCore
import NIOEmbedded
import PubSub
import Testing
import Time

@testable import GoogleAPI

/// What a client may take of the server, on an event loop whose time stands still.
@Suite struct ServerLimitsTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let list = Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\n\r\n".utf8)

    /// Keeps what is written: its client does not read.
    private final class Clog: ChannelOutboundHandler, @unchecked Sendable {
        // Only its channel's event loop calls it.
        typealias OutboundIn = ByteBuffer

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            if let promise { context.channel.closeFuture.whenComplete { _ in promise.fail(ChannelError.eof) } }
        }
    }

    /// A server without its socket.
    private struct Door {
        let limits: ServerLimits
        let connections: Connections
        let router: RestRouter
        let broker: Broker
        private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

        init(_ change: (inout ServerLimits) -> Void = { _ in }) async throws {
            var limits = ServerLimits()
            change(&limits)
            self.limits = limits
            let clock = ManualClock(now: Timestamp(seconds: 1_700_000_000))
            broker = try await Broker.open(folder: folder, clock: clock)
            connections = Connections(limits: limits)
            router = RestRouter(PubSubServer(broker: broker, clock: clock).methods)
        }

        func connect(clogged: Bool = false) async throws -> Client {
            let channel = NIOAsyncTestingChannel()
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            let (limits, connections, router) = (limits, connections, router)
            try await channel.eventLoop.submit {
                let pipeline = channel.pipeline.syncOperations
                if clogged { try pipeline.addHandler(Clog()) }
                let handler = ProtocolHandler(
                    limits: limits, router: router, connection: connections.take(for: channel))
                try pipeline.addHandler(handler)
                pipeline.fireChannelActive()
            }.get()
            return Client(channel: channel)
        }

        func close() async throws {
            try await broker.shutDown()
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private struct Client {
        let channel: NIOAsyncTestingChannel

        func send(_ bytes: [UInt8]) async throws { try await channel.writeInbound(ByteBuffer(bytes: bytes)) }

        /// What comes until the end of an answer of HTTP/1.1.
        func answer() async throws -> String {
            var text = ""
            while true {
                text += String(buffer: try await channel.waitForOutboundWrite(as: ByteBuffer.self))
                guard let head = text.range(of: "\r\n\r\n"), let field = text.range(of: "content-length: ") else {
                    continue
                }
                let length = Int(text[field.upperBound...].prefix { $0.isNumber })
                if length == text[head.upperBound...].utf8.count { return text }
            }
        }

        func wait(_ time: Duration) async { await channel.testingEventLoop.advanceTime(by: TimeAmount(time)) }

        var isConnected: Bool { channel.isActive }
    }

    @Test(arguments: [
        "", "PRI * HTTP", "POST /v1/projects/p/topics/abc:publish HTTP/1.1\r\ncontent-length: 9\r\n\r\n{",
    ])
    func whoDoesNotFinishARequestIsDisconnected(start: String) async throws {
        let door = try await Door()
        let client = try await door.connect()
        await client.wait(.seconds(30))
        if !start.isEmpty { try await client.send(Array(start.utf8)) }
        // The time is the whole request's, and begins anew only with the request.
        let left = start.hasPrefix("POST") ? Duration.seconds(60) : .seconds(30)
        await client.wait(left - .milliseconds(1))
        #expect(client.isConnected)
        await client.wait(.milliseconds(1))
        #expect(!client.isConnected)
        try await door.close()
    }

    @Test(arguments: [
        ("", "200"), ("sec-fetch-site: none\r\n", "200"), ("origin: http://evil.example\r\n", "403"),
        ("Origin: null\r\n", "403"), ("Sec-Fetch-Site: cross-site\r\n", "403"),
        ("sec-fetch-site: same-origin\r\n", "403"),
    ])
    func aPageOfABrowserIsRefused(fields: String, status: String) async throws {
        let door = try await Door()
        let client = try await door.connect()
        try await client.send(Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\n\(fields)\r\n".utf8))
        #expect(try await client.answer().hasPrefix("HTTP/1.1 \(status)"))
        try await door.close()
    }

    @Test func anIdleConnectionIsClosedAfterItsAnswer() async throws {
        let door = try await Door()
        let client = try await door.connect()
        for _ in 0..<2 {
            try await client.send(Self.list)
            #expect(try await client.answer().hasPrefix("HTTP/1.1 200"))
            await client.wait(.seconds(119))
            #expect(client.isConnected)
        }
        await client.wait(.seconds(1))
        #expect(!client.isConnected)
        try await door.close()
    }

    @Test func whoDoesNotReadItsAnswerIsDisconnected() async throws {
        let door = try await Door()
        let client = try await door.connect(clogged: true)
        // It is refused before it is read, and so answered at once.
        try await client.send(
            Array("POST /v1/projects/p/topics/abc:publish HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n".utf8))
        await client.wait(.seconds(60) - .milliseconds(1))
        #expect(client.isConnected)
        await client.wait(.milliseconds(1))
        #expect(!client.isConnected)
        try await door.close()
    }

    @Test func aGRPCConnectionThatAnswersNoPingIsClosed() async throws {
        let door = try await Door()
        let client = try await door.connect()
        try await client.send(Self.preface)
        for _ in 0..<3 {
            await client.wait(.seconds(89))
            #expect(client.isConnected)
            // An answer to a ping, or anything else.
            try await client.send([0])
        }
        await client.wait(.seconds(90) - .milliseconds(1))
        #expect(client.isConnected)
        await client.wait(.milliseconds(1))
        #expect(!client.isConnected)
        try await door.close()
    }

    @Test func whenAllAreServedOneTooManyIsToldSo() async throws {
        let door = try await Door { $0.connections = 1 }
        let first = NIOAsyncTestingChannel()
        try await first.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
        let served = try #require(door.connections.take(for: first))
        served.begin()
        let http = try await door.connect()
        try await http.send(Self.list)
        let answer = try await http.answer()
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.contains("UNAVAILABLE"))
        #expect(!http.isConnected)
        let grpc = try await door.connect()
        try await grpc.send(Self.preface)
        let frames = Array(try await grpc.channel.waitForOutboundWrite(as: ByteBuffer.self).readableBytesView)
        // SETTINGS of nothing, then GOAWAY.
        #expect(frames.prefix(9) == [0, 0, 0, 4, 0, 0, 0, 0, 0])
        #expect(frames.dropFirst(12).first == 7)
        #expect(String(decoding: frames.dropFirst(26), as: UTF8.self).hasPrefix("Too many connections"))
        #expect(!grpc.isConnected)
        // Who says nothing is not told in a language that it may not speak, and does not stay.
        let silent = try await door.connect()
        await silent.wait(.seconds(1))
        #expect(!silent.isConnected)
        // The one that is open is served on; when it has gone there is a place again.
        #expect(first.isActive)
        served.end()
        _ = try await first.finish(acceptAlreadyClosed: true)
        let next = try await door.connect()
        try await next.send(Self.list)
        #expect(try await next.answer().hasPrefix("HTTP/1.1 200"))
        try await door.close()
    }

    @Test func aSilentConnectionMakesRoomForANewOne() async throws {
        let door = try await Door { $0.connections = 2 }
        let silent = try await door.connect()
        let idle = try await door.connect()
        try await idle.send(Self.list)
        _ = try await idle.answer()
        let third = try await door.connect()
        await silent.channel.testingEventLoop.run()
        #expect(!silent.isConnected)
        try await third.send(Self.list)
        #expect(try await third.answer().hasPrefix("HTTP/1.1 200"))
        // Now both have asked: the one that is idle longer goes.
        let fourth = try await door.connect()
        await idle.channel.testingEventLoop.run()
        #expect(!idle.isConnected && third.isConnected && fourth.isConnected)
        try await door.close()
    }

    @Test func aHeaderOfAMegabyteIsRefused() async throws {
        let door = try await Door()
        let client = try await door.connect()
        let header = String(repeating: "x", count: 1 << 20)
        // The parser refuses it, or the connection is closed meanwhile.
        try? await client.send(Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\nbig: \(header)\r\n\r\n".utf8))
        await client.channel.testingEventLoop.run()
        #expect(!client.isConnected)
        try await door.close()
    }

    @Test func aBodyThatIsTooLargeIsRefusedBeforeItIsSent() async throws {
        let door = try await Door { $0.bodyBytes = 1000 }
        let client = try await door.connect()
        try await client.send(
            Array("POST /v1/projects/p/topics/abc:publish HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n".utf8))
        let answer = try await client.answer()
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.contains("1000 bytes"))
        #expect(!client.isConnected)
        try await door.close()
    }
}
