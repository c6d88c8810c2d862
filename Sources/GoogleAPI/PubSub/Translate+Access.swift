import Foundation
import PubSub
import SwiftProtobuf

extension AccessPolicy {
    /// The policy that a request sets where there is `before`: what the mask does not name stays. Without a mask that is
    /// "bindings, etag" (`google/iam/v1/iam_policy.proto`), and the version of what they say. Throws INVALID_ARGUMENT.
    init(_ request: IAMSetIamPolicyRequest, before: AccessPolicy) throws(APIError) {
        let (resource, wire) = (request.resource, request.policy)
        let known = ["bindings", "etag", "version", "audit_configs"]
        let mask = request.hasUpdateMask ? request.updateMask.paths : ["bindings", "etag", "version"]
        for path in mask where !known.contains(path) {
            throw .invalidArgument(
                "\(resource): invalid update_mask provided in the SetIamPolicyRequest: there is no field '\(path)' to "
                    + "update; there are \(known.sorted().joined(separator: ", ")).")
        }
        let auditConfigs = wire.auditConfigs.isEmpty ? nil : wire.auditConfigs.map { AuditConfig($0) }
        if !mask.contains("audit_configs"), let auditConfigs, auditConfigs != before.auditConfigs {
            throw .invalidArgument(
                "\(resource): the policy's audit_configs are changed, but the update_mask does not name them. Set it to "
                    + "'bindings,etag,audit_configs', or leave them as they were read.")
        }
        guard [0, 1, 3].contains(wire.version) else {
            throw .invalidArgument("\(resource): the policy's version is \(wire.version); it may be 0, 1 or 3.")
        }
        self.init(
            version: mask.contains("version") ? Int(wire.version) : before.version,
            bindings: mask.contains("bindings") ? wire.bindings.map { Binding($0) } : before.bindings,
            auditConfigs: mask.contains("audit_configs") ? auditConfigs : before.auditConfigs,
            etag: mask.contains("etag") ? [UInt8](wire.etag) : [])
        guard version == 3 || bindings.allSatisfy({ $0.condition == nil }) else {
            throw .invalidArgument("\(resource): a policy with conditions must have version 3; this has \(version).")
        }
    }
}

extension AccessPolicy.Binding {
    fileprivate init(_ wire: IAMBinding) {
        let notes = ["title": wire.condition.title, "description": wire.condition.description_p]
            .merging(["location": wire.condition.location]) { $1 }.filter { !$0.value.isEmpty }
        self.init(
            role: wire.role, members: wire.members, condition: wire.hasCondition ? wire.condition.expression : nil,
            conditionNotes: notes.isEmpty ? nil : notes)
    }
}

extension AccessPolicy.AuditConfig {
    fileprivate init(_ wire: IAMAuditConfig) {
        self.init(
            service: wire.service,
            logs: wire.auditLogConfigs.map { Log(type: $0.logType.rawValue, exemptedMembers: $0.exemptedMembers) })
    }
}

extension IAMPolicy {
    /// What clients are told of a policy.
    init(_ policy: AccessPolicy) {
        self.init()
        version = Int32(policy.version)
        bindings = policy.bindings.map { binding in
            var wire = IAMBinding()
            wire.role = binding.role
            wire.members = binding.members
            if let condition = binding.condition { wire.condition.expression = condition }
            for (name, note) in binding.conditionNotes ?? [:] {
                switch name {
                case "title": wire.condition.title = note
                case "description": wire.condition.description_p = note
                default: wire.condition.location = note
                }
            }
            return wire
        }
        auditConfigs = (policy.auditConfigs ?? []).map { config in
            var wire = IAMAuditConfig()
            wire.service = config.service
            wire.auditLogConfigs = config.logs.map { log in
                var wire = IAMAuditLogConfig()
                wire.logType = .init(rawValue: log.type) ?? .unspecified
                wire.exemptedMembers = log.exemptedMembers
                return wire
            }
            return wire
        }
        etag = Data(policy.etag)
    }
}
