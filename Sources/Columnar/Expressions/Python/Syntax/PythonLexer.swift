/// Cuts Python source into tokens. Line ends count only outside brackets, and not at all in a single expression.
struct PythonLexer {
    private let source: [Unicode.Scalar]
    private let end: Int
    private let keepsLines: Bool
    private var position: Int
    private var depth = 0

    init(_ source: [Unicode.Scalar], range: Range<Int>? = nil, keepsLines: Bool) {
        self.source = source
        self.keepsLines = keepsLines
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? source.count
    }

    mutating func tokens() throws(ExpressionError) -> [PythonToken] {
        var tokens: [PythonToken] = []
        while let token = try next() {
            if token.kind == .newline, tokens.isEmpty || tokens.last?.kind == .newline { continue }
            tokens.append(token)
        }
        tokens.append(PythonToken(kind: .end, offset: end))
        return tokens
    }

    private func scalar(_ distance: Int = 0) -> Unicode.Scalar? {
        position + distance < end ? source[position + distance] : nil
    }

    private mutating func next() throws(ExpressionError) -> PythonToken? {
        while let current = scalar() {
            if current == "\n" {
                position += 1
                if keepsLines, depth == 0 { return PythonToken(kind: .newline, offset: position - 1) }
            } else if current == "\\", scalar(1) == "\n" {
                position += 2
            } else if current == "#" {
                while let comment = scalar(), comment != "\n" { position += 1 }
            } else if current == " " || current == "\t" || current == "\r" {
                position += 1
            } else {
                return try token(current)
            }
        }
        return nil
    }

    private mutating func token(_ first: Unicode.Scalar) throws(ExpressionError) -> PythonToken {
        let start = position
        if let prefix = stringPrefix() { return try string(prefix, at: start) }
        if first.isNameStart {
            while let current = scalar(), current.isNameStart || current.properties.numericType == .decimal {
                position += 1
            }
            return PythonToken(kind: .name(text(start..<position)), offset: start)
        }
        if ("0"..."9").contains(first) || (first == "." && scalar(1).map { ("0"..."9").contains($0) } == true) {
            return try number(at: start)
        }
        return try symbol(at: start)
    }

    private func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(source[range])) }

    // MARK: Symbols

    /// Longest first.
    private static let symbols = [
        "**=", "//=", ">>=", "<<=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", ":=", "+=", "-=", "*=",
        "/=",
        "%=", "&=", "|=", "^=", "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]", "{",
        "}", ",",
        ":", ".", ";", "=",
    ]

    private mutating func symbol(at start: Int) throws(ExpressionError) -> PythonToken {
        for symbol in Self.symbols where text(start..<min(end, start + symbol.count)) == symbol {
            position += symbol.count
            if "([{".contains(symbol) { depth += 1 }
            if ")]}".contains(symbol) { depth = max(0, depth - 1) }
            return PythonToken(kind: .symbol(symbol), offset: start)
        }
        throw ExpressionError("'\(source[start])' has no meaning in Python", at: start)
    }

    // MARK: Numbers

    private mutating func number(at start: Int) throws(ExpressionError) -> PythonToken {
        if scalar() == "0", let letter = scalar(1)?.properties.lowercaseMapping, "xob".contains(letter), letter != "" {
            position += 2
            let digits = takeWhile { $0.properties.isASCIIHexDigit || $0 == "_" }.filter { $0 != "_" }
            let radix = letter == "x" ? 16 : (letter == "o" ? 8 : 2)
            guard !digits.isEmpty, digits.allSatisfy({ $0.hexDigitValue.map { $0 < radix } ?? false }) else {
                throw ExpressionError("'\(text(start..<position))' is not a number", at: start)
            }
            return PythonToken(kind: .integer(UInt64(digits, radix: radix)), offset: start)
        }
        var isFloat = false
        var shown = takeDigits()
        if scalar() == "." {
            isFloat = true
            position += 1
            shown += "." + takeDigits()
        }
        if let letter = scalar(), letter == "e" || letter == "E" {
            let signed = scalar(1) == "+" || scalar(1) == "-"
            if let digit = scalar(signed ? 2 : 1), ("0"..."9").contains(digit) {
                isFloat = true
                shown += "e" + (signed ? text(position + 1..<position + 2) : "")
                position += signed ? 2 : 1
                shown += takeDigits()
            }
        }
        if let letter = scalar(), letter.isNameStart {
            if letter == "j" { throw ExpressionError("complex numbers are not supported", at: start).outside }
            throw ExpressionError("'\(shown)\(letter)' is not a number", at: start)
        }
        if isFloat {
            guard let value = Double(shown.hasPrefix(".") ? "0" + shown : shown) else {
                throw ExpressionError("'\(shown)' is not a number", at: start)
            }
            return PythonToken(kind: .float(value), offset: start)
        }
        if shown.count > 1, shown.first == "0", shown.contains(where: { $0 != "0" }) {
            throw ExpressionError("a number does not start with 0", at: start)
        }
        return PythonToken(kind: .integer(UInt64(shown)), offset: start)
    }

    private mutating func takeDigits() -> String {
        takeWhile { ("0"..."9").contains($0) || $0 == "_" }.filter { $0 != "_" }
    }

    private mutating func takeWhile(_ isTaken: (Unicode.Scalar) -> Bool) -> String {
        let start = position
        while let current = scalar(), isTaken(current) { position += 1 }
        return text(start..<position)
    }

    // MARK: Strings

    /// The lower-cased letters before a quote; nil when no string starts here.
    private func stringPrefix() -> String? {
        var letters = ""
        var distance = 0
        while let current = scalar(distance) {
            if current == "'" || current == "\"" { return letters }
            let lowered = current.properties.lowercaseMapping
            guard distance < 2, ["r", "b", "f", "u"].contains(lowered) else { return nil }
            letters += lowered
            distance += 1
        }
        return nil
    }

    private mutating func string(_ prefix: String, at start: Int) throws(ExpressionError) -> PythonToken {
        position += prefix.count
        let quote = source[position]
        let isTriple = scalar(1) == quote && scalar(2) == quote
        position += isTriple ? 3 : 1
        let bodyStart = position
        while true {
            guard let current = scalar(), current != "\n" || isTriple else {
                throw ExpressionError("the string is not closed", at: start)
            }
            if current == "\\" {
                position += 2
            } else if current == quote, !isTriple || (scalar(1) == quote && scalar(2) == quote) {
                break
            } else {
                position += 1
            }
        }
        let body = bodyStart..<min(position, end)
        position += isTriple ? 3 : 1
        let isRaw = prefix.contains("r")
        if prefix.contains("f") {
            var pieces = PythonFormattedString(source, body, isRaw: isRaw)
            return PythonToken(kind: .formatted(try pieces.parse()), offset: start)
        }
        let value = isRaw ? Array(source[body]) : try PythonEscapes.decode(source, body, isBytes: prefix.contains("b"))
        if prefix.contains("b") {
            guard source[body].allSatisfy(\.isASCII), value.allSatisfy({ $0.value < 256 }) else {
                throw ExpressionError("bytes hold ASCII characters only", at: start)
            }
            return PythonToken(kind: .bytes(value.map { UInt8($0.value) }), offset: start)
        }
        return PythonToken(kind: .string(String(String.UnicodeScalarView(value))), offset: start)
    }
}

extension Unicode.Scalar {
    var isNameStart: Bool { self == "_" || properties.isXIDStart }
}
