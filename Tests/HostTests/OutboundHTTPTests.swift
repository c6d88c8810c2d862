import HTTPTypes
import Hummingbird
import NIOCore
import Pipes
import Testing

@testable import Host

@Suite(.timeLimit(.minutes(1))) struct OutboundHTTPTests {
    @Test(arguments: ["http://127.0.0.1:99999/", "http://127.0.0.1:0/x", "http://host.example:65536"])
    func aPortThatThereIsNotIsAnError(url: String) async throws {
        let http = OutboundHTTP()
        let failure = await #expect(throws: HTTPFailure.self) {
            try await http.send(Pipes.HTTPRequest(url: url), timeout: .seconds(10))
        }
        #expect(failure?.reason == .badURL && failure?.message.contains("from 1 to 65535") == true)
        await http.close()
    }

    @Test(arguments: [
        ("/b?c=1", "http://h.example:81/b?c=1", true), ("b", "http://h.example:81/x/b", true),
        ("http://h.example:81/y", "http://h.example:81/y", true),
        ("https://h.example:81/", "https://h.example:81/", false),
        ("//other.example/z", "http://other.example/z", false), ("http://h.example/", "http://h.example/", false),
        ("http+unix://%2Frun%2Fdocker.sock/", nil, true), ("unix:///run/docker.sock", nil, true),
        ("file:///etc/passwd", nil, true),
    ])
    func onlyHTTPIsFollowedAndCredentialsStay(place: String, url: String?, keepsCredentials: Bool) {
        let request = Pipes.HTTPRequest(
            url: "http://h.example:81/x/a", headers: ["Authorization": "Bearer t", "Accept": "*/*"])
        let answer = Pipes.HTTPResponse(status: 302, headers: ["Location": place])
        let next = Redirection.next(after: request, answer)
        #expect(next?.url == url)
        #expect(next.map { $0.headers["Authorization"] != nil } ?? keepsCredentials == keepsCredentials)
        #expect(next.map { $0.headers["Accept"] == "*/*" } ?? true)
    }

    @Test func aGETIsSentOnAndAPOSTIsNot() async throws {
        let router = Router()
        for (path, place) in [("once", "/there"), ("again", "/again"), ("nowhere", "http://127.0.0.1:99999/")] {
            for method in [HTTPTypes.HTTPRequest.Method.get, .post] {
                router.on("\(path)", method: method) { _, _ in
                    Response(status: .found, headers: [.location: place])
                }
            }
        }
        router.get("there") { _, _ in "it" }
        let opened = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in opened.continuation.yield(channel.localAddress?.port ?? 0) })
        let server = Task { try await application.run() }
        let http = OutboundHTTP()
        let port = try #require(await opened.stream.first { _ in true })
        func answer(_ method: String, _ path: String) async throws -> Pipes.HTTPResponse {
            try await http.send(
                Pipes.HTTPRequest(method: method, url: "http://127.0.0.1:\(port)/\(path)"), timeout: .seconds(10))
        }
        #expect(try await answer("GET", "once").body == Array("it".utf8))
        #expect(try await answer("POST", "once").status == 302)
        for (path, reason) in [("again", HTTPFailure.Reason.unreachable), ("nowhere", .badURL)] {
            let failure = await #expect(throws: HTTPFailure.self) { try await answer("GET", path) }
            #expect(failure?.reason == reason)
        }
        await http.close()
        server.cancel()
        _ = await server.result
    }
}
