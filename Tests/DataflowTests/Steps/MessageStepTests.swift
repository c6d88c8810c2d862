import Columnar
import MessageFormats
import Pipes
import Testing
import Time

@testable import Dataflow

private func message(_ text: String, _ attributes: [String: String] = [:], published: Int64 = 5) -> IncomingMessage {
    IncomingMessage(
        sequence: 0, data: Array(text.utf8), attributes: attributes, publishTime: Timestamp(seconds: published))
}

@Suite struct MessageStepTests {
    private func read(
        _ format: ReadMessages.Format, _ schema: Schema, attributes: [String] = [], publishTimeField: String? = nil,
        timestampAttribute: String? = nil, _ messages: [IncomingMessage]
    ) -> ReadStep.Decoded {
        ReadStep(
            read: ReadMessages(
                subscription: "s", topic: nil, format: format, attributes: attributes,
                publishTimeField: publishTimeField, timestampAttribute: timestampAttribute), schema: schema
        ).decode(messages)
    }

    private let payload = Schema([Field("k", .string), Field("v", .int64)])

    @Test func jsonMessagesBecomeRows() {
        let decoded = read(
            .json(payload), payload,
            [message(#"{"k":"a","v":1}"#), message("{"), message(#"{"v":"x"}"#), message(#"{"v":2,"more":[1]}"#)])
        #expect(decoded.batch.rows == [[.string("a"), .int64(1)], [.null, .int64(2)]])
        #expect(decoded.failures.reasons.keys.sorted() == [1, 2])
        #expect(decoded.failures.reasons[2]?.contains("v") == true, "the reason names the field")
        #expect(decoded.batch.eventTimes == [5_000_000, 5_000_000])
    }

    @Test func messagesByADefinitionBecomeRowsAndRowsMessages() throws {
        let definition = try ProtoDefinition(#"syntax = "proto3"; message M { string k = 1; optional int64 v = 2; }"#)
        let decoder = try PayloadDecoder(.proto(definition))
        var broken = message("")
        broken.data = [10, 9]
        var whole = message("", ["a": "x"])
        whole.data = [10, 1, 97, 16, 7]
        let schema = Schema(decoder.schema.fields + [Field("a", .string)])
        let decoded = read(.binary(decoder), schema, attributes: ["a"], [broken, whole])
        #expect(decoded.batch.rows == [[.string("a"), .int64(7), .string("x")]])
        #expect(decoded.failures.reasons == [0: "a length of 9 bytes does not fit"])

        let encoder = try PayloadEncoder(.proto(definition), decoder.schema.fields)
        var failures = RowFailures()
        let messages = WriteMessagesStep(write: WriteMessages(topic: "t", format: .binary(encoder), attributes: ["a"]))
            .messages(decoded.batch, failedStep: nil, failures: &failures)
        #expect(messages.map(\.data) == [whole.data])
        #expect(messages.map(\.attributes) == [["a": "x"]])
    }

    @Test func allAttributesBecomeAMapAndAMapAttributes() {
        let schema = Schema([Field("payload", .string), Field("all", .map(.string))])
        let decoded = ReadStep(
            read: ReadMessages(subscription: "s", topic: nil, format: .string, attributesMap: "all"), schema: schema
        ).decode([message("x", ["b": "2", "a": "1"]), message("y")])
        #expect(
            decoded.batch.rows == [
                [
                    .string("x"),
                    .list([.structure([.string("a"), .string("1")]), .structure([.string("b"), .string("2")])]),
                ],
                [.string("y"), .list([])],
            ])
        var failures = RowFailures()
        let messages = WriteMessagesStep(write: WriteMessages(topic: "t", format: .raw, attributesMap: "all"))
            .messages(decoded.batch, failedStep: nil, failures: &failures)
        #expect(messages.map(\.attributes) == [["a": "1", "b": "2"], [:]])
        #expect(messages.map(\.data) == [Array("x".utf8), Array("y".utf8)])
    }

    @Test func rawAndTextPayloads() {
        let raw = Schema([Field("payload", .bytes)])
        #expect(read(.raw, raw, [message("é"), message("")]).batch.rows == [[.bytes([0xC3, 0xA9])], [.bytes([])]])
        let text = Schema([Field("payload", .string)])
        var broken = message("x")
        broken.data = [0xff]
        let decoded = read(.string, text, [broken, message("é")])
        #expect(decoded.batch.rows == [[.string("é")]])
        #expect(decoded.failures.reasons == [0: "the payload is not UTF-8 text"])
    }

    @Test func attributesAndThePublishTimeBecomeFields() {
        let schema = Schema(payload.fields + [Field("a", .string), Field("b", .string), Field("at", .timestamp)])
        let decoded = read(
            .json(payload), schema, attributes: ["a", "b"], publishTimeField: "at",
            [
                message("{}", ["a": "1", "b": "2"], published: 7), message("[", ["a": "1", "b": "2"]),
                message("{}", ["a": "1"]), message("{}", ["b": "ü", "a": ""], published: 9),
            ])
        #expect(
            decoded.batch.rows == [
                [.null, .null, .string("1"), .string("2"), .timestamp(Timestamp(seconds: 7))],
                [.null, .null, .string(""), .string("ü"), .timestamp(Timestamp(seconds: 9))],
            ])
        #expect(decoded.failures.reasons.keys.sorted() == [1, 2])
        #expect(decoded.failures.reasons[2] == "the message has no attribute 'b'")
        #expect(decoded.batch.compacted().eventTimes == [7_000_000, 9_000_000])
    }

    @Test func eventTimesComeFromTheAttribute() {
        let decoded = read(
            .json(payload), payload, timestampAttribute: "t",
            [
                message("{}", ["t": "1500"]), message("{}", ["t": "1970-01-01T00:00:02.5Z"]),
                message("{}", ["t": "soon"]),
                message("{}"),
            ])
        #expect(decoded.batch.eventTimes == [1_500_000, 2_500_000, 5_000_000, 5_000_000])
        #expect(decoded.unreadableTimestamps == 2)
        #expect(decoded.failures.isEmpty)
    }

    private func written(_ write: WriteMessages, _ batch: Batch, failedStep: String? = nil) -> (
        [OutgoingMessage], RowFailures
    ) {
        var failures = RowFailures()
        let messages = WriteMessagesStep(write: write).messages(batch, failedStep: failedStep, failures: &failures)
        return (messages, failures)
    }

    private func text(_ message: OutgoingMessage) -> String { String(decoding: message.data, as: UTF8.self) }

    @Test func rowsBecomeJSONWithoutTheFieldsThatBecameAttributes() {
        let schema = Schema([Field("k", .string), Field("v", .int64), Field("at", .timestamp)])
        var batch = Batch(
            schema, rows: [[.string("a"), .int64(1), .timestamp(Timestamp(seconds: 0))], [.null, .null, .null]],
            eventTime: Timestamp(micros: -1))
        let write = WriteMessages(
            topic: "t", format: .json, attributes: ["v", "at"], idAttribute: "id", timestampAttribute: "ts")
        let (messages, failures) = written(write, batch)
        #expect(failures.isEmpty)
        #expect(messages.map(text) == [#"{"k":"a"}"#, #"{"k":null}"#])
        #expect(messages[0].attributes["v"] == "1")
        #expect(messages[0].attributes["at"] == "1970-01-01T00:00:00Z")
        #expect(messages[0].attributes["ts"] == "-1", "milliseconds, rounded down")
        #expect(messages[1].attributes["v"] == nil)
        #expect(messages[0].attributes["id"] != messages[1].attributes["id"])
        batch.selection = [1]
        #expect(written(write, batch).0.map(text) == [#"{"k":null}"#])
    }

    @Test func rawNeedsOneFieldWithAValue() {
        let schema = Schema([Field("payload", .bytes), Field("a", .string)])
        let batch = Batch(schema, rows: [[.bytes([1, 2]), .string("x")], [.null, .string("y")]])
        let (messages, failures) = written(WriteMessages(topic: "t", format: .raw, attributes: ["a"]), batch)
        #expect(messages == [OutgoingMessage(data: [1, 2], attributes: ["a": "x"])])
        #expect(failures.reasons == [1: "'payload' is null: there is no payload"])
        let (none, refused) = written(WriteMessages(topic: "t", format: .raw), batch)
        #expect(none.isEmpty)
        #expect(refused.reasons.count == 2)
    }

    @Test func errorRowsKeepTheElementsOwnBytes() {
        let batch = ErrorRows.batch(
            of: [message("{broken")], eventTimes: [3], reasons: ["no JSON"],
            schema: Graph.errorSchema(
                for: .readMessages(ReadMessages(subscription: "s", topic: nil, format: .raw)), input: nil))
        #expect(batch.rows == [[.bytes(Array("{broken".utf8)), .string("no JSON"), .string("")]])
        #expect(batch.eventTimes == [3])
        let (messages, _) = written(WriteMessages(topic: "t", format: .json), batch, failedStep: "Read")
        #expect(
            messages == [
                OutgoingMessage(
                    data: Array("{broken".utf8), attributes: ["streamtop-error": "no JSON", "streamtop-step": "Read"])
            ])
        let rows = ErrorRows.batch(
            of: Batch(payload, rows: [[.string("a"), .null]]), reasons: ["bad"],
            schema: Graph.errorSchema(for: .flatten, input: payload))
        #expect(rows.rows == [[.structure([.string("a"), .null]), .string("bad"), .string("")]])
        let (fromRow, _) = written(WriteMessages(topic: "t", format: .json), rows, failedStep: "Map")
        #expect(fromRow.map(text) == [#"{"k":"a","v":null}"#])
    }
}
