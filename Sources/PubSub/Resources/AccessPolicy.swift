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
        /// What people are told of the condition: its `title`, `description` and `location`, where there are any.
        public var conditionNotes: [String: String]?

        /// Members with a role.
        public init(
            role: String, members: [String], condition: String? = nil, conditionNotes: [String: String]? = nil
        ) {
            self.role = role
            self.members = members
            self.condition = condition
            self.conditionNotes = conditionNotes
        }
    }

    /// What is to be logged of a service; kept, nothing is logged.
    public struct AuditConfig: Sendable, Hashable, Codable {
        /// A kind of access.
        public struct Log: Sendable, Hashable, Codable {
            /// The number of `AuditLogConfig.LogType`.
            public var type: Int
            /// Whose access is not logged.
            public var exemptedMembers: [String]

            /// A kind of access.
            public init(type: Int, exemptedMembers: [String] = []) {
                self.type = type
                self.exemptedMembers = exemptedMembers
            }
        }

        /// `pubsub.googleapis.com`, or `allServices`.
        public var service: String
        /// The kinds of access.
        public var logs: [Log]

        /// What is to be logged of a service.
        public init(service: String, logs: [Log]) {
            self.service = service
            self.logs = logs
        }
    }

    /// 1, or 3 with conditions.
    public var version: Int
    /// The grants.
    public var bindings: [Binding]
    /// What is to be logged; nil: nothing.
    public var auditConfigs: [AuditConfig]?
    /// Changes with the policy: who sets one that was read with another etag is refused. Empty: set whatever was there.
    public var etag: [UInt8]

    /// What every resource begins with. It has an etag, too: of two who set the first policy, one is refused.
    static let initial = AccessPolicy(etag: [0, 0, 0, 0, 0, 0, 0, 0])

    /// A policy.
    public init(
        version: Int = 1, bindings: [Binding] = [], auditConfigs: [AuditConfig]? = nil, etag: [UInt8] = []
    ) {
        self.version = version
        self.bindings = bindings
        self.auditConfigs = auditConfigs
        self.etag = etag
    }
}
