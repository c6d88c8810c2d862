import SwiftProtobuf

/// What Google's service does and this broker does not: refused by name, with what to do instead. Nothing that a client
/// asks for is passed over in silence; only what the service says that it ignores (output-only fields) is.
enum Unsupported {
    /// Throws UNIMPLEMENTED for what a topic's declaration asks for in vain.
    static func check(_ topic: PBTopic) throws(APIError) {
        let resource = topic.name
        try refuse(
            topic.hasIngestionDataSourceSettings, "ingestion_data_source_settings", of: resource,
            "Leave it out, and publish what the source has.")
        try refuse(
            !topic.messageTransforms.isEmpty, "message_transforms", of: resource,
            "Leave it out, and transform messages in a pipeline.")
        try refuse(
            !topic.kmsKeyName.isEmpty, "kms_key_name", of: resource,
            "Messages are kept on this machine's disk as they are. Leave it out.")
        try refuse(
            topic.hasMessageStoragePolicy && topic.messageStoragePolicy != PBMessageStoragePolicy(),
            "message_storage_policy", of: resource, "Messages are kept on this machine. Leave it out.")
        try check(tags: topic.tags, of: resource)
        try check(topic.unknownFields, of: resource)
    }

    /// Throws UNIMPLEMENTED for what a subscription's declaration asks for in vain.
    static func check(_ subscription: PBSubscription) throws(APIError) {
        let resource = subscription.name
        let remedy = "Leave it out, and let a pipeline read the subscription and write."
        try refuse(subscription.hasBigqueryConfig, "bigquery_config", of: resource, remedy)
        try refuse(subscription.hasBigtableConfig, "bigtable_config", of: resource, remedy)
        try refuse(subscription.hasCloudStorageConfig, "cloud_storage_config", of: resource, remedy)
        try refuse(
            !subscription.messageTransforms.isEmpty, "message_transforms", of: resource,
            "Leave it out, and transform messages in a pipeline.")
        try check(tags: subscription.tags, of: resource)
        try check(subscription.unknownFields, of: resource)
        try check(subscription.pushConfig.unknownFields, of: "\(resource): push_config")
    }

    /// Throws UNIMPLEMENTED for what a snapshot is to be created with in vain.
    static func check(_ request: PBCreateSnapshotRequest) throws(APIError) {
        try check(tags: request.tags, of: request.name)
        try check(request.unknownFields, of: request.name)
    }

    /// Throws UNIMPLEMENTED for what a schema's declaration asks for in vain.
    static func check(_ schema: PBSchema) throws(APIError) {
        if case .compiledProtoSchema? = schema.configuration {
            try refuse(
                true, "compiled_proto_schema", of: schema.name, "Leave it out, and give the definition as text.")
        }
        try check(schema.unknownFields, of: schema.name)
    }

    /// They are for policies of an organisation, which nobody enforces here (Pub/Sub documentation, "Tags").
    private static func check(tags: [String: String], of resource: String) throws(APIError) {
        try refuse(!tags.isEmpty, "tags", of: resource, "There is no organisation here. Leave them out, or use labels.")
    }

    /// Fields that are newer than this server.
    private static func check(_ unknown: UnknownStorage, of resource: String) throws(APIError) {
        guard !unknown.data.isEmpty else { return }
        let bytes = [UInt8](unknown.data)
        var fields: Set<UInt64> = []
        do {
            try bytes.withUnsafeBytes { bytes in
                var reader = WireReader(bytes)
                while let (field, kind) = try reader.next() {
                    fields.insert(field)
                    try reader.skip(kind)
                }
            }
        } catch {
            throw APIError(error)
        }
        let numbers = fields.sorted().map { String($0) }.joined(separator: ", ")
        throw APIError(
            .unimplemented,
            "\(resource): this server does not know the field\(fields.count == 1 ? "" : "s") with the number "
                + "\(numbers). Leave out what is newer than google-cloud-pubsub 2.44.")
    }

    private static func refuse(
        _ isSet: Bool, _ field: String, of resource: String, _ remedy: String
    ) throws(APIError) {
        guard isSet else { return }
        throw APIError(.unimplemented, "\(resource): \(field) is not supported here. \(remedy)")
    }
}
