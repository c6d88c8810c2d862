public import Control
public import Foundation
import HTTPTypes
import Hummingbird
public import Logging
import NIOCore

/// What the admin server asks of whoever it speaks for.
public protocol AdminTarget: Sendable {
    /// Every figure, now.
    func snapshot() async -> Snapshot
    /// Does what a person asked for.
    func perform(_ command: Command) async -> CommandAnswer
}

/// The HTTP front door for people's tools: a Unix socket in the data folder, and where asked a TCP address for
/// scrapers.
///
///     GET  /v1/snapshot   every figure as JSON
///     GET  /metrics       the same as OpenMetrics text
///     GET  /healthz       "ok"
///     POST /v1/commands   a `Command` as JSON; the Unix socket only
///
/// Commands are not taken over TCP: a web page can make a browser post to loopback, but not to a socket file, which the
/// file system guards.
public struct AdminServer: Sendable {
    /// Where to listen besides the socket.
    public struct Address: Sendable, Hashable, CustomStringConvertible {
        /// A name or a numeric address, without brackets.
        public var host: String
        /// 0 to 65535; 0 lets the system choose.
        public var port: Int

        /// Reads `PORT` (loopback), `HOST:PORT` or `[V6]:PORT`; port 0 lets the system choose.
        public init?(_ text: String) {
            let colon = text.lastIndex(of: ":")
            let portText = colon.map { text[text.index(after: $0)...] } ?? text[...]
            guard let port = Int(portText), (0...65535).contains(port) else { return nil }
            var host = colon.map { String(text[..<$0]) } ?? "127.0.0.1"
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            guard !host.isEmpty else { return nil }
            self.host = host
            self.port = port
        }

        /// Only this machine reaches it.
        var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

        /// As it is written in a URL.
        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// The largest command that is read, bytes.
    static let bodyLimit = 64 << 10

    private let target: any AdminTarget
    private let folder: URL
    private let listen: Address?
    private let logger: Logger

    /// - Parameter folder: the data folder; the socket's path is written to `admin.address` in it.
    public init(target: any AdminTarget, folder: URL, listen: Address?, logger: Logger) {
        self.target = target
        self.folder = folder
        self.listen = listen
        self.logger = logger
    }

    /// Serves until cancelled. `ready` is called once for each address that is open, with its text.
    public func run(ready: @escaping @Sendable (String) async -> Void) async throws {
        let socket = AdminSocket(folder: folder)
        let path = try socket.claim()
        defer { socket.release() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await serve(.unixDomainSocket(path: path), acceptsCommands: true) { _ in
                    chmod(path, 0o600)
                    await ready(path)
                }
            }
            if let listen {
                group.addTask {
                    try await serve(.hostname(listen.host, port: listen.port), acceptsCommands: false) { channel in
                        var address = listen
                        if let port = channel.localAddress?.port { address.port = port }
                        await ready("http://\(address)")
                    }
                }
            }
            // One that cannot be opened ends the other.
            while try await group.next() != nil {}
        }
    }

    private func serve(
        _ address: BindAddress, acceptsCommands: Bool, opened: @escaping @Sendable (any Channel) async -> Void
    ) async throws {
        let application = Application(
            router: router(acceptsCommands: acceptsCommands),
            configuration: .init(address: address, serverName: "streamtop"),
            onServerRunning: opened, logger: Logger(label: "admin") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await application.run()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw failure(error, acceptsCommands)
        }
    }

    private func failure(_ error: any Error, _ isSocket: Bool) -> HostError {
        let reason =
            switch error {
            case let error as IOError: String(cString: strerror(error.errnoCode))
            case is SocketAddressError.UnknownHost: "there is no such host"
            default: "\(error)"
            }
        if isSocket {
            return HostError(
                .listen, "the admin socket of \(folder.path) cannot be opened: \(reason)",
                remedy: "choose another folder with --data DIR")
        }
        return HostError(
            .listen, "cannot listen on \(listen.map(\.description) ?? ""): \(reason)",
            remedy: "choose another address with --listen HOST:PORT")
    }

    private func router(acceptsCommands: Bool) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        let target = target
        router.get("healthz") { _, _ in "ok\n" }
        router.get("metrics") { _, _ in
            Self.response(Array(await target.snapshot().openMetrics.utf8), type: Snapshot.openMetricsContentType)
        }
        router.get("v1/snapshot") { _, _ in
            Self.response(Array(try await target.snapshot().json()), type: "application/json")
        }
        router.post("v1/commands") { request, _ in
            guard acceptsCommands else {
                return Self.response(
                    Array("commands are taken on the Unix socket in the data folder only\n".utf8), type: "text/plain",
                    status: .forbidden)
            }
            guard let body = try? await request.body.collect(upTo: Self.bodyLimit) else {
                return Self.response(
                    Array("a command has at most \(Self.bodyLimit >> 10) KiB\n".utf8), type: "text/plain",
                    status: .contentTooLarge)
            }
            guard let command = try? JSONDecoder().decode(Command.self, from: Data(body.readableBytesView)) else {
                return Self.response(
                    Array(#"not a command; write for example {"resumeJob":{"name":"JOB"}}"#.utf8) + [10],
                    type: "text/plain",
                    status: .badRequest)
            }
            let answer = await target.perform(command)
            return Self.response(Array(try JSONEncoder().encode(answer)), type: "application/json")
        }
        let unknown = """
            nothing is here; there are GET /healthz, GET /metrics, GET /v1/snapshot and, on the Unix socket, \
            POST /v1/commands

            """
        for method in [HTTPRequest.Method.get, .post] {
            router.on("**", method: method) { _, _ in
                Self.response(Array(unknown.utf8), type: "text/plain", status: .notFound)
            }
        }
        return router
    }

    private static func response(_ body: [UInt8], type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
