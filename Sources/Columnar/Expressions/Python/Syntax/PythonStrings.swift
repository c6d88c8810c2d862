/// Backslash escapes of Python's strings.
enum PythonEscapes {
    static func decode(
        _ source: [Unicode.Scalar], _ range: Range<Int>, isBytes: Bool = false
    ) throws(ExpressionError) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var position = range.lowerBound
        while position < range.upperBound {
            guard source[position] == "\\", position + 1 < range.upperBound else {
                result.append(source[position])
                position += 1
                continue
            }
            let letter = source[position + 1]
            position += 2
            switch letter {
            case "\n": break
            case "\\", "'", "\"": result.append(letter)
            case "n": result.append("\n")
            case "t": result.append("\t")
            case "r": result.append("\r")
            case "a": result.append("\u{7}")
            case "b": result.append("\u{8}")
            case "f": result.append("\u{C}")
            case "v": result.append("\u{B}")
            case "0"..."7":
                var digits = String(letter)
                while digits.count < 3, position < range.upperBound, ("0"..."7").contains(source[position]) {
                    digits.unicodeScalars.append(source[position])
                    position += 1
                }
                result.append(try scalar(digits, 8, at: position))
            case "x": result.append(try fixed(source, range, &position, 2))
            case "u" where !isBytes: result.append(try fixed(source, range, &position, 4))
            case "U" where !isBytes: result.append(try fixed(source, range, &position, 8))
            case "N" where !isBytes:
                throw ExpressionError(
                    "named characters are not supported", at: position - 2, suggestion: "write \\u and its code"
                ).outside
            default: result += ["\\", letter]
            }
        }
        return result
    }

    private static func fixed(
        _ source: [Unicode.Scalar], _ range: Range<Int>, _ position: inout Int, _ count: Int
    ) throws(ExpressionError) -> Unicode.Scalar {
        guard position + count <= range.upperBound else {
            throw ExpressionError("the escape needs \(count) hexadecimal digits", at: position - 2)
        }
        let digits = String(String.UnicodeScalarView(source[position..<position + count]))
        position += count
        return try scalar(digits, 16, at: position - count)
    }

    private static func scalar(_ digits: String, _ radix: Int, at offset: Int) throws(ExpressionError) -> Unicode.Scalar
    {
        guard let code = UInt32(digits, radix: radix), let scalar = Unicode.Scalar(code) else {
            throw ExpressionError("'\(digits)' is no character's code", at: offset)
        }
        return scalar
    }
}

/// Cuts the body of an f-string into text and expressions.
struct PythonFormattedString {
    private let source: [Unicode.Scalar]
    private let range: Range<Int>
    private let isRaw: Bool
    private var position: Int

    init(_ source: [Unicode.Scalar], _ range: Range<Int>, isRaw: Bool) {
        self.source = source
        self.range = range
        self.isRaw = isRaw
        position = range.lowerBound
    }

    mutating func parse() throws(ExpressionError) -> [FormattedPiece] {
        var pieces: [FormattedPiece] = []
        var text: [Unicode.Scalar] = []
        var textStart = position
        while position < range.upperBound {
            let current = source[position]
            let isDoubled = position + 1 < range.upperBound && source[position + 1] == current
            if current == "{" || current == "}" {
                text += try plain(textStart..<position)
                if isDoubled {
                    text.append(current)
                    position += 2
                } else if current == "}" {
                    throw ExpressionError("a single '}' in an f-string is written '}}'", at: position)
                } else {
                    if !text.isEmpty { pieces.append(.text(String(String.UnicodeScalarView(text)))) }
                    text = []
                    pieces.append(try expression())
                }
                textStart = position
            } else {
                position += current == "\\" ? 2 : 1
            }
        }
        text += try plain(textStart..<range.upperBound)
        if !text.isEmpty { pieces.append(.text(String(String.UnicodeScalarView(text)))) }
        return pieces
    }

    private func plain(_ part: Range<Int>) throws(ExpressionError) -> [Unicode.Scalar] {
        isRaw ? Array(source[part]) : try PythonEscapes.decode(source, part)
    }

    /// From `{` to the `}` that closes it.
    private mutating func expression() throws(ExpressionError) -> FormattedPiece {
        let open = position
        position += 1
        let start = position
        var depth = 0
        var quote: Unicode.Scalar?
        var conversion: Unicode.Scalar?
        var end: Int?
        while position < range.upperBound {
            let current = source[position]
            if let inside = quote {
                if current == inside { quote = nil }
            } else if current == "'" || current == "\"" {
                quote = current
            } else if "([{".unicodeScalars.contains(current) {
                depth += 1
            } else if depth > 0, ")]}".unicodeScalars.contains(current) {
                depth -= 1
            } else if depth == 0, current == "}" || current == ":" {
                end = end ?? position
                break
            } else if depth == 0, current == "!", position + 2 <= range.upperBound, source[position + 1] != "=" {
                end = position
                conversion = source[position + 1]
                position += 1
            }
            position += 1
        }
        guard let end, position < range.upperBound else { throw ExpressionError("'{' is not closed", at: open) }
        guard end > start else {
            throw ExpressionError("an f-string needs an expression between '{' and '}'", at: open)
        }
        var specification = ""
        if source[position] == ":" {
            position += 1
            while position < range.upperBound, source[position] != "}" {
                specification.unicodeScalars.append(source[position])
                position += 1
            }
            guard position < range.upperBound else { throw ExpressionError("'{' is not closed", at: open) }
            if specification.contains("{") {
                throw ExpressionError("a computed format is not supported", at: open).outside
            }
        }
        position += 1
        return .expression(start..<end, conversion: conversion, specification: specification)
    }
}
