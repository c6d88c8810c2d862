import Foundation
import Pipes
import PubSub
import Testing
import Time

@testable import GoogleAPI

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a client may take of the server, seen from a socket of its own.
@Suite(.serialized) struct ServerLimitsTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// Runs `body` with the port of a server that has `limits`.
    private func withServer(
        _ change: (inout ServerLimits) -> Void, _ body: @escaping @Sendable (Broker, Int) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ManualClock(now: Timestamp(seconds: 1_700_000_000))
        let broker = try await Broker.open(folder: folder, clock: clock)
        var limits = ServerLimits()
        change(&limits)
        let server = PubSubServer(broker: broker, clock: clock, port: 0, limits: limits)
        let (addresses, opened) = AsyncStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.run {
                    opened.yield($0)
                    opened.finish()
                }
            }
            for await address in addresses {
                let port = try #require(Int(address.split(separator: ":").last ?? ""))
                try await body(broker, port)
            }
            group.cancelAll()
        }
    }

    /// A blocking connection, on threads that may wait.
    private struct Connection: Sendable {
        let descriptor: Int32

        init(_ port: Int) throws {
            #if canImport(Glibc)
                descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            #else
                descriptor = socket(AF_INET, SOCK_STREAM, 0)
            #endif
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(port)).bigEndian
            address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(result == 0)
        }

        func send(_ bytes: [UInt8]) {
            var start = 0
            while start < bytes.count {
                let sent = bytes[start...].withUnsafeBytes {
                    Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if sent <= 0 { return }
                start += sent
            }
        }

        func takesAByte() -> Bool {
            var byte: UInt8 = 32
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            return Foundation.send(descriptor, &byte, 1, flags) > 0 || errno == EAGAIN
        }

        /// Everything until the server closes the connection.
        func readToEnd() async -> [UInt8] {
            await withCheckedContinuation { done in
                Thread.detachNewThread {
                    var all: [UInt8] = []
                    var buffer = [UInt8](repeating: 0, count: 65_536)
                    while true {
                        let count = recv(descriptor, &buffer, buffer.count, 0)
                        if count <= 0 { break }
                        all += buffer[0..<count]
                    }
                    close(descriptor)
                    done.resume(returning: all)
                }
            }
        }

        /// What comes next.
        func readSome() async -> [UInt8] {
            await withCheckedContinuation { done in
                Thread.detachNewThread {
                    var buffer = [UInt8](repeating: 0, count: 65_536)
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    done.resume(returning: Array(buffer.prefix(max(0, count))))
                }
            }
        }

        func readText() async -> String { String(decoding: await readToEnd(), as: UTF8.self) }
    }

    @Test func whoSaysNothingIsDisconnected() async throws {
        try await withServer({ $0.requestTime = .milliseconds(50) }) { _, port in
            #expect(try await Connection(port).readToEnd() == [])
            // Half of a request is none; and an idle connection is not cut short by it.
            let half = try Connection(port)
            half.send(Array("POST /v1/projects/p/topics/abc:publish HTTP/1.1\r\ncontent-length: 9\r\n\r\n{".utf8))
            #expect(await half.readToEnd() == [])
        }
    }

    @Test func anIdleConnectionIsClosedAfterItsAnswer() async throws {
        try await withServer({ $0.idleTime = .milliseconds(50) }) { _, port in
            let connection = try Connection(port)
            connection.send(Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\n\r\n".utf8))
            #expect(await connection.readText().hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func whoDoesNotReadItsAnswerIsDisconnected() async throws {
        try await withServer({ $0.writeTime = .milliseconds(100) }) { broker, port in
            _ = try await broker.createTopic(Topic(name: "projects/p/topics/big"))
            _ = try await broker.createSubscription(
                Subscription(name: "projects/p/subscriptions/big", topic: "projects/p/topics/big"))
            for _ in 0..<3 {
                _ = try await broker.publish(
                    [OutgoingMessage(data: [UInt8](repeating: 7, count: 9_000_000))], to: "projects/p/topics/big")
            }
            // Three answers of 12 MB each, asked for at once: no socket's buffer takes them.
            let connection = try Connection(port)
            let body = #"{"maxMessages":1,"returnImmediately":true}"#
            let request =
                "POST /v1/projects/p/subscriptions/big:pull HTTP/1.1\r\nhost: x\r\ncontent-length: \(body.utf8.count)"
                + "\r\n\r\n\(body)"
            connection.send(Array(String(repeating: request, count: 3).utf8))
            // Its end does not come through while nobody reads; but what is sent to a closed connection is refused.
            while connection.takesAByte() { try await Task.sleep(for: .milliseconds(5)) }
            #expect(await connection.readToEnd().count < 30_000_000)
        }
    }

    @Test func oneConnectionTooManyIsToldSo() async throws {
        try await withServer({ $0.connections = 1 }) { _, port in
            let first = try Connection(port)
            first.send(Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\n\r\n".utf8))
            // Its place is taken when it is answered.
            #expect(await first.readSome().starts(with: Array("HTTP/1.1 200".utf8)))
            let rest = try Connection(port)
            rest.send(Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\n\r\n".utf8))
            let answer = await rest.readText()
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("UNAVAILABLE"))
            let grpc = try Connection(port)
            grpc.send(ServerLimitsTests.preface + [0, 0, 0, 4, 0, 0, 0, 0, 0])
            let frames = await grpc.readToEnd()
            // SETTINGS of nothing, then GOAWAY.
            #expect(frames.prefix(9) == [0, 0, 0, 4, 0, 0, 0, 0, 0])
            #expect(frames.dropFirst(12).first == 7)
            #expect(String(decoding: frames.dropFirst(26), as: UTF8.self).hasPrefix("Too many connections"))
            // The one that is open is served on.
            first.send(Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".utf8))
            #expect(await first.readText().components(separatedBy: "HTTP/1.1 200").count == 2)
            // And when it has gone there is a place again, as soon as the server knows of it.
            var answers: String
            repeat {
                let next = try Connection(port)
                next.send(Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".utf8))
                answers = await next.readText()
            } while answers.hasPrefix("HTTP/1.1 503 ")
            #expect(answers.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func aHeaderOfAMegabyteIsRefused() async throws {
        try await withServer({ _ in }) { _, port in
            let http = try Connection(port)
            let header = String(repeating: "x", count: 1 << 20)
            http.send(Array("GET /v1/projects/p/topics HTTP/1.1\r\nhost: x\r\nbig: \(header)\r\n\r\n".utf8))
            #expect(await !http.readText().contains("200 OK"))
            // HEADERS without its end, then CONTINUATION upon CONTINUATION.
            let grpc = try Connection(port)
            var bytes = ServerLimitsTests.preface + [0, 0, 0, 4, 0, 0, 0, 0, 0]
            for index in 0..<64 {
                bytes += [0, 0x40, 0, index == 0 ? 1 : 9, 0, 0, 0, 0, 1] + [UInt8](repeating: 0x82, count: 0x4000)
            }
            grpc.send(bytes)
            // GOAWAY is the last that it hears.
            #expect(await !grpc.readToEnd().isEmpty)
        }
    }

    @Test func aBodyThatIsTooLargeIsRefusedBeforeItIsSent() async throws {
        try await withServer({ $0.bodyBytes = 1000 }) { _, port in
            let connection = try Connection(port)
            connection.send(
                Array("POST /v1/projects/p/topics/abc:publish HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n".utf8)
            )
            let answer = await connection.readText()
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains("1000 bytes"))
        }
    }
}
