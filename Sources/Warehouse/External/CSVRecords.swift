/// The records of an RFC 4180 text, with the line on which each begins.
///
/// Lines end in LF or CRLF; a byte order mark is skipped; fields in quotes may hold delimiters, line ends and doubled
/// quotes; empty lines are skipped.
struct CSVRecords {
    /// One value, with its quotes taken off.
    struct Field: Sendable, Hashable {
        var bytes: [UInt8]
        /// A quoted empty field is the empty text, an unquoted one is null.
        var isQuoted: Bool

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    struct Failure: Error, Hashable {
        var line: Int
        var message: String
    }

    /// Where the record that was read last began, from 1.
    private(set) var line = 1

    private let text: [UInt8]
    private let delimiter: UInt8
    private var position = 0
    private var nextLine = 1

    init(_ text: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
        self.text = text
        self.delimiter = delimiter
        if text.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    /// The next record; nil at the end.
    mutating func next() throws(Failure) -> [Field]? {
        skipEmptyLines()
        guard position < text.count else { return nil }
        line = nextLine
        var fields: [Field] = []
        while true {
            fields.append(try field())
            guard position < text.count, text[position] == delimiter else { break }
            position += 1
        }
        skipLineEnd()
        return fields
    }

    private mutating func field() throws(Failure) -> Field {
        guard position < text.count, text[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < text.count, text[position] != delimiter, !isLineEnd { position += 1 }
            return Field(bytes: Array(text[start..<position]), isQuoted: false)
        }
        position += 1
        var bytes: [UInt8] = []
        while true {
            guard position < text.count else {
                throw Failure(line: line, message: "a quote is opened and never closed")
            }
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < text.count, text[position] == byte else { break }
                position += 1
            }
            if byte == UInt8(ascii: "\n") { nextLine += 1 }
            bytes.append(byte)
        }
        guard position == text.count || text[position] == delimiter || isLineEnd else {
            throw Failure(
                line: nextLine, message: "text follows a closing quote; quotes inside a quoted field are doubled")
        }
        return Field(bytes: bytes, isQuoted: true)
    }

    private var isLineEnd: Bool {
        text[position] == UInt8(ascii: "\n")
            || (text[position] == UInt8(ascii: "\r")
                && (position + 1 == text.count || text[position + 1] == UInt8(ascii: "\n")))
    }

    private mutating func skipLineEnd() {
        guard position < text.count else { return }
        if text[position] == UInt8(ascii: "\r") { position += 1 }
        if position < text.count, text[position] == UInt8(ascii: "\n") { position += 1 }
        nextLine += 1
    }

    private mutating func skipEmptyLines() {
        while position < text.count, isLineEnd { skipLineEnd() }
    }
}
