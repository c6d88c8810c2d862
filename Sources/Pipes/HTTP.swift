/// An HTTP request between services, or out of the process.
public struct HTTPRequest: Sendable, Hashable {
    /// In capitals: methods are case-sensitive (RFC 9110, section 9.1).
    public var method: String
    /// Absolute; `http://SERVICE/…` with a bare service name as host reaches a Run service.
    public var url: String
    /// Header names keep the case in which they were set; they are compared without it.
    public var headers: [String: String]
    /// Empty when there is none.
    public var body: [UInt8]

    /// A request; without a method given, a GET.
    public init(method: String = "GET", url: String, headers: [String: String] = [:], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// The value of a header, whatever the case of its name.
    public func header(_ name: String) -> String? { headers.value(ofHeader: name) }
}

/// An answer to a request, received as a whole.
public struct HTTPResponse: Sendable, Hashable {
    /// The status code, 100–599.
    public var status: Int
    /// Header names keep the case in which they came; they are compared without it.
    public var headers: [String: String]
    /// Empty when there is none.
    public var body: [UInt8]

    /// A response; no header is added to those given.
    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a line of text.
    public init(status: Int, text: String) {
        self.init(status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// Whether the status is 2xx: what Cloud Tasks and Cloud Scheduler count as success.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The value of a header, whatever the case of its name.
    public func header(_ name: String) -> String? { headers.value(ofHeader: name) }
}

/// Whatever takes a request: a Run service, the world outside.
public protocol HTTPTarget: Sendable {
    /// Sends the request and returns the response, whatever its status. Throws `HTTPFailure` when there is no response.
    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse
}

/// No response came.
public struct HTTPFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why none came, by the names of `google.rpc.Code`.
    public enum Reason: String, Sendable {
        case timeout = "DEADLINE_EXCEEDED", unreachable = "UNAVAILABLE", badURL = "INVALID_ARGUMENT"
    }

    /// What a caller decides by.
    public var reason: Reason
    /// For the person: which request, and what went wrong.
    public var message: String

    /// A failure; `message` names the request's URL or the service.
    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// The message alone.
    public var description: String { message }
}

extension Dictionary where Key == String, Value == String {
    fileprivate func value(ofHeader name: String) -> String? {
        self[name] ?? first { $0.key.lowercased() == name.lowercased() }?.value
    }
}
