import Columnar
import Testing
import Time

@testable import MessageFormats

private func avro(_ fields: String) throws -> MessageFormat {
    .avro(try AvroSchema(#"{"type": "record", "name": "R", "fields": [\#(fields)]}"#))
}

private func proto(_ body: String, _ syntax: String = "proto3") throws -> MessageFormat {
    .proto(try ProtoDefinition("syntax = \"\(syntax)\"; message R { \(body) }"))
}

private let numberList = #"{"name": "n", "type": {"type": "array", "items": "long"}}"#

@Suite("Payloads by a definition")
struct WireTests {
    @Test(
        "in Avro that are not one record and nothing more have a reason",
        arguments: [
            (numberList, [3, 4, 2, 4, 0], nil),
            (numberList, [2, 2, 2, 4, 0], nil),
            (numberList, [4, 2], "field 'n': the message ends too early"),
            (numberList, [0, 7], "1 bytes follow the Avro record"),
            (numberList, [0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0], "field 'n': a block of 2147483647 elements does not fit"),
            (
                #"{"name": "n", "type": {"type": "array", "items": "null"}}"#, [6, 6, 6, 6, 0],
                "field 'n': a block of 3 elements does not fit"
            ),
            (#"{"name": "u", "type": ["null", "int"]}"#, [4], "field 'u': a union of 2 has no branch number 2"),
            (#"{"name": "s", "type": "string"}"#, [2, 0xFF], "field 's': the text at byte 0 is not UTF-8"),
            (#"{"name": "b", "type": "boolean"}"#, [2], "field 'b': a boolean is neither 0 nor 1"),
            (
                #"{"name": "t", "type": {"type": "long", "logicalType": "timestamp-millis"}}"#,
                [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
                "field 't': a timestamp is beyond 64 bits of microseconds"
            ),
        ] as [(String, [UInt8], String?)])
    func avroPayloads(_ fields: String, _ payload: [UInt8], _ problem: String?) throws {
        let decoded = try PayloadDecoder(try avro(fields)).decode([payload])
        #expect(decoded.failures.first?.problem.description == problem)
        #expect(decoded.positions.count == (problem == nil ? 1 : 0))
    }

    @Test(
        "in protobuf are read in any order, packed or not, merged, and past what is not known",
        arguments: [
            ("repeated int32 n = 1;", [8, 1, 10, 2, 2, 3, 8, 4], .list([.int64(1), .int64(2), .int64(3), .int64(4)])),
            ("int32 a = 1;", [8, 1, 16, 9, 8, 2], .int64(2)),
            (
                "message P { int32 x = 1; int32 y = 2; } P p = 1;", [10, 2, 8, 1, 10, 2, 16, 2],
                .structure([.int64(1), .int64(2)])
            ),
            ("oneof o { int32 a = 1; int32 b = 2; }", [8, 1, 16, 2], .null),
            ("uint32 a = 1;", [8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], .int64(4_294_967_295)),
            ("enum E { Z = 0; } E e = 1;", [], .string("Z")),
            ("enum E { option allow_alias = true; Z = 0; Y = 0; } E e = 1;", [8, 0], .string("Z")),
        ] as [(String, [UInt8], Scalar)])
    func protoPayloads(_ body: String, _ payload: [UInt8], _ first: Scalar) throws {
        let decoded = try PayloadDecoder(try proto(body)).decode([payload])
        #expect(decoded.failures.map(\.problem) == [])
        #expect(decoded.columns.first?[0] == first)
    }

    @Test(
        "in protobuf that break the definition have a reason",
        arguments: [
            ("required int32 a = 1;", "proto2", [], "field 'a': it is required, and missing"),
            ("int32 a = 1;", "proto3", [10, 0], "field 'a': wire type 2 instead of 0"),
            ("int32 a = 1;", "proto3", [8], "the message ends too early"),
            ("string s = 1;", "proto3", [10, 1, 0xFF], "field 's': the text is not UTF-8"),
            ("enum E { Z = 0; } E e = 1;", "proto3", [8, 5], "field 'e': the enum 'R.E' has no value number 5"),
            (
                "uint64 u = 1;", "proto3", [8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
                "field 'u': 18446744073709551615 is beyond 63 bits"
            ),
        ] as [(String, String, [UInt8], String)])
    func brokenProto(_ body: String, _ syntax: String, _ payload: [UInt8], _ problem: String) throws {
        let decoded = try PayloadDecoder(try proto(body, syntax)).decode([payload, payload])
        #expect(decoded.failures.map(\.problem.description) == [problem, problem])
        #expect(decoded.failures.map(\.position) == [0, 1])
    }

    @Test("rows that a definition has no place for are told apart from those that it has")
    func rows() throws {
        let format = try avro(
            #"{"name": "i", "type": "int"}, {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["A"]}}, {"name": "n", "type": ["null", "int"]}"#
        )
        let fields = [Field("e", .string), Field("i", .int64)]
        let columns: [Column] = [
            Column(.string, [.string("A"), .string("B"), .null, .string("A")]),
            Column(.int64, [.int64(1), .int64(1), .int64(1), .int64(1 << 40)]),
        ]
        let encoded = try PayloadEncoder(format, fields).encode(fields, columns, count: 4)
        #expect(encoded.payloads == [[2, 0, 0], [], [], []])
        #expect(
            encoded.failures.map(\.problem.description) == [
                "field 'e': the enum 'E' has no symbol 'B'", "field 'e': null, where the Avro definition has no null",
                "field 'i': 1099511627776 is beyond Avro's int",
            ])
        let choice = try PayloadEncoder(
            try proto("oneof o { int32 a = 1; int32 b = 2; }"), [Field("a", .int64), Field("b", .int64)])
        let both = choice.encode(
            [Field("a", .int64), Field("b", .int64)],
            [Column(.int64, [.int64(1), .null]), Column(.int64, [.int64(2), .int64(0)])], count: 2)
        #expect(both.payloads == [[], [16, 0]])
        #expect(both.failures.first?.problem.description == "field 'b': another field of its oneof has a value too")
    }

    @Test("a definition of rows reads back what it has written")
    func inferred() throws {
        let fields = [
            Field("a", .int64), Field("b", .list(.string), isNullable: false), Field("c", .timestamp),
            Field("d", .structure([Field("x", .float64), Field("y", .bytes)])), Field("e", .null),
            Field("f", .boolean, isNullable: false),
        ]
        let rows: [[Scalar]] = [
            [
                .int64(1), .list([.string("p"), .string("")]), .timestamp(Timestamp(micros: -1)),
                .structure([.float64(0.5), .null]), .null, .boolean(true),
            ],
            [.null, .list([]), .null, .null, .null, .boolean(false)],
        ]
        let batch = Batch(Schema(fields), rows: rows)
        let format = MessageFormat.avro(AvroSchema(row: fields))
        let encoded = try PayloadEncoder(format, fields).encode(fields, batch.columns, count: 2)
        #expect(encoded.failures.isEmpty)
        let decoder = try PayloadDecoder(format)
        #expect(decoder.schema == Schema(fields))
        let decoded = decoder.decode(encoded.payloads)
        #expect(rows.indices.map { row in decoded.columns.map { $0[row] } } == rows)
    }

    @Test(
        "definitions that no row can hold are refused by name",
        arguments: [
            (
                #"{"name": "r", "type": ["null", "R"]}"#,
                "field 'r' of 'R': the record 'R' holds itself, which a row cannot"
            ),
            (
                #"{"name": "u", "type": ["int", "string"]}"#,
                "field 'u' of 'R': a union of int, string has no place in a row; a union is of null and one type"
            ),
        ])
    func refused(_ fields: String, _ problem: String) throws {
        let format = try avro(fields)
        #expect(throws: SchemaProblem(problem)) { try PayloadDecoder(format) }
    }

    @Test("definitions whose rows would be endless are refused before they are built")
    func enormous() throws {
        var types: [String] = []
        for level in 0..<30 {
            let inner = level == 0 ? #""int""# : #""T\#(level - 1)""#
            types.append(
                #"{"name": "f\#(level)", "type": {"type": "record", "name": "T\#(level)", "fields": [{"name": "a", "type": \#(inner)}, {"name": "b", "type": \#(inner)}]}}"#
            )
        }
        let format = try avro(types.joined(separator: ", "))
        #expect(throws: SchemaProblem.self) { try PayloadDecoder(format) }
    }
}
