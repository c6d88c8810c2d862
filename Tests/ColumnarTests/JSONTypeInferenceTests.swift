import Columnar
import Testing

@Suite("The types of JSON lines") struct JSONTypeInferenceTests {
    private func schema(_ lines: String...) throws -> String {
        var inference = JSONTypeInference()
        for line in lines { try inference.add(Array(line.utf8)) }
        return inference.schema.fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
    }

    @Test("are those of all objects together")
    func united() throws {
        #expect(
            try schema("{\"a\":1,\"b\":\"x\"}\n{\"a\":2.5}\n{\"c\":[null,1],\"b\":null}\n")
                == "a: number, b: string, c: list<integer>")
        #expect(try schema("{\"a\":{\"b\":1}}", "{\"a\":{\"c\":true,\"b\":1e3}}") == "a: row<b: number, c: boolean>")
        #expect(try schema("{\"n\":null,\"e\":[]}") == "n: string, e: list<string>")
        #expect(
            try schema("{\"big\":9223372036854775808,\"max\":9223372036854775807,\"neg\":-1}")
                == "big: number, max: integer, neg: integer")
        #expect(try schema("{\"a\\u0062\":1,\"a\":2,\"a\":\"x\"}") == "ab: integer, a: string")
        #expect(try schema("") == "")
    }

    @Test(
        "pass over lines that are no objects",
        arguments: ["[1]", "{\"a\":}", "{\"a\":1", "{\"a\":1}x", "nul", "{\"a\":\"\\"])
    func malformed(_ line: String) throws {
        #expect(try schema("\u{FEFF}\(line)\r\n\n { \"b\" : false } \r\n") == "b: boolean")
    }

    @Test("have to have something in common")
    func conflict() {
        let conflict = #expect(throws: JSONTypeInference.Conflict.self) {
            try schema("{\"a\":{\"b\":1}}", "{\"a\":{\"b\":\"x\"}}")
        }
        #expect(conflict?.description == "'a.b' is integer in one object and string in another")
    }
}

@Suite("Lines of text") struct TextLineTests {
    @Test(
        "end with LF, CRLF or the text",
        arguments: [
            ("a\nb", ["a", "b"]), ("a\r\n\nb\n", ["a", "", "b"]), ("", []), ("\n", [""]), ("\rx\r\n", ["\rx"]),
        ])
    func lines(_ text: String, _ lines: [String]) {
        let result = TextLineDecoder().decode(Array(text.utf8))
        #expect((0..<result.lines.count).map { String(decoding: result.lines[$0], as: UTF8.self) } == lines)
    }

    @Test("that are not UTF-8 are named by their place")
    func malformed() {
        let result = TextLineDecoder().decode([0x61, 0x0A, 0xFF, 0x0A, 0x62])
        #expect(result.lines.count == 2)
        #expect(result.failures == [2..<3])
    }
}
