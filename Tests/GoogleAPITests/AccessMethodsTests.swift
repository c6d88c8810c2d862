import PubSub
import SwiftProtobuf
import Testing

@testable import GoogleAPI

/// What a SetIamPolicy request makes of the policy that there is.
@Suite struct AccessMethodsTests {
    private static let before = AccessPolicy(
        version: 1, bindings: [.init(role: "roles/pubsub.viewer", members: ["allUsers"])],
        auditConfigs: [.init(service: "allServices", logs: [.init(type: 1, exemptedMembers: ["user:a@b"])])], etag: [7])

    private func policy(
        mask: [String]? = nil, before: AccessPolicy = before, _ change: (inout IAMPolicy) -> Void
    ) throws -> AccessPolicy {
        var request = IAMSetIamPolicyRequest()
        request.resource = "projects/p/topics/top"
        request.policy = IAMPolicy(before)
        change(&request.policy)
        if let mask { request.updateMask.paths = mask }
        return try AccessPolicy(request, before: before)
    }

    @Test func withoutAMaskTheBindingsChangeAndTheRestStays() throws {
        #expect(try policy { _ in } == Self.before)
        let changed = try policy {
            $0.bindings = []
            $0.auditConfigs = []
        }
        #expect(changed.bindings.isEmpty)
        #expect(changed.auditConfigs == Self.before.auditConfigs)
        #expect(changed.etag == [7])
    }

    @Test func aMaskSaysWhatChanges() throws {
        #expect(try policy(mask: ["audit_configs"]) { $0.auditConfigs = [] }.auditConfigs == nil)
        let changed = try policy(mask: ["audit_configs", "etag"]) {
            $0.bindings = []
            $0.auditConfigs[0].service = "pubsub.googleapis.com"
        }
        #expect(changed.bindings == Self.before.bindings)
        #expect(changed.auditConfigs?.map(\.service) == ["pubsub.googleapis.com"])
        // An etag that the mask does not name is not compared.
        #expect(try policy(mask: ["bindings"]) { $0.etag.append(9) }.etag == [])
    }

    @Test func auditConfigsAreNotPassedOver() throws {
        let error = #expect(throws: APIError.self) {
            try policy(before: AccessPolicy()) { $0.auditConfigs = [IAMPolicy(Self.before).auditConfigs[0]] }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("update_mask") == true)
    }

    @Test(arguments: ["bindings.role", "members", ""]) func aMaskOfOtherFieldsIsRefused(path: String) throws {
        #expect(throws: APIError.self) { try policy(mask: [path]) { _ in } }
    }

    @Test func conditionsAreKeptWholeAndNeedVersionThree() throws {
        let condition: (inout IAMPolicy) -> Void = {
            $0.bindings[0].condition.expression = "request.time < timestamp('2030-01-01T00:00:00Z')"
            $0.bindings[0].condition.title = "soon"
            $0.bindings[0].condition.description_p = "until then"
            $0.bindings[0].condition.location = "here"
        }
        #expect(throws: APIError.self) { try policy(condition) }
        #expect(throws: APIError.self) { try policy { $0.version = 2 } }
        var wanted = IAMPolicy(Self.before)
        condition(&wanted)
        wanted.version = 3
        let kept = try policy { $0 = wanted }
        #expect(IAMPolicy(kept) == wanted)
    }
}
