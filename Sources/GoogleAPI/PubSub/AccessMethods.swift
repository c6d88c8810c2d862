import PubSub
import SwiftProtobuf

/// `google.iam.v1.IAMPolicy`. Policies are kept and given back; nobody is asked who they are.
struct AccessMethods: Sendable {
    let broker: Broker

    private static let collections = ["topics", "subscriptions", "snapshots", "schemas"]

    var all: [APIMethod] {
        let service = APIService(name: "google.iam.v1.IAMPolicy")
        return [
            service.unary("SetIamPolicy", AccessMethods.posts("setIamPolicy") { $0.resource = $1 }) {
                (request: IAMSetIamPolicyRequest) in try await set(request)
            },
            service.unary(
                "GetIamPolicy",
                AccessMethods.templates("getIamPolicy").map { template in
                    RestBinding(
                        .get, template, path: { $0.resource = $1 },
                        query: [
                            "options.requestedPolicyVersion": { $0.options.requestedPolicyVersion = Int32($1) ?? 0 }
                        ])
                }
            ) { (request: IAMGetIamPolicyRequest) in
                IAMPolicy(try broker.accessPolicy(of: request.resource))
            },
            service.unary(
                "TestIamPermissions", AccessMethods.posts("testIamPermissions") { $0.resource = $1 }
            ) { (request: IAMTestIamPermissionsRequest) in
                var response = IAMTestIamPermissionsResponse()
                response.permissions = try broker.testAccess(request.permissions, of: request.resource)
                return response
            },
        ]
    }

    /// Changes what the mask names. Somebody else's change between the reading and the setting of the rest is no
    /// conflict of a client that has sent no etag.
    private func set(_ request: IAMSetIamPolicyRequest) async throws -> IAMPolicy {
        while true {
            let before = try broker.accessPolicy(of: request.resource)
            var policy = try AccessPolicy(request, before: before)
            let isLax = policy.etag.isEmpty
            if isLax { policy.etag = before.etag }
            do {
                return IAMPolicy(try await broker.setAccessPolicy(policy, of: request.resource))
            } catch let error as PubSubError where isLax && error.code == .aborted {
                continue
            }
        }
    }

    private static func templates(_ method: String) -> [PathTemplate] {
        collections.map { PathTemplate(stringLiteral: "{projects/*/\($0)/*}:\(method)") }
    }

    private static func posts<Query: Message & Sendable>(
        _ method: String, path: @escaping RestBinding<Query>.Setter
    ) -> [RestBinding<Query>] {
        templates(method).map { .whole(.post, $0, path: path) }
    }
}
