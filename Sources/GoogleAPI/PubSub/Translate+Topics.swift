import Foundation
import PubSub
import SwiftProtobuf
import Time

extension PubSub.Topic {
    /// What a client declares. Throws when it asks for something that this broker does not do.
    init(_ wire: PBTopic) throws {
        try Unsupported.check(wire)
        self.init(
            name: wire.name, labels: wire.labels,
            messageRetentionDuration: wire.hasMessageRetentionDuration
                ? Swift.Duration(wire: wire.messageRetentionDuration) : nil,
            schemaSettings: wire.hasSchemaSettings ? try SchemaSettings(wire.schemaSettings, of: wire.name) : nil)
    }
}

extension PBTopic {
    /// What clients are told of a topic.
    init(_ topic: PubSub.Topic) {
        self.init()
        name = topic.name
        labels = topic.labels
        if let retention = topic.messageRetentionDuration {
            messageRetentionDuration = Google_Protobuf_Duration(wire: retention)
        }
        if let settings = topic.schemaSettings { schemaSettings = PBSchemaSettings(settings) }
        state = .active
    }
}

extension Swift.Duration {
    /// What lies outside 10,000 years (`google/protobuf/duration.proto`) becomes that.
    init(wire: Google_Protobuf_Duration) {
        let limit: Int64 = 315_576_000_000
        self = .seconds(min(max(wire.seconds, -limit), limit)) + .nanoseconds(Int64(wire.nanos))
    }
}

extension Google_Protobuf_Duration {
    init(wire duration: Swift.Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
    }
}

extension Google_Protobuf_Timestamp {
    init(_ time: Time.Timestamp) {
        let (seconds, nanos) = time.wire
        self.init(seconds: Int64(bitPattern: seconds), nanos: Int32(nanos))
    }
}

extension Time.Timestamp {
    /// What lies outside the years 1 to 9999 (`google/protobuf/timestamp.proto`) becomes their beginning or end.
    init(_ wire: Google_Protobuf_Timestamp) {
        let seconds = min(max(wire.seconds, -62_135_596_800), 253_402_300_799)
        self.init(micros: seconds * 1_000_000 + Int64(wire.nanos) / 1000)
    }
}
