/// Who may do what with a resource, with the field names of `google.iam.v1.Policy`.
///
/// It is kept and given back. Nobody is asked who they are here, so it keeps nobody out.
public struct AccessPolicy: Sendable, Hashable, Codable {
    /// Members with a role.
    public struct Binding: Sendable, Hashable, Codable {
        /// `roles/pubsub.publisher` and the like.
        public var role: String
        /// `user:…`, `serviceAccount:…`, `allUsers` and the like.
        public var members: [String]
        /// The expression of a condition, in CEL; kept, not evaluated.
        public var condition: String?

        /// Members with a role.
        public init(role: String, members: [String], condition: String? = nil) {
            self.role = role
            self.members = members
            self.condition = condition
        }
    }

    /// 1, or 3 with conditions.
    public var version: Int
    /// The grants.
    public var bindings: [Binding]
    /// Changes with the policy: who sets one that was read with another etag is refused. Empty: set whatever was there.
    public var etag: [UInt8]

    /// A policy; without bindings the one that every resource begins with.
    public init(version: Int = 1, bindings: [Binding] = [], etag: [UInt8] = []) {
        self.version = version
        self.bindings = bindings
        self.etag = etag
    }
}
