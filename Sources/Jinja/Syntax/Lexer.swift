/// Takes a template apart: `{{`, `{%`, `{#` and `{% raw %}`, with `-` that eats the white space beside it.
struct Lexer {
    private let source: SourceText
    private let text: [Unicode.Scalar]
    private var offset = 0
    private var tokens: [Token] = []

    private static let signs = [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
        ".", ":", "|", ",", ";",
    ].map { ($0, Array($0.unicodeScalars)) }

    private init(_ source: SourceText) {
        self.source = source
        text = source.scalars
    }

    /// The tokens of a template; the last is `.end`.
    static func tokens(of source: SourceText) throws -> [Token] {
        var lexer = Lexer(source)
        try lexer.run()
        return lexer.tokens
    }

    private mutating func run() throws {
        var start = offset
        while offset < text.count {
            guard text[offset] == "{", let next = scalar(1), next == "{" || next == "%" || next == "#" else {
                offset += 1
                continue
            }
            let tag = offset
            offset += 2
            let sign = scalar(0)
            if sign == "-" || sign == "+" { offset += 1 }
            addData(start, tag, strippingEnd: sign == "-")
            switch next {
            case "#": try comment(tag)
            case "%":
                if !(try raw(tag)) { try expression("%", .blockBegin, .blockEnd, tag) }
            default: try expression("}", .variableBegin, .variableEnd, tag)
            }
            start = offset
        }
        addData(start, text.count, strippingEnd: false)
        tokens.append(Token(kind: .end, offset: text.count))
    }

    private func scalar(_ ahead: Int) -> Unicode.Scalar? {
        offset + ahead < text.count ? text[offset + ahead] : nil
    }

    private func isAt(_ sign: String) -> Bool {
        text[offset...].starts(with: sign.unicodeScalars)
    }

    private mutating func addData(_ start: Int, _ end: Int, strippingEnd: Bool) {
        var end = end
        if strippingEnd { while end > start, PythonString.isSpace(text[end - 1]) { end -= 1 } }
        guard end > start else { return }
        tokens.append(Token(kind: .data(String(scalars: text[start..<end])), offset: start))
    }

    private mutating func skipSpace() {
        while offset < text.count, PythonString.isSpace(text[offset]) { offset += 1 }
    }

    private mutating func comment(_ start: Int) throws {
        // Jinja takes a template that ends with the opening of a comment.
        if offset == text.count { return }
        while offset < text.count {
            if isAt("#}") {
                let eats = text[offset - 1] == "-" && offset - 1 >= start + 2
                offset += 2
                if eats { skipSpace() }
                return
            }
            offset += 1
        }
        throw failure("the comment has no end", at: start, "write '#}' behind it")
    }

    // MARK: Raw

    /// Reads `{% raw %}…{% endraw %}`, if that starts here. The offset is behind `{%` and its sign.
    private mutating func raw(_ start: Int) throws -> Bool {
        let before = offset
        guard rawTag("raw") else {
            offset = before
            return false
        }
        let body = offset
        while offset < text.count {
            let end = offset
            if isAt("{%") {
                offset += 2
                let eats = scalar(0) == "-"
                if eats || scalar(0) == "+" { offset += 1 }
                if rawTag("endraw") {
                    addData(body, end, strippingEnd: eats)
                    return true
                }
            }
            offset = end + 1
        }
        throw failure("'raw' has no end", at: start, "write '{% endraw %}' behind it")
    }

    private mutating func rawTag(_ name: String) -> Bool {
        skipSpace()
        guard isAt(name) else { return false }
        offset += name.unicodeScalars.count
        skipSpace()
        if isAt("-%}") {
            offset += 3
            skipSpace()
            return true
        }
        if name == "endraw", isAt("+%}") { offset += 1 }
        guard isAt("%}") else { return false }
        offset += 2
        return true
    }

    // MARK: Expressions

    /// Reads from behind `{{` or `{%` to behind its end.
    private mutating func expression(_ mark: Unicode.Scalar, _ begin: Token.Kind, _ end: Token.Kind, _ start: Int)
        throws
    {
        tokens.append(Token(kind: begin, offset: start))
        var open: [(sign: String, offset: Int)] = []
        let closing = mark == "}" ? "}}" : "%}"
        while true {
            skipSpace()
            guard offset < text.count else {
                throw failure(
                    "the '\(mark == "}" ? "{{" : "{%")' has no end", at: start, "write '\(closing)' behind it")
            }
            if open.isEmpty {
                if isAt("-" + closing) {
                    tokens.append(Token(kind: end, offset: offset))
                    offset += 3
                    skipSpace()
                    return
                }
                if isAt(closing) || (mark == "%" && isAt("+" + closing)) {
                    tokens.append(Token(kind: end, offset: offset))
                    offset += isAt(closing) ? 2 : 3
                    return
                }
            }
            try token(&open)
        }
    }

    private mutating func token(_ open: inout [(sign: String, offset: Int)]) throws {
        let start = offset
        let first = text[offset]
        if isDigit(first) { return try number() }
        if isWord(first) {
            while offset < text.count, isWord(text[offset]) { offset += 1 }
            return tokens.append(Token(kind: .name(String(scalars: text[start..<offset])), offset: start))
        }
        if first == "'" || first == "\"" { return try string(first) }
        guard let (sign, scalars) = Self.signs.first(where: { text[offset...].starts(with: $0.1) }) else {
            throw failure("'\(first)' means nothing here", at: start, nil)
        }
        offset += scalars.count
        switch sign {
        case "(", "[", "{": open.append((sign, start))
        case ")", "]", "}":
            let expected = open.popLast().map { ["(": ")", "[": "]", "{": "}"][$0.sign] ?? "" }
            guard let expected else { throw failure("'\(sign)' closes nothing", at: start, nil) }
            guard expected == sign else { throw failure("'\(sign)' stands where '\(expected)' should", at: start, nil) }
        default: break
        }
        tokens.append(Token(kind: .sign(sign), offset: start))
    }

    private func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ("0"..."9").contains($0) } ?? false }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private mutating func digits(_ isDigit: (Unicode.Scalar) -> Bool) {
        while let next = scalar(0), isDigit(next) || (next == "_" && scalar(1).map(isDigit) ?? false) { offset += 1 }
    }

    private mutating func number() throws {
        let start = offset
        if text[offset] == "0", let letter = scalar(1),
            let radix = ["b": 2, "o": 8, "x": 16][String(letter).lowercased()],
            let digit = scalar(2), digit == "_" || String(digit).allSatisfy({ Int(String($0), radix: radix) != nil })
        {
            offset += 2
            digits { Int(String($0), radix: radix) != nil }
            let body = String(scalars: text[start + 2..<offset]).filter { $0 != "_" }
            guard let value = Int(body, radix: radix) else { throw failure("the number is too large", at: start, nil) }
            return tokens.append(Token(kind: .integer(value), offset: start))
        }
        digits { ("0"..."9").contains($0) }
        var isFloat = false
        // `x.0.1` takes two items; it holds no number with a point.
        let isItem = start > 0 && text[start - 1] == "."
        if !isItem, scalar(0) == ".", isDigit(scalar(1)) {
            isFloat = true
            offset += 1
            digits { ("0"..."9").contains($0) }
        }
        if !isItem, let letter = scalar(0), letter == "e" || letter == "E" {
            let hasSign = scalar(1) == "+" || scalar(1) == "-"
            if isDigit(scalar(hasSign ? 2 : 1)) {
                isFloat = true
                offset += hasSign ? 2 : 1
                digits { ("0"..."9").contains($0) }
            }
        }
        let body = String(scalars: text[start..<offset]).filter { $0 != "_" }
        if isFloat, let value = Double(body) {
            return tokens.append(Token(kind: .float(value), offset: start))
        }
        if body.count > 1, body.hasPrefix("0"), !body.allSatisfy({ $0 == "0" }) {
            // Jinja reads a zero, and stumbles over the rest.
            throw failure("a number does not start with 0", at: start, nil)
        }
        guard let value = Int(body) else { throw failure("the number is too large", at: start, nil) }
        tokens.append(Token(kind: .integer(value), offset: start))
    }

    private mutating func string(_ quote: Unicode.Scalar) throws {
        let start = offset
        offset += 1
        var value: [Unicode.Scalar] = []
        while let next = scalar(0) {
            offset += 1
            if next == quote {
                return tokens.append(Token(kind: .string(String(scalars: value)), offset: start))
            }
            if next == "\\" { try escape(&value) } else { value.append(next) }
        }
        throw failure("the text has no end", at: start, "write \(quote) behind it")
    }

    private mutating func escape(_ value: inout [Unicode.Scalar]) throws {
        let start = offset - 1
        guard let letter = scalar(0) else { return }
        offset += 1
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"", "a": "\u{7}", "b": "\u{8}",
            "f": "\u{C}", "v": "\u{B}",
        ]
        if let scalar = simple[letter] { return value.append(scalar) }
        if letter == "\n" { return }
        if ("0"..."7").contains(letter) {
            var code = Int(letter.value) - 48
            var count = 1
            while count < 3, let next = scalar(0), ("0"..."7").contains(next) {
                code = code * 8 + Int(next.value) - 48
                count += 1
                offset += 1
            }
            return value.append(Unicode.Scalar(UInt32(code)) ?? " ")
        }
        if let width = ["x": 2, "u": 4, "U": 8][letter] {
            let digits = String(scalars: text[offset..<min(offset + width, text.count)])
            guard digits.count == width, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
                throw failure("'\\\(letter)' is followed by \(width) hexadecimal digits", at: start, nil)
            }
            offset += width
            return value.append(scalar)
        }
        value += ["\\", letter]
    }

    private func failure(_ message: String, at offset: Int, _ suggestion: String?) -> Failure {
        Failure(.syntax, message, suggestion: suggestion, place: SourcePlace(source: source, offset: offset))
    }
}
