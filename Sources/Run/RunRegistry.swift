public import Pipes
import Spelling
import Synchronization

/// The way to a service by its name, and past all of them out of the process.
///
/// `http://SERVICE/…` and `https://SERVICE-….run.app/…` reach a service; every other host goes outside.
public final class RunRegistry: HTTPTarget {
    private let services = Mutex<[String: RunService]>([:])
    private let outside: any HTTPTarget

    /// - Parameter outside: takes what is for no service.
    public init(outside: any HTTPTarget) { self.outside = outside }

    /// Makes a service reachable by its name.
    public func add(_ service: RunService) { services.withLock { $0[service.name] = service } }

    /// The service of that short name.
    public func service(named name: String) -> RunService? { services.withLock { $0[name] } }

    /// Throws `HTTPFailure`: a bare name that no service has, or no answer from outside.
    public func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        guard let host = Self.host(of: request.url) else {
            throw HTTPFailure(
                .badURL,
                "'\(request.url)' is not a URL that can be called; write http://SERVICE/PATH or http://HOST/PATH")
        }
        let known = services.withLock { $0 }
        if let service = known[host] ?? Self.runAppService(host, among: known) {
            return try await service.handle(request, timeout: timeout)
        }
        // A name without a dot is nobody's in the world: it was meant for a service.
        if !host.contains("."), !host.contains(":"), host != "localhost", !request.url.hasPrefix("http+unix:") {
            throw HTTPFailure(
                .unreachable, "there is no service '\(host)'\(Spelling.hint(for: host, in: known.keys.sorted()))")
        }
        return try await outside.send(request, timeout: timeout)
    }

    private static func runAppService(_ host: String, among known: [String: RunService]) -> RunService? {
        guard host.hasSuffix(".run.app") else { return nil }
        let label = host.prefix { $0 != "." }
        // `app-worker-abc123` is `app-worker`'s, whether or not there is an `app`.
        let names = known.keys.filter { label == $0 || label.hasPrefix($0 + "-") }
        return names.max { $0.count < $1.count }.flatMap { known[$0] }
    }

    /// The host of a URL, without user, port and brackets.
    static func host(of url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if hostAndPort.hasPrefix("[") { return String(hostAndPort.dropFirst().prefix { $0 != "]" }) }
        let host = hostAndPort.prefix { $0 != ":" }
        return host.isEmpty ? nil : host.lowercased()
    }
}
