/// The text before `%`, cut into texts and conversions.
enum PercentFormat {
    enum Piece {
        case text(String)
        case value(Character, FormatSpecification)
    }

    static func parse(_ source: String, at offset: Int) throws(ExpressionError) -> [Piece] {
        var pieces: [Piece] = []
        var text = ""
        var rest = Array(source.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            if rest.first == "%" {
                text += "%"
                rest.removeFirst()
                continue
            }
            if !text.isEmpty { pieces.append(.text(text)) }
            text = ""
            pieces.append(try conversion(&rest, offset))
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private static func conversion(
        _ rest: inout ArraySlice<Unicode.Scalar>, _ offset: Int
    ) throws(ExpressionError) -> Piece {
        if rest.first == "(" {
            throw ExpressionError(
                "'%' with names is not supported", at: offset, suggestion: "write an f-string"
            ).outside
        }
        var specification = FormatSpecification()
        var isZeroPadded = false
        var isLeft = false
        flags: while let flag = rest.first {
            switch flag {
            case "-": isLeft = true
            case "+": specification.sign = "+"
            case " ": if specification.sign != "+" { specification.sign = " " }
            case "0": isZeroPadded = true
            case "#": specification.isAlternate = true
            default: break flags
            }
            rest.removeFirst()
        }
        specification.width = try number(&rest, offset) ?? 0
        if rest.first == "." {
            rest.removeFirst()
            specification.precision = try number(&rest, offset) ?? 0
        }
        guard let scalar = rest.popFirst() else { throw ExpressionError("incomplete format", at: offset) }
        let letter = Character(scalar)
        guard "srdiuxXofFeEgG".contains(letter) else {
            throw ExpressionError("the conversion '%\(letter)' is not supported", at: offset).outside
        }
        let isText = letter == "s" || letter == "r"
        let isWhole = "diuxXo".contains(letter)
        if specification.isAlternate, !isText, !isWhole {
            throw ExpressionError("'#' is not supported in '%\(letter)'", at: offset).outside
        }
        if isWhole {
            specification.leastDigits = specification.precision ?? 1
            specification.precision = nil
        }
        if isText {
            specification.sign = "-"
        } else {
            specification.presentation = "iu".contains(letter) ? "d" : letter
        }
        specification.alignment = isLeft ? "<" : ">"
        if isZeroPadded, !isLeft, !isText { (specification.fill, specification.alignment) = ("0", "=") }
        return .value(letter, specification)
    }

    private static func number(
        _ rest: inout ArraySlice<Unicode.Scalar>, _ offset: Int
    ) throws(ExpressionError) -> Int? {
        if rest.first == "*" { throw ExpressionError("a computed width is not supported", at: offset).outside }
        let digits = rest.prefix { ("0"..."9").contains($0) }
        guard digits.count < 4 else { throw ExpressionError("the width is beyond reason", at: offset).outside }
        rest = rest.dropFirst(digits.count)
        return Int(String(String.UnicodeScalarView(digits)))
    }
}

/// The text before `.format`, cut into texts and fields.
enum BraceFormat {
    enum Piece {
        case text(String)
        /// The argument's number or name, what follows `!`, and what follows `:`.
        case value(String, Unicode.Scalar?, String)
    }

    static func parse(_ source: String, at offset: Int) throws(ExpressionError) -> [Piece] {
        var pieces: [Piece] = []
        var text = ""
        var rest = Array(source.unicodeScalars)[...]
        var next = 0
        var isNumbered: Bool?
        while let scalar = rest.popFirst() {
            guard scalar == "{" || scalar == "}" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            if rest.first == scalar {
                text.unicodeScalars.append(scalar)
                rest.removeFirst()
                continue
            }
            guard scalar == "{", let end = rest.firstIndex(of: "}") else {
                throw ExpressionError("Single '\(scalar)' encountered in format string", at: offset)
            }
            if !text.isEmpty { pieces.append(.text(text)) }
            text = ""
            var (name, conversion, specification) = try field(rest[..<end], offset)
            rest = rest[(end + 1)...]
            if name.isEmpty || Int(name) != nil {
                if let isNumbered, isNumbered == name.isEmpty {
                    throw ExpressionError("numbered and unnumbered fields cannot be mixed", at: offset)
                }
                isNumbered = !name.isEmpty
            }
            if name.isEmpty {
                name = String(next)
                next += 1
            }
            pieces.append(.value(name, conversion, specification))
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private static func field(
        _ scalars: ArraySlice<Unicode.Scalar>, _ offset: Int
    ) throws(ExpressionError) -> (String, Unicode.Scalar?, String) {
        let head = scalars.prefix { $0 != ":" && $0 != "!" }
        var rest = scalars.dropFirst(head.count)
        let name = String(String.UnicodeScalarView(head))
        guard !name.contains("."), !name.contains("[") else {
            throw ExpressionError("attributes in a format's field are not supported", at: offset).outside
        }
        var conversion: Unicode.Scalar?
        if rest.first == "!" {
            conversion = rest.dropFirst().first
            rest = rest.dropFirst(2)
            guard conversion == "s" || conversion == "r" else {
                throw ExpressionError("a conversion is '!s' or '!r'", at: offset).outside
            }
        }
        let specification = String(String.UnicodeScalarView(rest.dropFirst()))
        if specification.contains("{") {
            throw ExpressionError("a computed format is not supported", at: offset).outside
        }
        guard rest.isEmpty || rest.first == ":" else {
            throw ExpressionError("expected ':' after conversion specifier", at: offset)
        }
        return (name, conversion, specification)
    }
}
