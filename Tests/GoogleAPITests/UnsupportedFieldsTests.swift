import Foundation
import PubSub
import SwiftProtobuf
import Testing
import Time

@testable import GoogleAPI

/// Every field that a resource may be declared with is obeyed, kept or refused by name.
@Suite struct UnsupportedFieldsTests {
    enum Fate: Sendable, Equatable {
        /// It is there when the resource is read.
        case kept
        /// The service ignores it, too: it is for answers alone.
        case outputOnly
        /// UNIMPLEMENTED, with the field's name.
        case refused
        /// It is what the request is about.
        case name
    }

    struct Field: Sendable {
        var name: String
        var json: String
        var fate: Fate

        init(_ name: String, _ json: String, _ fate: Fate) {
            self.name = name
            self.json = json
            self.fate = fate
        }

        /// In a request's body.
        var jsonName: String { RestJSON.camelCase(name) }
    }

    static let topic = [
        Field("name", #""projects/p/topics/abc""#, .name),
        Field("labels", #"{"a":"b"}"#, .kept),
        Field("message_storage_policy", #"{"allowedPersistenceRegions":["europe-west1"]}"#, .refused),
        Field("message_storage_policy", #"{"enforceInTransit":true}"#, .refused),
        Field("kms_key_name", #""projects/p/locations/l/keyRings/r/cryptoKeys/k""#, .refused),
        Field("schema_settings", #"{"schema":"projects/p/schemas/text","encoding":"JSON"}"#, .kept),
        Field("satisfies_pzs", "true", .outputOnly),
        Field("message_retention_duration", #""3600s""#, .kept),
        Field("state", #""INGESTION_RESOURCE_ERROR""#, .outputOnly),
        Field("ingestion_data_source_settings", "{}", .refused),
        Field("message_transforms", "[{}]", .refused),
        Field("tags", #"{"123/environment":"production"}"#, .refused),
    ]

    static let subscription = [
        Field("name", #""projects/p/subscriptions/abc""#, .name),
        Field("topic", #""projects/p/topics/top""#, .kept),
        Field("push_config", #"{"pushEndpoint":"http://127.0.0.1:9/"}"#, .kept),
        Field("push_config", #"{"pushEndpoint":"http://127.0.0.1:9/","attributes":{"x-goog-version":"v1"}}"#, .kept),
        Field(
            "push_config",
            #"{"pushEndpoint":"http://127.0.0.1:9/","oidcToken":{"serviceAccountEmail":"a@b","audience":"c"}}"#, .kept),
        Field("push_config", #"{"pushEndpoint":"http://127.0.0.1:9/","noWrapper":{"writeMetadata":true}}"#, .kept),
        Field("bigquery_config", "{}", .refused),
        Field("cloud_storage_config", "{}", .refused),
        Field("bigtable_config", "{}", .refused),
        Field("ack_deadline_seconds", "25", .kept),
        Field("retain_acked_messages", "true", .kept),
        Field("message_retention_duration", #""3600s""#, .kept),
        Field("labels", #"{"a":"b"}"#, .kept),
        Field("enable_message_ordering", "true", .kept),
        Field("expiration_policy", #"{"ttl":"864000s"}"#, .kept),
        Field("filter", #""attributes:a""#, .kept),
        Field(
            "dead_letter_policy", #"{"deadLetterTopic":"projects/p/topics/top","maxDeliveryAttempts":7}"#, .kept),
        Field("retry_policy", #"{"minimumBackoff":"1s","maximumBackoff":"2s"}"#, .kept),
        Field("detached", "true", .outputOnly),
        Field("enable_exactly_once_delivery", "true", .kept),
        Field("topic_message_retention_duration", #""3600s""#, .outputOnly),
        Field("state", #""RESOURCE_ERROR""#, .outputOnly),
        Field("analytics_hub_subscription_info", #"{"listing":"l"}"#, .outputOnly),
        Field("message_transforms", "[{}]", .refused),
        Field("tags", #"{"123/environment":"production"}"#, .refused),
    ]

    static let snapshot = [
        Field("name", #""projects/p/snapshots/abc""#, .name),
        Field("subscription", #""projects/p/subscriptions/sub""#, .name),
        Field("labels", #"{"a":"b"}"#, .kept),
        Field("tags", #"{"123/environment":"production"}"#, .refused),
    ]

    /// A schema's definition in JSON.
    static let record =
        #""{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}""#

    static let schema = [
        Field("name", #""projects/p/schemas/abc""#, .name),
        Field("type", #""AVRO""#, .kept),
        Field("definition", record, .kept),
        Field("compiled_proto_schema", "{}", .refused),
        Field("revision_id", #""12345678""#, .outputOnly),
        Field("revision_create_time", #""2020-01-01T00:00:00Z""#, .outputOnly),
    ]

    private final class Door {
        let broker: Broker
        let router: RestRouter
        private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

        init() async throws {
            let clock = ManualClock(now: Timestamp(seconds: 1_700_000_000))
            broker = try await Broker.open(folder: folder, clock: clock)
            router = RestRouter(PubSubServer(broker: broker, clock: clock).methods)
            _ = await call(
                "POST", "projects/p/schemas?schemaId=text",
                #"{"type":"AVRO","definition":\#(UnsupportedFieldsTests.record)}"#)
            _ = await call("PUT", "projects/p/topics/top", "{}")
            _ = await call("PUT", "projects/p/subscriptions/sub", #"{"topic":"projects/p/topics/top"}"#)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func call(_ verb: String, _ path: String, _ body: String = "") async -> (status: Int, json: NSDictionary) {
            let answer = await router.respond(
                to: RestRequest(verb: verb, uri: "/v1/" + path, body: Array(body.utf8)))
            let json = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? NSDictionary
            return (answer.status, json ?? [:])
        }

        /// Creates a resource with one field, and reads it.
        func check(
            _ field: Field, with others: [String], _ verb: String = "PUT", at path: String, read: String
        ) async throws {
            let body = "{" + (others + ["\"\(field.jsonName)\":\(field.json)"]).joined(separator: ",") + "}"
            let (status, json) = await call(verb, path, body)
            switch field.fate {
            case .name: #expect(status == 200, "\(field.name): \(json)")
            case .refused:
                let error = try #require(json["error"] as? NSDictionary)
                #expect(error["status"] as? String == "UNIMPLEMENTED")
                let message = try #require(error["message"] as? String)
                #expect(message.contains(": \(field.name) is not supported here. "))
                #expect(message.contains("projects/p/"))
                #expect(await call("GET", read).status == 404)
            case .kept, .outputOnly:
                #expect(status == 200, "\(field.name): \(json)")
                let value = try JSONSerialization.jsonObject(with: Data(field.json.utf8), options: .fragmentsAllowed)
                let kept = await call("GET", read).json[field.jsonName] as? NSObject
                #expect((kept == value as? NSObject) == (field.fate == .kept), "\(field.name): \(kept ?? NSNull())")
            }
        }
    }

    @Test(arguments: topic.indices) func ofATopic(index: Int) async throws {
        try await Door().check(
            Self.topic[index], with: [], at: "projects/p/topics/abc", read: "projects/p/topics/abc")
    }

    @Test(arguments: subscription.indices) func ofASubscription(index: Int) async throws {
        let field = Self.subscription[index]
        try await Door().check(
            field, with: field.name == "topic" ? [] : [#""topic":"projects/p/topics/top""#],
            at: "projects/p/subscriptions/abc", read: "projects/p/subscriptions/abc")
    }

    @Test(arguments: snapshot.indices) func ofASnapshot(index: Int) async throws {
        let field = Self.snapshot[index]
        try await Door().check(
            field, with: field.name == "subscription" ? [] : [#""subscription":"projects/p/subscriptions/sub""#],
            at: "projects/p/snapshots/abc", read: "projects/p/snapshots/abc")
    }

    @Test(arguments: schema.indices) func ofASchema(index: Int) async throws {
        let field = Self.schema[index]
        let needed = ["type": #""type":"AVRO""#, "definition": #""definition":\#(Self.record)"#]
        try await Door().check(
            field, with: needed.filter { $0.key != field.name }.map(\.value), "POST",
            at: "projects/p/schemas?schemaId=abc", read: "projects/p/schemas/abc")
    }

    /// The tables above have every field of the messages.
    @Test func theTablesAreComplete() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/GoogleAPI/Protos/pubsub.proto").standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        for (message, table) in [
            ("Topic", Self.topic), ("Subscription", Self.subscription), ("CreateSnapshotRequest", Self.snapshot),
            ("Schema", Self.schema),
        ] {
            let start = try #require(lines.firstIndex { $0 == "message \(message) {" })
            var fields: Set<String> = []
            var depth = 1
            for line in lines[(start + 1)...] {
                if line.contains("{"), !line.contains("oneof") { depth += 1 }
                if depth == 1, let end = line.range(of: " = ") {
                    fields.insert(String(line[..<end.lowerBound].split(separator: " ").last ?? ""))
                }
                if line.contains("}") { depth -= depth == 1 && line.hasPrefix("  ") ? 0 : 1 }
                if depth == 0 { break }
            }
            #expect(Set(table.map(\.name)) == fields, "\(message)")
        }
    }

    @Test func fieldsThatNobodyKnowsYetAreRefusedByNumber() throws {
        var bytes: [UInt8] = try PBTopic.with { $0.name = "projects/p/topics/abc" }.serializedBytes()
        // Field 900, a string.
        bytes += [0xA2, 0x38, 1, 65]
        let wire = try PBTopic(serializedBytes: bytes)
        let error = #expect(throws: APIError.self) { try Unsupported.check(wire) }
        #expect(error?.code == .unimplemented)
        #expect(
            error?.message.contains("projects/p/topics/abc: this server does not know the field with the number 900")
                == true)
    }
}
