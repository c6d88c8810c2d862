import Foundation
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
                (request: IAMSetIamPolicyRequest) in
                IAMPolicy(try await broker.setAccessPolicy(AccessPolicy(request.policy), of: request.resource))
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

    private static func templates(_ method: String) -> [PathTemplate] {
        collections.map { PathTemplate(stringLiteral: "{projects/*/\($0)/*}:\(method)") }
    }

    private static func posts<Query: Message & Sendable>(
        _ method: String, path: @escaping RestBinding<Query>.Setter
    ) -> [RestBinding<Query>] {
        templates(method).map { .whole(.post, $0, path: path) }
    }
}

extension AccessPolicy {
    init(_ wire: IAMPolicy) {
        self.init(
            version: Int(wire.version),
            bindings: wire.bindings.map { binding in
                Binding(
                    role: binding.role, members: binding.members,
                    condition: binding.hasCondition ? binding.condition.expression : nil)
            },
            etag: [UInt8](wire.etag))
    }
}

extension IAMPolicy {
    init(_ policy: AccessPolicy) {
        self.init()
        version = Int32(policy.version)
        bindings = policy.bindings.map { binding in
            var wire = IAMBinding()
            wire.role = binding.role
            wire.members = binding.members
            if let condition = binding.condition { wire.condition.expression = condition }
            return wire
        }
        etag = Data(policy.etag)
    }
}
