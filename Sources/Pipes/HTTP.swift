/// An HTTP request between services, or out of the process.
public struct HTTPRequest: Sendable, Hashable {
    public var method: String
    /// Absolute; `http://SERVICE/…` with a bare service name as host reaches a Run service.
    public var url: String
    /// Header names keep the case in which they were set; they are compared without it.
    public var headers: [String: String]
    public var body: [UInt8]

    public init(method: String = "GET", url: String, headers: [String: String] = [:], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// The value of a header, whatever the case of its name.
    public func header(_ name: String) -> String? { headers.value(ofHeader: name) }
}

public struct HTTPResponse: Sendable, Hashable {
    public var status: Int
    public var headers: [String: String]
    public var body: [UInt8]

    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a line of text.
    public init(status: Int, text: String) {
        self.init(status: status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    public var isSuccess: Bool { (200..<300).contains(status) }

    public func header(_ name: String) -> String? { headers.value(ofHeader: name) }
}

/// Whatever takes a request: a Run service, the world outside.
public protocol HTTPTarget: Sendable {
    /// Sends the request and returns the response, whatever its status. Throws `HTTPFailure` when there is no response.
    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse
}

/// No response came.
public struct HTTPFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: String, Sendable { case timeout = "DEADLINE_EXCEEDED", unreachable = "UNAVAILABLE", badURL = "INVALID_ARGUMENT" }

    public var reason: Reason
    public var message: String

    public init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    public var description: String { message }
}

extension Dictionary where Key == String, Value == String {
    fileprivate func value(ofHeader name: String) -> String? {
        self[name] ?? first { $0.key.lowercased() == name.lowercased() }?.value
    }
}
