/// An SQL text with its tokens, without the spaces between them.
struct SQLText: Sendable {
    let bytes: [UInt8]
    /// Everything but spaces and comments.
    let tokens: [SQLToken]
    /// The places of `#` comments.
    let hashComments: [Range<Int>]

    init(_ sql: String) throws {
        bytes = Array(sql.utf8)
        let all = try SQLTokenizer.tokens(of: bytes)
        tokens = all.filter { $0.kind != .space && $0.kind != .hashComment }
        hashComments = all.filter { $0.kind == .hashComment }.map(\.range)
    }

    /// The token's text as it stands.
    func text(_ index: Int) -> String {
        tokens.indices.contains(index) ? String(decoding: bytes[tokens[index].range], as: UTF8.self) : ""
    }

    /// The keyword in capitals; empty for anything but a bare word.
    func keyword(_ index: Int) -> String {
        tokens.indices.contains(index) && tokens[index].kind == .word ? text(index).uppercased() : ""
    }

    func isSymbol(_ index: Int, _ symbol: String) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .symbol && text(index) == symbol
    }

    /// Whether the token is a name, bare or quoted.
    func isName(_ index: Int) -> Bool {
        tokens.indices.contains(index) && [.word, .quotedName, .bracketedName].contains(tokens[index].kind)
    }

    /// A name, or a text, with its quotes taken off.
    func unquoted(_ index: Int) -> String {
        let text = text(index)
        guard let first = text.first, tokens.indices.contains(index), tokens[index].kind != .word, text.utf8.count >= 2
        else {
            return text
        }
        let inner = text.dropFirst().dropLast()
        if first == "[" { return String(inner) }
        return inner.split(separator: "\(first)\(first)", omittingEmptySubsequences: false).joined(
            separator: "\(first)")
    }

    /// The token after the parenthesis that closes the one at `open`; the end of the text when none does.
    func closing(_ open: Int) -> Int {
        var depth = 0
        for index in open..<tokens.count {
            if isSymbol(index, "(") { depth += 1 }
            if isSymbol(index, ")") {
                depth -= 1
                if depth == 0 { return index + 1 }
            }
        }
        return tokens.count
    }

    func position(of index: Int) -> TextPosition {
        TextPosition(offset: tokens.indices.contains(index) ? tokens[index].range.lowerBound : bytes.count, in: bytes)
    }
}

/// Replacements in an SQL text, and the way back from a place in the result to the place in the original.
struct SQLEdits {
    private var edits: [(range: Range<Int>, replacement: String)] = []

    mutating func replace(_ range: Range<Int>, by replacement: String) { edits.append((range, replacement)) }

    mutating func insert(_ text: String, at offset: Int) { edits.append((offset..<offset, text)) }

    /// The changed text.
    func apply(to bytes: [UInt8]) -> RewrittenSQL {
        var result: [UInt8] = []
        var origins: [(result: Int, original: Int)] = []
        var position = 0
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            origins.append((result.count, position))
            result += bytes[position..<edit.range.lowerBound]
            origins.append((result.count, edit.range.lowerBound))
            result += edit.replacement.utf8
            position = edit.range.upperBound
        }
        origins.append((result.count, position))
        result += bytes[position...]
        return RewrittenSQL(text: String(decoding: result, as: UTF8.self), original: bytes, origins: origins)
    }
}

/// SQL that SQLite understands, and where it came from.
struct RewrittenSQL: Sendable {
    var text: String
    /// The text as the person wrote it.
    var original: [UInt8]
    /// Where pieces of the text begin, there and here.
    var origins: [(result: Int, original: Int)]

    /// The person's place of a byte of the text.
    func position(of offset: Int) -> TextPosition {
        let index = origins.lastIndex { $0.result <= offset } ?? 0
        let piece = origins[index]
        // Inside of what was put in there is only one place: where it was put in.
        let end = index + 1 < origins.count ? origins[index + 1].original : original.count
        return TextPosition(offset: min(piece.original + offset - piece.result, end), in: original)
    }
}
