import Testing
import Time

@testable import Warehouse

@Suite struct TextFormsTests {
    @Test(
        arguments: [
            ("2026-02-28T00:40:25Z", "2026-02-28T00:40:25Z"),
            ("2026-02-28 00:40:25", "2026-02-28T00:40:25Z"),
            ("2026-02-28 00:40:25 UTC", "2026-02-28T00:40:25Z"),
            ("2026-2-8 1:2:3", "2026-02-08T01:02:03Z"),
            ("2026-02-28", "2026-02-28T00:00:00Z"),
            ("2026-02-28T00:40:25.123456", "2026-02-28T00:40:25.123456Z"),
            ("2026-02-28 01:40:25+01:00", "2026-02-28T00:40:25Z"),
            ("2026-02-28 01:40:25 +1", "2026-02-28T00:40:25Z"),
            ("2026-02-27 19:40:25.5-05", "2026-02-28T00:40:25.500Z"),
            ("0001-01-01 00:00:00", "0001-01-01T00:00:00Z"),
            ("", nil), ("noon", nil), ("2026-02-30", nil), ("2026-02-28T", nil), ("2026-02-28 24:00:00", nil),
            ("2026-02-28 00:40", nil), ("0000-12-31", nil), ("1772239225", nil),
            ("2026-02-28 00:40:25 Europe/Paris", nil),
        ] as [(String, String?)])
    func timestamps(_ text: String, _ expected: String?) {
        #expect(TimestampText.parse(text)?.rfc3339 == expected)
    }

    @Test(arguments: [
        ("%F %T", "2026-02-08 07:05:09"), ("%Y/%m/%d", "2026/02/08"), ("%H:%M:%S", "07:05:09"), ("%R", "07:05"),
        ("%A, %e %B %Y", "Sunday,  8 February 2026"), ("%a %b %j", "Sun Feb 039"), ("%I:%M %p", "07:05 AM"),
        ("%k %l", " 7  7"),
        ("%E3S", "09.120"), ("%E6S", "09.120000"), ("%E*S", "09.12"), ("%s", "1770534309"),
        ("%Z %z %Ez", "UTC +0000 +00:00"),
        ("%D %y %C %u %w", "02/08/26 26 20 7 0"), ("100 %%", "100 %"), ("", ""),
    ])
    func formats(_ pattern: String, _ expected: String) throws {
        let time = try #require(Timestamp(rfc3339: "2026-02-08T07:05:09.120Z"))
        #expect(try TimestampFormat.format(time, as: pattern) == expected)
    }

    @Test func midnightNoonAndTheTimeBeforeTheEpoch() throws {
        for (text, expected) in [
            ("2026-02-28T00:00:00Z", "12 AM"), ("2026-02-28T12:00:00Z", "12 PM"), ("1969-12-31T23:59:59Z", "11 PM"),
        ] {
            #expect(try TimestampFormat.format(try #require(Timestamp(rfc3339: text)), as: "%I %p") == expected)
        }
    }

    @Test func unknownElementsAreNamed() throws {
        #expect(throws: (any Error).self) { try TimestampFormat.format(start, as: "%Q") }
        #expect(throws: (any Error).self) { try TimestampFormat.format(start, as: "%") }
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("\u{feff}a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n", [["a", "b"], ["1", "x, \"y\"\r\nz"]]),
        ("a\n\n\r\nb", [["a"], ["b"]]),
        ("a,\n,", [["a", ""], ["", ""]]),
        ("a\rb\n", [["a\rb"]]),
        ("", []),
    ])
    func records(_ text: String, _ expected: [[String]]) throws {
        var records = CSVRecords(Array(text.utf8))
        var result: [[String]] = []
        while let record = try records.next() { result.append(record.map(\.text)) }
        #expect(result == expected)
    }

    @Test func recordsKnowTheirLines() throws {
        var records = CSVRecords(Array("a\n\"b\nc\"\n\nd\n\"e".utf8))
        var lines: [Int] = []
        for _ in 0..<3 {
            _ = try records.next()
            lines.append(records.line)
        }
        #expect(lines == [1, 2, 5])
        #expect(throws: CSVRecords.Failure(line: 6, message: "a quote is opened and never closed")) {
            try records.next()
        }
    }

    @Test func quotedEmptyFieldsAreTold() throws {
        var records = CSVRecords(Array("\"\",".utf8))
        #expect(try records.next()?.map(\.isQuoted) == [true, false])
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
    func base64BothWays(_ text: String) {
        let encoded = Base64.encode(Array(text.utf8))
        #expect(encoded.count % 4 == 0)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test func base64OfOthers() {
        #expect(String(decoding: Base64.encode([0xfb, 0xff, 0xfe]), as: UTF8.self) == "+//+")
        #expect(Base64.decode(Array("Zm9vYg".utf8)) == Array("foob".utf8))
        #expect(Base64.decode(Array("Zm9v*".utf8)) == nil)
        #expect(Base64.decode(Array("Z".utf8)) == nil)
    }

    @Test(arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("🚇", 2), ("", 0), ("naïve", 5), ("한국", 4), ("❤️", 2)])
    func widths(_ text: String, _ width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }
}
