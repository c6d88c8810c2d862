import Columnar
import Foundation
import TestSupport
import Testing
import Time

@Suite struct JSONDecoderTests {
    @Test(arguments: 0..<150) func everyWritingOfRowsDecodesToTheRows(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        let schema = Schema(RandomColumns.fields(depth: 3, using: &generator))
        let rows = (0..<40).map { _ in
            schema.fields.map { RandomColumns.scalar($0.type, using: &generator) }
        }
        var text = JSONText(generator: generator, isLoose: seed % 4 != 0)
        let documents = rows.map { Array(text.object(schema.fields, $0).utf8) }
        let expected = Batch(schema, rows: rows)

        let single = JSONBatchDecoder(schema: schema).decode(documents)
        #expect(single.failures == [])
        #expect(single.documents == Array(0..<40))
        #expect(single.batch() == expected)

        let lines = documents.joined(separator: [0x0A])
        let joined = JSONBatchDecoder(schema: schema).decodeLines(Array(lines))
        #expect(joined.failures == [])
        #expect(joined.batch() == expected)
        #expect(joined.documents == Array(0..<40))

        // The same text cut off or garbled: failures leave no trace, and single documents and lines agree.
        let garbled = documents.enumerated().map { index, document in
            index % 3 == 0 ? garble(document, &generator) : document
        }
        let partly = JSONBatchDecoder(schema: schema).decode(garbled)
        #expect(partly.count + partly.failures.count == 40)
        #expect(partly.failures.allSatisfy { garbled[$0.document] != documents[$0.document] })
        #expect(partly.columns.allSatisfy { $0.count == partly.count })
        let kept = partly.documents.enumerated().filter { garbled[Int($1)] == documents[Int($1)] }
        let keptRows = partly.batch().rows
        #expect(kept.map { keptRows[$0.offset] } == kept.map { rows[Int($0.element)] })
        let partlyLines = JSONBatchDecoder(schema: schema).decodeLines(Array(garbled.joined(separator: [0x0A])))
        if !garbled.contains(where: { document in document.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } }) {
            #expect(partlyLines.batch() == partly.batch())
            #expect(partlyLines.failures.map(\.document) == partly.failures.map(\.document))
            #expect(partlyLines.failures.map(\.path) == partly.failures.map(\.path))
            #expect(partlyLines.failures.map(\.byteOffset) == partly.failures.map(\.byteOffset))
        }
    }

    private func garble(_ document: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
        var result = document
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: result.removeLast(Int.random(in: 1...result.count, using: &generator))
        case 1: result.remove(at: Int.random(in: 0..<result.count, using: &generator))
        case 2:
            result[Int.random(in: 0..<result.count, using: &generator)] = UInt8.random(
                in: 0x0B...255, using: &generator)
        default:
            result.insert(
                UInt8.random(in: 0x20...0x7E, using: &generator),
                at: Int.random(in: 0...result.count, using: &generator))
        }
        return result
    }

    @Test(arguments: 0..<100) func wellFormednessAgreesWithFoundation(seed: Int) {
        var generator = SplitMix64(seed: UInt64(1000 + seed))
        let decoder = JSONBatchDecoder(schema: Schema([Field("a", .int64)]))
        for _ in 0..<40 {
            let type = DataType.structure([Field("inner", RandomColumns.type(depth: 3, using: &generator))])
            var text = JSONText(generator: generator)
            let fine = Array(text.value(RandomColumns.scalar(type, nulls: 0.1, using: &generator), type).utf8)
            generator = text.generator
            guard fine != Array("null".utf8) else { continue }
            let document = garble(fine, &generator)
            // Foundation lets control characters stand in strings, and rejects lone surrogates and numbers beyond a
            // double's range, which are well formed.
            let shown = String(decoding: document, as: UTF8.self)
            if document.contains(where: { $0 < 0x20 }) || shown.contains("\\ud") || shown.contains(/[eE]\+?\d{3}/) {
                continue
            }
            let ours = decoder.decode([document])
            let theirs = (try? JSONSerialization.jsonObject(with: Data(document))) as? [String: Any]
            #expect(ours.failures.isEmpty == (theirs != nil), "\(shown) \(ours.failures)")
        }
    }

    @Test(arguments: [
        (#"{"s": 5}"#, "$.s: expected string, found number at byte 6"),
        (#"{"i": "5"}"#, "$.i: expected integer, found string at byte 6"),
        (#"{"i": 1.5}"#, "$.i: expected integer, found a number that is not a 64-bit integer at byte 6"),
        (#"{"i": 9223372036854775808}"#, "$.i: integer beyond 64 bits at byte 6"),
        (#"{"i": 1e19}"#, "$.i: expected integer, found a number that is not a 64-bit integer at byte 6"),
        (#"{"i": true}"#, "$.i: expected integer, found boolean at byte 6"),
        (#"{"i": 01}"#, "$: expected ',' or '}', found number at byte 7"),
        (#"{"i": -}"#, "$.i: expected integer, found number at byte 6"),
        (#"{"d": "1"}"#, "$.d: expected number, found string at byte 6"),
        (#"{"d": 1e999}"#, "$.d: number beyond the range of a double at byte 6"),
        (#"{"b": 1}"#, "$.b: expected boolean, found number at byte 6"),
        (#"{"b": tru}"#, "$.b: expected boolean, found boolean at byte 6"),
        (#"{"t": 1}"#, "$.t: expected RFC 3339 timestamp string, found number at byte 6"),
        (#"{"t": "yesterday"}"#, "$.t: expected RFC 3339 timestamp, found 'yesterday' at byte 6"),
        (#"{"x": "%"}"#, "$.x: expected base64 string, found '%' at byte 6"),
        (
            #"{"n": {"deep one": [{"v": 1}, {"v": "2"}]}}"#,
            #"$.n["deep one"][1].v: expected integer, found string at byte 36"#
        ),
        (#"{"n": [1]}"#, "$.n: expected object, found array at byte 6"),
        (#"{"n": {"deep one": 7}}"#, #"$.n["deep one"]: expected array, found number at byte 19"#),
        (#"[1]"#, "$: expected object, found array at byte 0"),
        (#"null"#, "$: expected object, found null at byte 0"),
        ("", "$: expected object, found end of document at byte 0"),
        ("  ", "$: expected object, found end of document at byte 2"),
        (#"{"s": "x""#, "$: expected ',' or '}', found end of document at byte 9"),
        (#"{"s": "x"#, "$.s: unterminated string at byte 8"),
        (#"{"s": "x"} {}"#, "$: expected end of document, found object at byte 11"),
        (#"{"s": "x",}"#, "$: expected a key, found '}' at byte 10"),
        (#"{"s" "x"}"#, "$: expected ':', found string at byte 5"),
        (#"{s: 1}"#, "$: expected a key, found 's' at byte 1"),
        (#"{"s": "\x"}"#, "$.s: invalid escape in a string at byte 7"),
        (#"{"s": "\ud83d"}"#, "$.s: high surrogate without a low one at byte 7"),
        (#"{"s": "\ude87"}"#, "$.s: low surrogate without a high one at byte 7"),
        (#"{"s": "\u12g4"}"#, "$.s: invalid escape in a string at byte 7"),
        ("{\"s\": \"a\nb\"}", "$.s: unescaped control character in a string at byte 8"),
        (#"{"other": [1, {"k": nul}]}"#, "$.other: expected true, false or null, found another word at byte 20"),
        (#"{"other": [1, 2}"#, "$.other: expected ',' or ']', found '}' at byte 15"),
        (#"{"other": 1.}"#, "$.other: expected a number, found '1' at byte 10"),
        (#"{"other": }"#, "$.other: expected a value, found '}' at byte 10"),
        (#"{"other": "\q"}"#, "$.other: invalid escape in a string at byte 11"),
    ]) func failuresSayWhatAndWhere(document: String, message: String) {
        let schema = Schema([
            Field("s", .string), Field("i", .int64), Field("d", .float64), Field("b", .boolean), Field("t", .timestamp),
            Field("x", .bytes),
            Field("n", .structure([Field("deep one", .list(.structure([Field("v", .int64)])))])),
        ])
        let result = JSONBatchDecoder(schema: schema).decode([Array(document.utf8)])
        #expect(result.failures.map(\.description) == [message])
        #expect(result.count == 0)
        #expect(result.columns.allSatisfy { $0.count == 0 })
    }

    @Test(arguments: [
        ("{\"s\": \"\u{FF}", [0xFF as UInt8]), ("overlong", [0xC0, 0x80]), ("surrogate", [0xED, 0xA0, 0x80]),
        ("too high", [0xF4, 0x90, 0x80, 0x80]), ("cut off", [0xE6, 0xBC]), ("stray continuation", [0x80]),
        ("overlong of four", [0xF0, 0x80, 0x80, 0x80]), ("overlong of three", [0xE0, 0x80, 0x80]),
    ]) func invalidUTF8Fails(name: String, bytes: [UInt8]) {
        let decoder = JSONBatchDecoder(schema: Schema([Field("s", .string)]))
        for key in ["s", "other"] {
            let document = Array("{\"\(key)\": \"plain text before it ".utf8) + bytes + Array("\"}".utf8)
            let result = decoder.decode([document])
            #expect(result.failures.map(\.problem) == ["invalid UTF-8 in a string"])
            #expect(result.failures.map(\.path) == ["$.\(key)"])
        }
    }

    @Test func requiredFieldsMustBeThere() {
        let schema = Schema([
            Field("id", .int64, isNullable: false),
            Field("inner", .structure([Field("v", .string, isNullable: false)])),
        ])
        let documents = [
            #"{"id": 1}"#, #"{}"#, #"{"id": null}"#, #"{"id": 2, "inner": {}}"#, #"{"id": 3, "inner": {"v": "x"}}"#,
        ]
        let result = JSONBatchDecoder(schema: schema).decode(documents.map { Array($0.utf8) })
        #expect(result.documents == [0, 4])
        #expect(
            result.failures.map(\.description) == [
                "$.id: expected integer, but the field is missing from the object that ends at byte 1",
                "$.id: expected integer, found null at byte 7",
                "$.inner.v: expected string, but the field is missing from the object that ends at byte 20",
            ])
        #expect(result.columns[1].scalars == [.null, .structure([.string("x")])])
    }

    @Test func theLastOfARepeatedKeyCounts() {
        let schema = Schema([Field("a", .int64), Field("l", .list(.structure([Field("s", .string)])))])
        let documents = [
            #"{"a": 1, "l": [{"s": "x"}, {"s": "y"}], "a": 2, "l": [{"s": "z"}]}"#,
            #"{"a": 1, "a": null, "l": null, "l": []}"#,
            #"{"l": [{"s": "x"}], "l": null, "\u0061": 5, "a": 6}"#,
        ]
        let result = JSONBatchDecoder(schema: schema).decode(documents.map { Array($0.utf8) })
        #expect(
            result.batch().rows == [
                [.int64(2), .list([.structure([.string("z")])])], [.null, .list([])], [.int64(6), .null],
            ])
    }

    @Test func namesThatNeedEscapesAreFound() {
        let schema = Schema([Field("a\"b", .int64), Field("tab\t", .int64), Field("", .int64), Field("naïve", .int64)])
        let document = #"{"a\"b": 1, "tab\t": 2, "": 3, "na\u00efve": 4}"#
        let result = JSONBatchDecoder(schema: schema).decode([Array(document.utf8), Array(#"{"a"b": 1}"#.utf8)])
        #expect(result.batch().rows == [[.int64(1), .int64(2), .int64(3), .int64(4)]])
        #expect(result.failures.count == 1)
    }

    @Test func manyKeysInAnyOrderAreFound() {
        var generator = SplitMix64(seed: 5)
        let schema = Schema((0..<100).map { Field("field_number_\($0)", .int64) })
        let documents = (0..<50).map { _ in
            var keys = (0..<200).map {
                $0 < 100 ? "\"field_number_\($0)\": \($0)" : "\"unknown\(generator.next())\": \($0)"
            }
            keys.shuffle(using: &generator)
            return Array("{\(keys.joined(separator: ","))}".utf8)
        }
        let result = JSONBatchDecoder(schema: schema).decode(documents)
        #expect(result.failures == [])
        #expect(result.batch().rows.allSatisfy { $0 == (0..<100).map { .int64($0) } })
    }

    @Test func nestingBeyondTheLimitFails() {
        let decoder = JSONBatchDecoder(schema: Schema([Field("l", .list(.list(.int64)))]))
        func document(_ depth: Int) -> [UInt8] {
            Array("{\"x\": \(String(repeating: "[", count: depth))\(String(repeating: "]", count: depth))}".utf8)
        }
        #expect(decoder.decode([document(511)]).failures == [])
        #expect(decoder.decode([document(512)]).failures.map(\.problem) == ["nested deeper than 512"])
        #expect(decoder.decode([document(1_000_000)]).failures.map(\.problem) == ["nested deeper than 512"])
        var type = DataType.int64
        for _ in 0..<600 { type = .list(type) }
        let deep = JSONBatchDecoder(schema: Schema([Field("x", type)])).decode([document(511), document(600)])
        #expect(deep.documents == [0])
        #expect(deep.failures.map(\.problem) == ["nested deeper than 512"])
    }

    @Test func linesKeepTheirNumbersAcrossBlanksAndFailures() {
        let text = "\u{FEFF}{\"a\":1}\r\n\n  \n{\"a\":\"x\"}\n{\"a\":2}\n{\"a\":\n{\"a\":3} {\"a\":4}\n{\"a\":5}"
        let result = JSONBatchDecoder(schema: Schema([Field("a", .int64)])).decodeLines(Array(text.utf8))
        #expect(result.columns[0].scalars == [.int64(1), .int64(2), .int64(5)])
        #expect(result.documents == [0, 4, 7])
        #expect(result.failures.map(\.document) == [3, 5, 6])
        #expect(
            result.failures.map(\.description) == [
                "$.a: expected integer, found string at byte 5", "$.a: expected integer, found end of line at byte 5",
                "$: expected end of line, found object at byte 8",
            ])
        let bytes = Array(text.utf8)
        #expect(String(decoding: bytes[result.failures[0].range], as: UTF8.self) == "{\"a\":\"x\"}")
        #expect(String(decoding: bytes[result.failures[2].range], as: UTF8.self) == "{\"a\":3} {\"a\":4}")
        #expect(JSONBatchDecoder(schema: Schema()).decodeLines([]).count == 0)
    }

    @Test(arguments: [("", 0), ("{}", 0), ("\n", 1), ("{}\n{", 3), ("a\nb\n", 4)])
    func readersCutBehindTheLastNewline(text: String, length: Int) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { JSONBatchDecoder.wholeLines($0) } == length)
    }

    @Test func slicesAndTextColumnsDecodeToo() {
        let decoder = JSONBatchDecoder(schema: Schema([Field("a", .int64)]))
        let bytes = Array(#"{"a": 1}{"a": 2}"#.utf8)
        #expect(decoder.decode([bytes[0..<8], bytes[8...]]).columns[0].scalars == [.int64(1), .int64(2)])
        let column = BytesColumn(offsets: [0, 8, 8, 16], bytes: bytes)
        let result = decoder.decode(column)
        #expect(result.documents == [0, 2])
        #expect(result.failures.map(\.description) == ["$: expected object, found end of document at byte 0"])
    }
}

@Suite struct NumberTextTests {
    private func decode(_ text: String) -> Scalar? {
        let result = JSONBatchDecoder(schema: Schema([Field("d", .float64)])).decode([Array("{\"d\":\(text)}".utf8)])
        return result.columns[0].scalars.first
    }

    @Test func doublesAreTheNearest() {
        var generator = SplitMix64(seed: 9)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 1...22, using: &generator)
            var text = String((0..<digits).map { _ in "0123456789".randomElement(using: &generator) ?? "0" })
            let point = Int.random(in: 0...digits, using: &generator)
            while text.hasPrefix("0"), text.count > 1 { text.removeFirst() }
            if point > 0, point < text.count { text.insert(".", at: text.index(text.startIndex, offsetBy: point)) }
            if Bool.random(using: &generator) { text += "e\(Int.random(in: -30...30, using: &generator))" }
            if Bool.random(using: &generator) { text = "-" + text }
            #expect(decode(text) == Double(text).map { .float64($0) }, "\(text)")
        }
    }

    @Test(arguments: [
        "0", "-0", "0.0", "1e-400", "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
        "1.7976931348623157e308", "2.2250738585072014e-308", "9007199254740993", "9007199254740992.5",
        "9007199254740993.0",
        "179769313486231570000000000000000000000e270", "0.000000000000000000000000000000000000001e39",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "40.75797300000001", "-73.98765432109876", "123456789012345678", "18446744073709551615", "18446744073709551616",
        "0e999999999999", "7450580596923828125e-27", "5e-1",
    ]) func interestingDoublesAreTheNearest(text: String) {
        let expected = Double(text) ?? .nan
        guard case .float64(let value) = decode(text) else {
            Issue.record("\(text) did not decode")
            return
        }
        #expect(value.bitPattern == expected.bitPattern)
    }

    @Test(arguments: [
        ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("-0", 0), ("0", 0), ("1.0", 1),
        ("1e3", 1000),
        ("12.50e1", 125), ("0.0", 0), ("9223372036854775807.0", .max),
        ("100000000000000000000e-2", 1_000_000_000_000_000_000),
        ("0e5", 0), ("0.000e-7", 0), ("1234567890123456", 1_234_567_890_123_456),
    ]) func wholeNumbersAreIntegers(text: String, value: Int64) {
        let result = JSONBatchDecoder(schema: Schema([Field("i", .int64)])).decode([Array("{\"i\":\(text)}".utf8)])
        #expect(result.columns[0].scalars == [.int64(value)])
    }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "0.1", "1e-1", "1e19", "99999999999999999999", "1e400",
        "9223372036854775807.5", "0.00000000000000000001",
    ]) func othersAreNot(text: String) {
        let result = JSONBatchDecoder(schema: Schema([Field("i", .int64)])).decode([Array("{\"i\":\(text)}".utf8)])
        #expect(result.count == 0)
    }
}

@Suite struct TimestampTextTests {
    @Test(arguments: [
        "2026-02-28T00:40:25Z", "2026-02-28t00:40:25z", "2026-02-28 00:40:25Z", "1969-12-31T23:59:59.999999Z",
        "2024-02-29T12:00:00+05:30", "2024-02-29T12:00:00.123456789-23:59", "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:60Z",
        "2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-00-01T00:00:00Z", "2023-01-00T00:00:00Z",
        "2023-01-32T00:00:00Z",
        "2023-01-01T24:00:00Z", "2023-01-01T00:60:00Z", "2023-01-01T00:00:61Z", "2023-01-01T00:00:00",
        "2023-01-01T00:00:00.Z",
        "2023-01-01T00:00:00.1", "2023-01-01T00:00:00+1:00", "2023-01-01T00:00:00+01:00Z", "2023-01-01",
        "2023-1-01T00:00:00Z",
        "20x3-01-01T00:00:00Z", "2023-01-01T00:00:00Z ", "", "2023-01-01T00:00:00+24:00",
        "2023-01-01T00:00:00.1234567Z",
    ]) func timesReadAsTheTimeModuleReadsThem(text: String) {
        let result = JSONBatchDecoder(schema: Schema([Field("t", .timestamp)])).decode([
            Array("{\"t\":\"\(text)\"}".utf8)
        ])
        #expect(result.columns[0].scalars == (Timestamp(rfc3339: text).map { [.timestamp($0)] } ?? []))
    }

    @Test func everyTimeSurvives() {
        var generator = SplitMix64(seed: 3)
        let decoder = JSONBatchDecoder(schema: Schema([Field("t", .timestamp)]))
        for _ in 0..<2000 {
            let value = RandomColumns.scalar(.timestamp, nulls: 0, using: &generator)
            guard case .timestamp(let time) = value else { continue }
            #expect(decoder.decode([Array("{\"t\":\"\(time.rfc3339)\"}".utf8)]).columns[0].scalars == [value])
        }
    }
}
