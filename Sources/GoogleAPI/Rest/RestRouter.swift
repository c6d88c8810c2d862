/// An HTTP request to one of the methods.
struct RestRequest: Sendable {
    var verb: String
    /// Without the query.
    var path: String
    /// Names and values, decoded.
    var query: [(String, String)]
    var body: [UInt8]
    /// What the route's template has found.
    var variable = ""

    /// Parameters of every method that say nothing to it (`google.api.http`; Google's "System parameters").
    static let systemParameters: Set<String> = [
        "alt", "key", "access_token", "callback", "fields", "oauth_token", "prettyPrint", "quotaUser", "uploadType",
        "upload_protocol",
    ]

    /// Reads a request's head; nil when the query's percent encoding is broken.
    init?(verb: String, uri: String, body: [UInt8]) {
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.verb = verb
        path = String(parts[0])
        self.body = body
        query = []
        guard parts.count == 2 else { return }
        for item in parts[1].split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0], plusIsSpace: true),
                let value = PercentEncoding.decode(pair.count == 2 ? pair[1] : "", plusIsSpace: true)
            else { return nil }
            query.append((name, value))
        }
    }

    /// Whether enumerations are to be numbers: Google's own libraries ask so.
    var wantsEnumNumbers: Bool { query.contains { $0.0 == "$alt" && $0.1.contains("enum-encoding=int") } }
}

/// An answer to an HTTP request.
struct RestAnswer: Sendable, Hashable {
    var status: Int
    /// JSON.
    var body: [UInt8]
}

/// A way that leads to a method.
struct RestRoute: Sendable {
    let verb: RestVerb
    let template: PathTemplate
    let respond: @Sendable (RestRequest) async throws -> [UInt8]
}

/// Finds the method of an HTTP request.
struct RestRouter: Sendable {
    private let routes: [RestRoute]

    init(_ methods: [APIMethod]) { routes = methods.flatMap(\.routes) }

    /// What `GET /` is answered, as by Google's emulator: scripts wait for it when they start one.
    private static let isUp = RestAnswer(status: 200, body: Array(#""Ok""#.utf8))

    /// Never throws: what goes wrong is an answer, too.
    func respond(to request: RestRequest?) async -> RestAnswer {
        do {
            guard let request else { throw APIError.invalidArgument("The URL's percent encoding is broken.") }
            if request.verb == "GET", request.path == "/" { return RestRouter.isUp }
            let (route, variable) = try find(request)
            var routed = request
            routed.variable = variable
            return RestAnswer(status: 200, body: try await route.respond(routed))
        } catch {
            return RestAnswer(APIError(error))
        }
    }

    private func find(_ request: RestRequest) throws(APIError) -> (RestRoute, String) {
        var others: [String] = []
        if let path = RestPath(request.path) {
            for route in routes {
                guard let variable = route.template.match(path) else { continue }
                if route.verb.rawValue == request.verb { return (route, variable) }
                others.append(route.verb.rawValue)
            }
        }
        guard others.isEmpty else {
            throw APIError(
                .unimplemented, "\(request.verb) \(request.path): this URL takes \(others.joined(separator: ", ")).")
        }
        throw APIError(
            .notFound,
            "\(request.verb) \(request.path): there is no such method. "
                + "Pub/Sub's REST paths read /v1/projects/PROJECT/topics/TOPIC and the like.")
    }
}

extension RestAnswer {
    /// `{"error": {"code": 404, "message": …, "status": "NOT_FOUND"}}`, as Google's services answer.
    init(_ error: APIError) {
        var json = JSONWriter()
        json.object {
            $0.member("error") { json in
                json.object {
                    $0.member("code") { $0.number(error.code.httpStatus) }
                    $0.member("message") { $0.text(error.message) }
                    if let info = error.info {
                        $0.member("details") { json in
                            json.array(of: [info]) { info, json in
                                json.object {
                                    $0.member("@type") { $0.text("type.googleapis.com/google.rpc.ErrorInfo") }
                                    $0.member("reason") { $0.text(info.reason) }
                                    $0.member("domain") { $0.text(info.domain) }
                                    $0.member("metadata") { json in
                                        json.object { json in
                                            for (key, value) in info.metadata.sorted(by: { $0.key < $1.key }) {
                                                json.member(key) { $0.text(value) }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                    $0.member("status") { $0.text(error.code.name) }
                }
            }
        }
        self.init(status: error.code.httpStatus, body: json.bytes)
    }
}

/// Writes a little JSON.
private struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    mutating func object(_ members: (inout JSONWriter) -> Void) { enclosed("{", "}", members) }

    mutating func array<Element>(of elements: [Element], _ write: (Element, inout JSONWriter) -> Void) {
        enclosed("[", "]") { json in
            for element in elements {
                json.comma()
                write(element, &json)
            }
        }
    }

    mutating func member(_ name: String, _ value: (inout JSONWriter) -> Void) {
        comma()
        text(name)
        bytes.append(UInt8(ascii: ":"))
        value(&self)
    }

    mutating func number(_ value: Int) { bytes += Array("\(value)".utf8) }

    mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<32:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func comma() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func enclosed(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void)
    {
        bytes.append(UInt8(ascii: open))
        let outer = isFirst
        isFirst = true
        body(&self)
        isFirst = outer
        bytes.append(UInt8(ascii: close))
    }
}
