/// A word of the filter language.
struct FilterToken: Equatable {
    enum Kind: Equatable, CustomStringConvertible {
        case word(String)
        case string(String)
        case symbol(String)
        /// Something that is none of these.
        case bad(String)
        case end

        var description: String {
            switch self {
            case .word(let text), .symbol(let text): "'\(text)'"
            case .string(let text): "\"\(text)\""
            case .bad(let what): what
            case .end: "the end"
            }
        }
    }

    var kind: Kind
    /// From 1, in characters.
    var column: Int

    /// The tokens of a filter; the last one is `.end` or `.bad`.
    static func tokens(of text: String) -> [FilterToken] {
        let letters = Array(text.unicodeScalars)
        var tokens: [FilterToken] = []
        var position = 0
        while position < letters.count {
            let column = position + 1
            let letter = letters[position]
            if letter.properties.isWhitespace {
                position += 1
            } else if letter == "\"" {
                position += 1
                guard let value = string(letters, &position) else {
                    return tokens + [
                        FilterToken(kind: .bad("a string that does not end or has a bad escape"), column: column)
                    ]
                }
                tokens.append(FilterToken(kind: .string(value), column: column))
            } else if isWordLetter(letter) {
                let start = position
                // A hyphen belongs to a key, but does not begin one.
                while position < letters.count, isWordLetter(letters[position]) || letters[position] == "-" {
                    position += 1
                }
                let word = String(String.UnicodeScalarView(letters[start..<position]))
                tokens.append(FilterToken(kind: .word(word), column: column))
            } else if letter == "!", position + 1 < letters.count, letters[position + 1] == "=" {
                tokens.append(FilterToken(kind: .symbol("!="), column: column))
                position += 2
            } else if "()-.,:=".unicodeScalars.contains(letter) {
                tokens.append(FilterToken(kind: .symbol(String(letter)), column: column))
                position += 1
            } else {
                return tokens + [FilterToken(kind: .bad("'\(letter)'"), column: column)]
            }
        }
        return tokens + [FilterToken(kind: .end, column: letters.count + 1)]
    }

    private static func isWordLetter(_ letter: Unicode.Scalar) -> Bool {
        letter == "_" || (letter.isASCII && (letter.properties.isAlphabetic || ("0"..."9").contains(letter)))
    }

    /// The string that begins at `position`, after its quote; nil when it does not end or has a bad escape.
    private static func string(_ letters: [Unicode.Scalar], _ position: inout Int) -> String? {
        var value = String.UnicodeScalarView()
        while position < letters.count {
            let letter = letters[position]
            position += 1
            switch letter {
            case "\"": return String(value)
            case "\\":
                guard let escaped = escape(letters, &position) else { return nil }
                value.append(escaped)
            default: value.append(letter)
            }
        }
        return nil
    }

    /// What an escape stands for: a quote, a backslash, a control character, or a code in hexadecimal or octal.
    private static func escape(_ letters: [Unicode.Scalar], _ position: inout Int) -> Unicode.Scalar? {
        guard position < letters.count else { return nil }
        let letter = letters[position]
        position += 1
        switch letter {
        case "\\", "\"", "'": return letter
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "x": return number(letters, &position, digits: 2, radix: 16)
        case "u": return number(letters, &position, digits: 4, radix: 16)
        case "U": return number(letters, &position, digits: 8, radix: 16)
        case "0"..."3":
            position -= 1
            return number(letters, &position, digits: 3, radix: 8)
        default: return nil
        }
    }

    private static func number(
        _ letters: [Unicode.Scalar], _ position: inout Int, digits: Int, radix: Int
    ) -> Unicode.Scalar? {
        guard position + digits <= letters.count else { return nil }
        let text = String(String.UnicodeScalarView(letters[position..<position + digits]))
        position += digits
        guard let code = UInt32(text, radix: radix) else { return nil }
        return Unicode.Scalar(code)
    }
}
