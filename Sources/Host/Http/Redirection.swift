import Foundation
import Pipes

/// Where an answer sends its request on to: for GET only, and to other addresses of HTTP only. A server must not make us
/// ask what it cannot reach itself, a socket of this machine say.
enum Redirection {
    /// How often a request is sent on.
    static let limit = 5

    /// The request that follows, nil when the answer stands. What proves who asks stays with the server it was meant for.
    static func next(after request: HTTPRequest, _ response: HTTPResponse) -> HTTPRequest? {
        guard request.method == "GET", [301, 302, 303, 307, 308].contains(response.status),
            let place = response.headers.first(where: { $0.key.lowercased() == "location" })?.value,
            let from = URL(string: request.url), let to = URL(string: place, relativeTo: from)?.absoluteURL,
            let scheme = to.scheme?.lowercased(), ["http", "https"].contains(scheme)
        else { return nil }
        var next = request
        next.url = to.absoluteString
        if (to.scheme, to.host, to.port) != (from.scheme, from.host, from.port) {
            next.headers = request.headers.filter { !credentials.contains($0.key.lowercased()) }
        }
        return next
    }

    private static let credentials: Set<String> = ["authorization", "cookie", "proxy-authorization"]
}
