/// Where a push subscription sends its messages, with the field names of `google.pubsub.v1.PushConfig`.
public struct PushConfig: Sendable, Hashable, Codable {
    /// An `http://` or `https://` URL; empty: none.
    public var pushEndpoint: String
    /// Attributes of the endpoint, such as `x-goog-version`.
    public var attributes: [String: String]
    /// Kept; requests to the endpoint carry no token, since there is no account to sign one.
    public var oidcToken: OIDCToken?
    /// Set: the body is the message's data alone.
    public var noWrapper: NoWrapper?

    /// What an endpoint that wants a token is told.
    public struct OIDCToken: Sendable, Hashable, Codable {
        /// The account.
        public var serviceAccountEmail: String?
        /// The token's `aud`.
        public var audience: String?

        /// A token's declaration.
        public init(serviceAccountEmail: String? = nil, audience: String? = nil) {
            self.serviceAccountEmail = serviceAccountEmail
            self.audience = audience
        }
    }

    /// The message's data as the body.
    public struct NoWrapper: Sendable, Hashable, Codable {
        /// The message's id, time and attributes go into `x-goog-pubsub-…` headers.
        public var writeMetadata: Bool

        /// Unwrapped messages.
        public init(writeMetadata: Bool = false) { self.writeMetadata = writeMetadata }

        /// Reads Google's JSON form.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            writeMetadata = try container.decodeIfPresent(Bool.self, forKey: .writeMetadata) ?? false
        }

        private enum CodingKeys: String, CodingKey { case writeMetadata }
    }

    /// An endpoint.
    public init(
        pushEndpoint: String, attributes: [String: String] = [:], oidcToken: OIDCToken? = nil,
        noWrapper: NoWrapper? = nil
    ) {
        self.pushEndpoint = pushEndpoint
        self.attributes = attributes
        self.oidcToken = oidcToken
        self.noWrapper = noWrapper
    }

    private enum CodingKeys: String, CodingKey { case pushEndpoint, attributes, oidcToken, noWrapper }

    /// Reads Google's JSON form; what is absent has its default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        pushEndpoint = try container.decodeIfPresent(String.self, forKey: .pushEndpoint) ?? ""
        attributes = try container.decodeIfPresent([String: String].self, forKey: .attributes) ?? [:]
        oidcToken = try container.decodeIfPresent(OIDCToken.self, forKey: .oidcToken)
        noWrapper = try container.decodeIfPresent(NoWrapper.self, forKey: .noWrapper)
    }

    func check(of resource: ResourceName) throws(PubSubError) {
        guard isEndpoint else {
            throw PubSubError(
                .invalidArgument,
                "\(resource): pushConfig.pushEndpoint is '\(pushEndpoint)'; write https://HOST/PATH or "
                    + "http://HOST:PORT/PATH.")
        }
    }

    /// Whether it is `http(s)://HOST`, with a port from 1 to 65535 where one is given.
    private var isEndpoint: Bool {
        guard let scheme = ["https://", "http://"].first(where: pushEndpoint.hasPrefix),
            !pushEndpoint.utf8.contains(where: { $0 <= 32 || $0 == 127 })
        else { return false }
        let authority = pushEndpoint.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        let address = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        // An address of version 6 stands in brackets, and has colons.
        let afterBracket = address.lastIndex(of: "]").map { address.index(after: $0) } ?? address.startIndex
        guard let colon = address[afterBracket...].lastIndex(of: ":") else { return !address.isEmpty }
        let port = address[address.index(after: colon)...]
        return colon > address.startIndex && (port.isEmpty || UInt16(port).map { $0 > 0 } == true)
    }
}
