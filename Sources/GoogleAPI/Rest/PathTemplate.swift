/// The shape of a URL path with one variable, after its leading `/v1/`: `{projects/*/topics/*}:publish`.
///
/// The variable is what stands between the braces; `*` matches one segment. What follows a colon is a custom method.
struct PathTemplate: Sendable, Hashable, ExpressibleByStringLiteral {
    /// Nil: any.
    private let segments: [String?]
    private let variableCount: Int
    let method: String?

    init(stringLiteral text: String) {
        let (path, method) = PathTemplate.split(text)
        self.method = method
        let closing = path.firstIndex(of: "}") ?? path.endIndex
        variableCount = path[..<closing].split(separator: "/").count
        segments = path.filter { $0 != "{" && $0 != "}" }.split(separator: "/").map { $0 == "*" ? nil : String($0) }
    }

    /// The variable's value when `path` has this shape.
    func match(_ path: RestPath) -> String? {
        guard method == path.method, segments.count == path.segments.count else { return nil }
        for (wanted, segment) in zip(segments, path.segments) where wanted.map({ $0 != segment }) ?? segment.isEmpty {
            return nil
        }
        return path.segments[..<variableCount].joined(separator: "/")
    }

    /// A path and the custom method behind its last colon.
    fileprivate static func split(_ text: String) -> (Substring, String?) {
        let last = text.lastIndex(of: "/") ?? text.startIndex
        guard let colon = text[last...].lastIndex(of: ":") else { return (text[...], nil) }
        return (text[..<colon], String(text[text.index(after: colon)...]))
    }
}

/// The path of a request, after its leading `/v1/`.
struct RestPath: Sendable, Hashable {
    /// Without percent encoding.
    let segments: [String]
    let method: String?

    /// Nil when it does not start with `/v1/` or its percent encoding is broken.
    init?(_ text: some StringProtocol) {
        guard text.hasPrefix("/v1/") else { return nil }
        let (path, method) = PathTemplate.split(String(text.dropFirst(4)))
        var segments: [String] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: false) {
            guard let plain = PercentEncoding.decode(segment) else { return nil }
            // An encoded slash is part of a name: full names are one segment then.
            segments += plain.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        }
        self.segments = segments
        self.method = method
    }
}
