import Columnar
import Testing

@testable import Dataflow

@Suite struct FileCutterTests {
    @Test(arguments: [
        ("a\nb\nc", 4), ("a", 0), ("", 0), ("a\n", 2),
        ("\"a\nb\"\nc", 6), ("\"a\nb", 0), ("1,\"a\"\"\nb\"\n2,\"", 10),
        // A quote inside a field is no quote.
        ("5\" disk\nx", 8), ("a\n\"b\n", 2), ("\"a\"\n", 4),
    ])
    func recordsAreCutOutsideQuotes(_ text: String, _ whole: Int) {
        #expect(FileCutter(format: .csv(CSVDialect())).wholeRows(Array(text.utf8)) == whole)
    }

    @Test func quotesInCommentsOpenNothing() {
        let cutter = FileCutter(format: .csv(CSVDialect(comment: UInt8(ascii: "#"))))
        #expect(cutter.wholeRows(Array("a # it's \"so\nb\nc".utf8)) == 15)
        #expect(cutter.wholeRows(Array("# \"so\nb\nc".utf8)) == 8)
    }

    @Test func linesAreCutBehindTheLastNewline() {
        for format in [ReadFiles.Format.text, .json] {
            #expect(FileCutter(format: format).wholeRows(Array("\"a\n\"b".utf8)) == 3)
        }
    }
}
