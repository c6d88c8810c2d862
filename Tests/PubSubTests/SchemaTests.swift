import Pipes
import PubSub
import Testing

private let avro = """
    {"type": "record", "name": "Bid", "namespace": "demo", "fields": [
      {"name": "auction", "type": "long"}, {"name": "channel", "type": ["null", "string"], "default": null},
      {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
      {"name": "prices", "type": {"type": "array", "items": "double"}},
      {"name": "next", "type": ["null", "Bid"], "default": null}]}
    """

private let proto = """
    syntax = "proto3";
    package demo;
    // A bid.
    message Bid {
      enum Kind { UNKNOWN = 0; GOOD = 1 [deprecated = true]; }
      message Part { string name = 1; }
      int64 auction = 1;
      optional string channel = 2;
      repeated int32 prices = 3 [packed = true];
      Kind kind = 4;
      repeated Part parts = 5;
      map<string, Part> by_name = 6;
      oneof choice { bytes raw = 7; double rate = 8; }
      reserved 20 to 30;
    }
    """

struct SchemaTests {
    let fixture = BrokerFixture()

    private func check(
        _ type: PubSubSchema.Language, _ definition: String, _ message: [UInt8], _ encoding: SchemaSettings.Encoding
    ) async throws -> String? {
        let broker = try await fixture.open()
        let schema = PubSubSchema(name: "", type: type, definition: definition)
        do {
            try broker.validateMessage(message, encoding: encoding, under: schema)
            return nil
        } catch let error as PubSubError {
            #expect(error.code == .invalidArgument)
            return error.message
        }
    }

    @Test(
        "messages in Avro's JSON are checked",
        arguments: [
            (#"{"auction": 1, "channel": {"string": "web"}, "kind": "A", "prices": [1, 2.5], "next": null}"#, nil),
            (#"{"auction": 9223372036854775807, "channel": null, "kind": "B", "prices": [], "next": null}"#, nil),
            (
                #"{"auction": 1, "channel": null, "kind": "A", "prices": [], "next": {"demo.Bid": {"auction": 2, "channel": null, "kind": "A", "prices": [], "next": null}}}"#,
                nil
            ),
            (#"{"auction": 1.5, "channel": null, "kind": "A", "prices": [], "next": null}"#, "field 'auction'"),
            (#"{"auction": true, "channel": null, "kind": "A", "prices": [], "next": null}"#, "field 'auction'"),
            (#"{"auction": 1, "channel": "web", "kind": "A", "prices": [], "next": null}"#, "field 'channel'"),
            (#"{"auction": 1, "channel": null, "kind": "C", "prices": [], "next": null}"#, "field 'kind'"),
            (#"{"auction": 1, "channel": null, "kind": "A", "prices": ["x"], "next": null}"#, "field 'prices'"),
            (#"{"auction": 1, "kind": "A", "prices": [], "next": null}"#, "field 'channel' is missing"),
            (
                #"{"auction": 1, "channel": null, "kind": "A", "prices": [], "next": null, "more": 1}"#,
                "no field 'more'"
            ),
            ("{", "is not JSON"), ("[]", "not of Avro's type demo.Bid"),
        ] as [(String, String?)])
    func avroJSON(_ text: String, _ problem: String?) async throws {
        let found = try await check(.avro, avro, Array(text.utf8), .json)
        #expect(problem.map { found?.contains($0) == true } ?? (found == nil), "\(found ?? "")")
    }

    @Test(
        "messages in Avro's binary encoding are checked to the last byte",
        arguments: [
            // auction 1, channel "web", kind A, one block of prices [1.0], next null
            ([2, 2, 6, 119, 101, 98, 0, 2, 0, 0, 0, 0, 0, 0, 240, 63, 0, 0], nil),
            ([2, 0, 2, 0, 0], nil),
            ([2, 0, 2, 0, 2, 4, 0, 0, 0, 0], nil),
            ([2, 0, 2, 0, 0, 0], "1 bytes follow"), ([2, 0, 2, 0], "ends too early"),
            ([2, 4, 2, 0, 0], "has no branch number 2"), ([2, 0, 4, 0, 0], "has no symbol number 2"),
            ([2, 2, 4, 255, 255, 0, 0, 0], "is not UTF-8"), ([2, 2, 200, 1], "does not fit"),
            ([255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], "longer than ten bytes"),
            ([2, 0, 2, 254, 255, 255, 255, 15], "does not fit"),
        ] as [([UInt8], String?)])
    func avroBinary(_ bytes: [UInt8], _ problem: String?) async throws {
        let found = try await check(.avro, avro, bytes, .binary)
        #expect(problem.map { found?.contains($0) == true } ?? (found == nil), "\(found ?? "")")
    }

    @Test(
        "messages in protobuf's JSON are checked",
        arguments: [
            (#"{"auction": "5", "prices": [1, "2"], "kind": "GOOD", "parts": [{"name": "a"}], "raw": "AQ=="}"#, nil),
            (#"{"by_name": {"x": {"name": "y"}}, "rate": "NaN"}"#, nil), (#"{"byName": {"x": {}}, "kind": 7}"#, nil),
            ("{}", nil), (#"{"channel": null}"#, nil),
            (#"{"auction": "x"}"#, "field 'auction'"), (#"{"auction": 1.5}"#, "field 'auction'"),
            (#"{"prices": 1}"#, "written as a list"), (#"{"kind": "BAD"}"#, "has no value 'BAD'"),
            (#"{"parts": [{"nam": "a"}]}"#, "no field 'nam'"), (#"{"raw": "?"}"#, "field 'raw'"),
            (#"{"other": 1}"#, "no field 'other'"), (#"{"byName": {}, "by_name": {}}"#, "stands twice"),
        ] as [(String, String?)])
    func protoJSON(_ text: String, _ problem: String?) async throws {
        let found = try await check(.protocolBuffer, proto, Array(text.utf8), .json)
        #expect(problem.map { found?.contains($0) == true } ?? (found == nil), "\(found ?? "")")
    }

    @Test(
        "messages in protobuf's wire format are checked",
        arguments: [
            ([8, 5, 18, 1, 97, 26, 2, 1, 2, 24, 3, 32, 1, 42, 3, 10, 1, 98], nil), ([], nil),
            ([50, 8, 10, 1, 107, 18, 3, 10, 1, 118], nil),
            // A field that the definition does not know.
            ([160, 6, 1], nil),
            ([18, 1, 255], "not UTF-8"), ([10, 1, 97], "wire type 2 instead of 0"), ([42, 9, 10], "does not fit"),
            ([8], "ends too early"), ([3], "the number 0"), ([163, 6], "wire type 3 is not in use"),
        ] as [([UInt8], String?)])
    func protoBinary(_ bytes: [UInt8], _ problem: String?) async throws {
        let found = try await check(.protocolBuffer, proto, bytes, .binary)
        #expect(problem.map { found?.contains($0) == true } ?? (found == nil), "\(found ?? "")")
    }

    @Test(
        "bad definitions are refused with what is wrong",
        arguments: [
            (PubSubSchema.Language.avro, "\"string\"", "is not a record"), (.avro, "{", "is not JSON"),
            (.avro, #"{"type": "record", "name": "R", "fields": [{"name": "a", "type": "lon"}]}"#, "the type 'lon'"),
            (.avro, #"{"type": "record", "name": "1R", "fields": []}"#, "no proper 'name'"),
            (.avro, #"{"type": "record", "name": "R"}"#, "needs 'fields'"),
            (.protocolBuffer, "", "has no message"),
            (.protocolBuffer, "syntax = \"proto4\";", "line 1: the syntax 'proto4'"),
            (.protocolBuffer, "import \"a.proto\";", "imports are not allowed"),
            (.protocolBuffer, "syntax=\"proto3\"; message A {} message B {}", "2 top-level messages"),
            (.protocolBuffer, "syntax=\"proto3\";\nmessage A { Foo a = 1; }", "there is no type 'Foo'"),
            (.protocolBuffer, "syntax=\"proto3\"; message A { int32 a = 1; int32 b = 1; }", "or the number 1"),
            (.protocolBuffer, "syntax=\"proto3\"; message A { int32 a = 0; }", "0 cannot be the number"),
            (.protocolBuffer, "message A { int32 a = 1; }", "begins with optional, required or repeated"),
            (.protocolBuffer, "syntax=\"proto3\"; message A {", "does not end"),
        ])
    func badDefinitions(_ type: PubSubSchema.Language, _ definition: String, _ problem: String) async throws {
        let broker = try await fixture.open()
        let error = await #expect(throws: PubSubError.self) {
            try await broker.createSchema(PubSubSchema(name: "bad", type: type, definition: definition))
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
    }

    @Test("a topic with a schema takes only messages that follow it, and says so in their attributes")
    func topics() async throws {
        let broker = try await fixture.open()
        let schema = try await broker.createSchema(PubSubSchema(name: "bid", type: .protocolBuffer, definition: proto))
        try await broker.createTopic(
            Topic(name: "top", schemaSettings: SchemaSettings(schema: "bid", encoding: .json)))
        try await broker.createSubscription(Subscription(name: "sub", topic: "top"))
        try await broker.publish(#"{"auction": 1}"#)
        let refusal = await #expect(throws: PubSubError.self) { try await broker.publish(#"{"auction": 1}"#, "{") }
        #expect(refusal?.code == .invalidArgument)
        let messages = try broker.pull(subscription: "sub", limit: 10)
        #expect(messages.count == 1)
        #expect(
            messages.first?.message.attributes == [
                "googclient_schemaencoding": "JSON", "googclient_schemaname": "projects/p/schemas/bid",
                "googclient_schemarevisionid": schema.revisionID,
            ])
        try await broker.deleteSchema("bid")
        #expect(try broker.topic("top").schemaSettings?.schema == SchemaSettings.deletedSchema)
        await #expect(throws: PubSubError.self) { try await broker.publish(#"{"auction": 1}"#) }
    }

    @Test("revisions are kept over a restart, rolled back, deleted, and must be compatible")
    func revisions() async throws {
        let broker = try await fixture.open()
        let first = try await broker.createSchema(PubSubSchema(name: "bid", type: .protocolBuffer, definition: proto))
        let wider = proto.replacing("int64 auction = 1;", with: "int64 auction = 1; string more = 9;")
        let second = try await broker.commitSchema(
            PubSubSchema(name: "bid", type: .protocolBuffer, definition: wider))
        #expect(second.revisionID != first.revisionID)
        let changed = proto.replacing("int64 auction = 1;", with: "string auction = 1;")
        let refusal = await #expect(throws: PubSubError.self) {
            try await broker.commitSchema(PubSubSchema(name: "bid", type: .protocolBuffer, definition: changed))
        }
        #expect(refusal?.message.contains("field 1 of 'demo.Bid' is another one") == true)
        try await broker.shutDown()

        let again = try await fixture.open()
        #expect(try again.schemaRevisions("bid").map(\.revisionID) == [second.revisionID, first.revisionID])
        #expect(try again.schema("bid@\(first.revisionID)") == first)
        let third = try await again.rollbackSchema("bid", toRevision: first.revisionID)
        #expect(try again.schema("bid").definition == proto)
        try await again.deleteSchemaRevision("bid@\(second.revisionID)")
        #expect(try again.schemaRevisions("bid").map(\.revisionID) == [third.revisionID, first.revisionID])
    }

    @Test("a declared schema is made once, and gets a revision when its definition is another one")
    func declared() async throws {
        let broker = try await fixture.open()
        let bid = PubSubSchema(name: "bid", type: .protocolBuffer, definition: proto)
        let bids = Topic(name: "bids", schemaSettings: SchemaSettings(schema: "bid", encoding: .json))
        for _ in 0..<2 { try await broker.declare(schemas: [bid], topics: [bids], subscriptions: []) }
        #expect(try broker.schemaRevisions("bid").count == 1)
        let wider = PubSubSchema(
            name: "bid", type: .protocolBuffer,
            definition: proto.replacing("int64 auction = 1;", with: "int64 auction = 1; string more = 9;"))
        for _ in 0..<2 { try await broker.declare(schemas: [wider], topics: [bids], subscriptions: []) }
        #expect(try broker.schemaRevisions("bid").map(\.definition) == [wider.definition, proto])
        let other = PubSubSchema(name: "bid", type: .avro, definition: avro)
        await #expect(throws: PubSubError.self) {
            try await broker.declare(schemas: [other], topics: [], subscriptions: [])
        }
    }

    @Test("random bytes are a message or are refused, in bounded time", arguments: 0..<200)
    func randomBytes(_ seed: Int) async throws {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        let bytes = (0..<Int(seed % 60)).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        _ = try await check(.avro, avro, bytes, .binary)
        _ = try await check(.protocolBuffer, proto, bytes, .binary)
        _ = try await check(.avro, avro, bytes, .json)
        _ = try await check(.protocolBuffer, String(decoding: bytes, as: UTF8.self), bytes, .json)
    }
}
