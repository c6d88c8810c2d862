import SwiftProtobuf

/// The fields of which an update mask may name a part (`push_config.no_wrapper`), as gcloud and others do: the other parts
/// stay as they are.
struct PartialUpdates<Resource: Message & Sendable>: Sendable {
    typealias Copy = @Sendable (_ from: Resource, _ to: inout Resource) -> Void

    /// By its name in snake case: the whole field, and its parts.
    private let fields: [String: (whole: Copy, parts: [String: Copy])]

    /// Full paths of the parts.
    var paths: Set<String> { Set(fields.flatMap { name, field in field.parts.keys.map { "\(name).\($0)" } }) }

    /// `wanted` with fields completed from `current` where the mask names only parts of them.
    func complete(_ wanted: Resource, by mask: UpdateMask, from current: Resource) -> Resource {
        var (completed, merged) = (wanted, current)
        for (name, field) in fields {
            let named = mask.parts.filter { $0.hasPrefix(name + ".") }
            guard !named.isEmpty else { continue }
            for path in named { field.parts[String(path.dropFirst(name.count + 1))]?(wanted, &merged) }
            field.whole(merged, &completed)
        }
        return completed
    }
}

extension PartialUpdates<PBTopic> {
    static var topic: PartialUpdates {
        PartialUpdates(fields: [
            "schema_settings": (
                whole: { $1.schemaSettings = $0.schemaSettings },
                parts: [
                    "schema": { $1.schemaSettings.schema = $0.schemaSettings.schema },
                    "encoding": { $1.schemaSettings.encoding = $0.schemaSettings.encoding },
                    "first_revision_id": { $1.schemaSettings.firstRevisionID = $0.schemaSettings.firstRevisionID },
                    "last_revision_id": { $1.schemaSettings.lastRevisionID = $0.schemaSettings.lastRevisionID },
                ]
            )
        ])
    }
}

extension PartialUpdates<PBSubscription> {
    static var subscription: PartialUpdates {
        PartialUpdates(fields: [
            "push_config": (
                whole: { $1.pushConfig = $0.pushConfig },
                parts: [
                    "push_endpoint": { $1.pushConfig.pushEndpoint = $0.pushConfig.pushEndpoint },
                    "attributes": { $1.pushConfig.attributes = $0.pushConfig.attributes },
                    "oidc_token": { $1.pushConfig.authenticationMethod = $0.pushConfig.authenticationMethod },
                    "no_wrapper": { $1.pushConfig.wrapper = $0.pushConfig.wrapper },
                    "pubsub_wrapper": { $1.pushConfig.wrapper = $0.pushConfig.wrapper },
                ]
            ),
            "retry_policy": (
                whole: { $1.retryPolicy = $0.retryPolicy },
                parts: [
                    "minimum_backoff": {
                        $1.retryPolicy.minimumBackoff = $0.retryPolicy.minimumBackoff
                        if !$0.retryPolicy.hasMinimumBackoff { $1.retryPolicy.clearMinimumBackoff() }
                    },
                    "maximum_backoff": {
                        $1.retryPolicy.maximumBackoff = $0.retryPolicy.maximumBackoff
                        if !$0.retryPolicy.hasMaximumBackoff { $1.retryPolicy.clearMaximumBackoff() }
                    },
                ]
            ),
            "dead_letter_policy": (
                whole: { $1.deadLetterPolicy = $0.deadLetterPolicy },
                parts: [
                    "dead_letter_topic": {
                        $1.deadLetterPolicy.deadLetterTopic = $0.deadLetterPolicy.deadLetterTopic
                    },
                    "max_delivery_attempts": {
                        $1.deadLetterPolicy.maxDeliveryAttempts = $0.deadLetterPolicy.maxDeliveryAttempts
                    },
                ]
            ),
        ])
    }
}
