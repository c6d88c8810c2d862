import Columnar

/// A word of SQL.
enum SQLToken: Equatable {
    /// An identifier or keyword; quoted ones are never keywords.
    case name(String, isQuoted: Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case symbol(String)
    case end
}

/// A word and where it stands, in Unicode scalars.
struct PlacedSQLToken {
    var token: SQLToken
    var offset: Int
}

/// Cuts SQL into words: identifiers bare or in backticks or double quotes, text in single quotes, comments skipped.
struct SQLLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    static func tokens(_ text: String) throws(ExpressionError) -> [PlacedSQLToken] {
        var lexer = SQLLexer(text)
        var tokens: [PlacedSQLToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.token != .end
        return tokens
    }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func peek(_ distance: Int = 1) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private mutating func next() throws(ExpressionError) -> PlacedSQLToken {
        try skipSpace()
        let start = position
        guard let first = current else { return PlacedSQLToken(token: .end, offset: start) }
        if first.properties.isAlphabetic || first == "_" {
            while let letter = current, letter.properties.isAlphabetic || letter == "_" || isDigit(letter) {
                position += 1
            }
            return PlacedSQLToken(token: .name(text(start), isQuoted: false), offset: start)
        }
        if isDigit(first) || (first == "." && peek().map(isDigit) == true) {
            return PlacedSQLToken(token: try number(), offset: start)
        }
        switch first {
        case "'": return PlacedSQLToken(token: .text(try quoted("'")), offset: start)
        case "`", "\"": return PlacedSQLToken(token: .name(try quoted(first), isQuoted: true), offset: start)
        default: break
        }
        for symbol in ["<>", "!=", "<=", ">=", "||"] where matches(symbol) {
            position += 2
            return PlacedSQLToken(token: .symbol(symbol), offset: start)
        }
        guard "+-*/%(),.<>=[];".unicodeScalars.contains(first) else {
            throw ExpressionError("'\(first)' means nothing in SQL", at: start)
        }
        position += 1
        return PlacedSQLToken(token: .symbol(String(first)), offset: start)
    }

    private mutating func skipSpace() throws(ExpressionError) {
        while let scalar = current {
            if scalar.properties.isWhitespace {
                position += 1
            } else if matches("--") {
                while current != nil, current != "\n" { position += 1 }
            } else if matches("/*") {
                let start = position
                position += 2
                while !matches("*/") {
                    guard current != nil else { throw ExpressionError("the comment does not end", at: start) }
                    position += 1
                }
                position += 2
            } else {
                return
            }
        }
    }

    private mutating func number() throws(ExpressionError) -> SQLToken {
        let start = position
        var isFloat = false
        while let scalar = current {
            if isDigit(scalar) {
                position += 1
            } else if scalar == ".", !isFloat {
                isFloat = true
                position += 1
            } else if scalar == "e" || scalar == "E",
                let next = peek(), isDigit(next) || (next == "+" || next == "-") && peek(2).map(isDigit) == true
            {
                isFloat = true
                position += 2
            } else {
                break
            }
        }
        let text = text(start)
        if !isFloat, let value = Int64(text) { return .integer(value) }
        guard isFloat, let value = Double(text) else {
            throw ExpressionError("\(text) is not a whole number of 64 bits", at: start)
        }
        return .number(value)
    }

    private mutating func quoted(_ mark: Unicode.Scalar) throws(ExpressionError) -> String {
        let start = position
        var text = String.UnicodeScalarView()
        position += 1
        while let scalar = current {
            position += 1
            guard scalar == mark else {
                text.append(scalar)
                continue
            }
            guard current == mark else { return String(text) }
            text.append(mark)
            position += 1
        }
        throw ExpressionError("the text that begins here has no closing \(mark)", at: start)
    }

    private func matches(_ symbol: String) -> Bool {
        for (distance, scalar) in symbol.unicodeScalars.enumerated() where peek(distance) != scalar { return false }
        return true
    }

    private func text(_ start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<position])
        return String(view)
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
