import TestSupport
import Testing

@testable import Warehouse

@Suite struct SQLTokenizerTests {
    static let cases: [(sql: String, tokens: [String])] = [
        ("SELECT a,b FROM t", ["word SELECT", "word a", "symbol ,", "word b", "word FROM", "word t"]),
        ("'it''s' 'FROM x'", ["text 'it''s'", "text 'FROM x'"]),
        ("\"a\"\"b\" `c.d` [e f]", ["quotedName \"a\"\"b\"", "bracketedName `c.d`", "bracketedName [e f]"]),
        ("a -- FROM b\n/* c 'd */ e # f", ["word a", "word e"]),
        ("a-b - -1", ["word a", "symbol -", "word b", "symbol -", "symbol -", "number 1"]),
        (
            "1 1.5 .5 1e-5 1E+5 0xff 0xe-1",
            [
                "number 1", "number 1.5", "number .5", "number 1e-5", "number 1E+5", "number 0xff", "number 0xe",
                "symbol -", "number 1",
            ]
        ),
        (
            "t.a t.1a \"t\".b",
            [
                "word t", "symbol .", "word a", "word t", "symbol .", "number 1a", "quotedName \"t\"", "symbol .",
                "word b",
            ]
        ),
        ("x'0aff' X'00' xy", ["blob x'0aff'", "blob X'00'", "word xy"]),
        ("? ?1 :a @b $c", ["parameter ?", "parameter ?1", "parameter :a", "parameter @b", "parameter $c"]),
        (
            "a<=b<>c||d->>'e'",
            [
                "word a", "symbol <=", "word b", "symbol <>", "word c", "symbol ||", "word d", "symbol ->", "symbol >",
                "text 'e'",
            ]
        ),
        ("2.e5 2.a 1.", ["number 2.e5", "number 2", "symbol .", "word a", "number 1."]),
        ("größe 日本", ["word größe", "word 日本"]),
        ("", []),
    ]

    @Test(arguments: cases)
    func words(_ sql: String, _ expected: [String]) throws {
        let text = try SQLText(sql)
        #expect(text.tokens.indices.map { "\(text.tokens[$0].kind) \(text.text($0))" } == expected)
    }

    @Test(arguments: cases.map(\.sql))
    func tokensCoverTheText(_ sql: String) throws {
        var position = 0
        for token in try SQLTokenizer.tokens(of: Array(sql.utf8)) {
            #expect(token.range.lowerBound == position)
            position = token.range.upperBound
        }
        #expect(position == sql.utf8.count)
    }

    @Test(arguments: [
        ("SELECT 'abc", "1:8: a text begins here and does not end; close it"),
        ("SELECT\n  \"abc", "2:3: a name in quotes begins here and does not end; close it"),
        ("SELECT `a", "1:8: a name in backticks begins here and does not end; close it"),
        ("SELECT [a", "1:8: a name in brackets begins here and does not end; close it"),
        ("SELECT é /* a", "1:10: a comment begins here and does not end; close it"),
        ("SELECT x'0", "1:8: a blob begins here and does not end; close it"),
    ])
    func whatDoesNotEnd(_ sql: String, _ message: String) {
        #expect(warehouseError { try SQLText(sql) }?.description == message)
    }

    @Test func randomBytesNeverTrap() {
        var generator = SplitMix64(seed: 3)
        let alphabet = Array("'\"`[]#-/*.x0e+ab (),;é\n".utf8)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            guard let tokens = try? SQLTokenizer.tokens(of: bytes) else { continue }
            #expect(tokens.last?.range.upperBound ?? 0 == bytes.count)
        }
    }
}
