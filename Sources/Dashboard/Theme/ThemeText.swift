public import Terminal

/// What a theme file says, key by key, before defaults: a key may be absent, empty, or a colour.
///
/// The format is btop's: `theme[key]="value"` a line; a line that starts with `#` is a comment; unknown keys are ignored;
/// a key given twice: the last wins; text after the closing quote is ignored; a value without quotes runs to the end of
/// the line. Any bytes are accepted: what is no theme line is skipped.
public struct ThemeText: Sendable, Hashable {
    /// What stands at a key.
    public enum Value: Sendable, Hashable {
        /// Written, with nothing in it.
        case empty
        case color(Color)
    }

    /// By key; absent keys are missing.
    public private(set) var values: [ThemeKey: Value] = [:]
    /// Lines whose value is no colour, in words with their numbers; the key counts as absent.
    public private(set) var warnings: [String] = []

    /// Reads a theme file's text; never fails.
    public init(_ text: String) {
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            if line.first == "#" { continue }
            guard let (name, written) = Self.assignment(line), let key = ThemeKey(rawValue: name) else { continue }
            guard let value = Self.value(written) else {
                warnings.append(
                    "line \(number): '\(written)' for \(name) is no colour; write \"#rrggbb\", \"#hh\" or \"r g b\"")
                values[key] = nil
                continue
            }
            values[key] = value
        }
    }

    /// The key and value of `theme[key]="value"`.
    private static func assignment(_ line: Substring) -> (name: String, value: String)? {
        guard let open = line.firstIndex(of: "["), let close = line[open...].firstIndex(of: "]"),
            let equals = line[close...].firstIndex(of: "=")
        else { return nil }
        let name = line[line.index(after: open)..<close]
        let rest = line[line.index(after: equals)...].drop { $0 == " " || $0 == "\t" }
        let value = rest.first == "\"" ? rest.dropFirst().prefix { $0 != "\"" } : rest
        return (String(name), trimmed(value))
    }

    /// `#rrggbb`, `#hh` (grey), `r g b` in decimal (clamped to 0–255), or nothing.
    private static func value(_ text: String) -> Value? {
        if text.isEmpty { return .empty }
        if text.first == "#" {
            let digits = text.dropFirst()
            guard digits.allSatisfy({ $0.isHexDigit && $0.isASCII }), let number = UInt32(digits, radix: 16) else {
                return nil
            }
            switch digits.count {
            case 6: return .color(Color(hex: number))
            case 2: return .color(Color(hex: number * 0x01_0101))
            default: return nil
            }
        }
        let channels = text.split { $0 == " " || $0 == "\t" }.map { Int($0) }
        guard channels.count == 3 else { return nil }
        let clamped = channels.compactMap { $0.map { UInt8(min(max($0, 0), 255)) } }
        return clamped.count == 3 ? .color(Color(red: clamped[0], green: clamped[1], blue: clamped[2])) : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
