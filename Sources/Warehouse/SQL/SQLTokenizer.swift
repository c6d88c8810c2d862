/// A word of an SQL text.
struct SQLToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Blanks, line ends, comments.
        case space
        /// A comment from `#` to the line's end: BigQuery knows it, SQLite does not.
        case hashComment
        /// `'…'`.
        case text
        /// `"…"`.
        case quotedName
        /// `` `…` `` or `[…]`.
        case bracketedName
        /// A keyword or a bare name.
        case word
        case number
        /// `x'…'`.
        case blob
        /// `?`, `?1`, `:a`, `@a`, `$a`.
        case parameter
        /// Operators and punctuation.
        case symbol
    }

    var kind: Kind
    /// Bytes of the text.
    var range: Range<Int>
}

/// Cuts SQL into words, so that a rewriting never touches a string or a comment.
///
/// The lexical rules are SQLite's (<https://www.sqlite.org/draft/tokenreq.html>), with BigQuery's `#` comments.
struct SQLTokenizer {
    private let text: [UInt8]
    private var position = 0

    /// All tokens; they cover the text without gaps.
    ///
    /// - Throws: `WarehouseError.Code.invalidQuery` for a string, name or comment that does not end.
    static func tokens(of text: [UInt8]) throws -> [SQLToken] {
        var tokenizer = SQLTokenizer(text: text)
        var tokens: [SQLToken] = []
        while tokenizer.position < text.count { tokens.append(try tokenizer.next()) }
        return tokens
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func next() throws -> SQLToken {
        let start = position
        let byte = text[position]
        let kind: SQLToken.Kind
        switch byte {
        case 0x20, 0x09, 0x0a, 0x0c, 0x0d:
            advance { [0x20, 0x09, 0x0a, 0x0c, 0x0d].contains($0) }
            kind = .space
        case UInt8(ascii: "#"):
            advance { $0 != 0x0a }
            kind = .hashComment
        case UInt8(ascii: "-") where peek == UInt8(ascii: "-"):
            advance { $0 != 0x0a }
            kind = .space
        case UInt8(ascii: "/") where peek == UInt8(ascii: "*"):
            try skipBlockComment()
            kind = .space
        case UInt8(ascii: "'"):
            try skipQuoted(by: byte, from: start, what: "a text")
            kind = .text
        case UInt8(ascii: "\""):
            try skipQuoted(by: byte, from: start, what: "a name in quotes")
            kind = .quotedName
        case UInt8(ascii: "`"):
            try skipQuoted(by: byte, from: start, what: "a name in backticks")
            kind = .bracketedName
        case UInt8(ascii: "["):
            advance { $0 != UInt8(ascii: "]") }
            guard position < text.count else { throw unfinished("a name in brackets", start) }
            position += 1
            kind = .bracketedName
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            if peek == UInt8(ascii: "'") {
                position += 1
                try skipQuoted(by: UInt8(ascii: "'"), from: start, what: "a blob")
                kind = .blob
            } else {
                advance(Self.isName)
                kind = .word
            }
        case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"):
            position += 1
            advance(Self.isName)
            kind = .parameter
        case _
        where Self.isDigit(byte)
            || (byte == UInt8(ascii: ".") && peek.map(Self.isDigit) == true && !followsName(start)):
            skipNumber()
            kind = .number
        case _ where Self.isName(byte):
            advance(Self.isName)
            kind = .word
        default:
            position += Self.twoByteSymbols.contains([byte, peek ?? 0]) ? 2 : 1
            kind = .symbol
        }
        return SQLToken(kind: kind, range: start..<position)
    }

    private static let twoByteSymbols: Set<[UInt8]> = Set(
        ["<=", ">=", "<>", "!=", "==", "||", "<<", ">>", "->"].map { Array($0.utf8) })

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    private static func isName(_ byte: UInt8) -> Bool {
        isDigit(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "$") || byte >= 0x80
    }

    private var peek: UInt8? { position + 1 < text.count ? text[position + 1] : nil }

    /// Whether the text before `start` ends in a name: then a point there is the point of a path.
    private func followsName(_ start: Int) -> Bool {
        start > 0
            && (Self.isName(text[start - 1])
                || [UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "]")].contains(text[start - 1]))
    }

    private mutating func advance(_ isPart: (UInt8) -> Bool) {
        while position < text.count, isPart(text[position]) { position += 1 }
    }

    private mutating func skipNumber() {
        let start = position
        advance(Self.isName)
        // `2.e5` is a number, but the point of `my-project-2.dataset` is that of a path.
        if position < text.count, text[position] == UInt8(ascii: "."), !isPoint(ofPathAt: position) {
            position += 1
            advance(Self.isName)
        }
        // 1e-5: the sign belongs to the number, but not in 0xe-5.
        let isHex = text[start..<position].starts(with: "0x".utf8) || text[start..<position].starts(with: "0X".utf8)
        if !isHex, [UInt8(ascii: "e"), UInt8(ascii: "E")].contains(text[position - 1]), position < text.count,
            [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(text[position])
        {
            position += 1
            advance(Self.isName)
        }
    }

    private func isPoint(ofPathAt point: Int) -> Bool {
        guard point + 1 < text.count, Self.isName(text[point + 1]), !Self.isDigit(text[point + 1]) else { return false }
        guard [UInt8(ascii: "e"), UInt8(ascii: "E")].contains(text[point + 1]), point + 2 < text.count else {
            return true
        }
        return !(Self.isDigit(text[point + 2]) || [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(text[point + 2]))
    }

    /// Doubled quotes stay inside. The token begins at `start`, and its quote is where the tokenizer stands.
    private mutating func skipQuoted(by quote: UInt8, from start: Int, what: String) throws {
        position += 1
        while true {
            guard position < text.count else { throw unfinished(what, start) }
            position += 1
            guard text[position - 1] == quote else { continue }
            guard position < text.count, text[position] == quote else { return }
            position += 1
        }
    }

    private mutating func skipBlockComment() throws {
        let start = position
        position += 2
        while position + 1 < text.count {
            if text[position] == UInt8(ascii: "*"), text[position + 1] == UInt8(ascii: "/") {
                position += 2
                return
            }
            position += 1
        }
        throw unfinished("a comment", start)
    }

    private func unfinished(_ what: String, _ start: Int) -> WarehouseError {
        WarehouseError(
            .invalidQuery, "\(what) begins here and does not end", remedy: "close it",
            position: TextPosition(offset: start, in: text))
    }
}
