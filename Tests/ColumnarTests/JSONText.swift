import Columnar
import Foundation
import TestSupport
import Time

/// Writes values as JSON in every way that JSON allows: white space, escapes, order of keys, strange extra fields.
struct JSONText {
    var generator: SplitMix64
    var isLoose = true

    mutating func space() -> String {
        guard isLoose, Int.random(in: 0..<4, using: &generator) == 0 else { return "" }
        return [" ", "  ", "\t", "\r", " \t "].randomElement(using: &generator) ?? ""
    }

    mutating func value(_ scalar: Scalar, _ type: DataType) -> String {
        switch (scalar, type) {
        case (.boolean(let value), _): return value ? "true" : "false"
        case (.int64(let value), _):
            if isLoose, abs(value.magnitude > 1 << 52 ? 0 : value) > 0, Int.random(in: 0..<5, using: &generator) == 0 {
                return ["\(value).0", "\(value)e0", "\(value)0E-1", "\(value)00e-2"].randomElement(using: &generator)
                    ?? "\(value)"
            }
            return "\(value)"
        case (.float64(let value), _): return "\(value)"
        case (.string(let value), _): return string(value)
        case (.bytes(let value), _): return string(Data(value).base64EncodedString())
        case (.timestamp(let value), _): return string(value.rfc3339)
        case (.list(let elements), .list(let element)):
            return list("[", "]", elements.map { value($0, element) })
        case (.structure(let members), .structure(let fields)):
            return object(fields, members)
        default: return "null"
        }
    }

    mutating func object(_ fields: [Field], _ members: [Scalar]) -> String {
        var parts: [String] = []
        for (field, member) in zip(fields, members) {
            if member == .null, Bool.random(using: &generator) { continue }
            parts.append(string(field.name) + space() + ":" + space() + value(member, field.type))
        }
        if isLoose {
            parts.shuffle(using: &generator)
            while Int.random(in: 0..<3, using: &generator) == 0 {
                let type = RandomColumns.type(using: &generator)
                let stranger = value(RandomColumns.scalar(type, using: &generator), type)
                let key = string("stranger" + RandomColumns.string(using: &generator))
                parts.insert(
                    "\(key)\(space()):\(space())\(stranger)", at: Int.random(in: 0...parts.count, using: &generator))
            }
        }
        return list("{", "}", parts)
    }

    private mutating func list(_ open: String, _ close: String, _ parts: [String]) -> String {
        var text = open + space()
        for (index, part) in parts.enumerated() { text += (index > 0 ? "," + space() : "") + part + space() }
        return text + close
    }

    mutating func string(_ value: String) -> String {
        var text = "\""
        for unit in value.unicodeScalars {
            switch unit {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += Bool.random(using: &generator) ? "\\n" : "\\u000a"
            case "/" where isLoose: text += Bool.random(using: &generator) ? "\\/" : "/"
            case let unit where unit.value < 0x20: text += escaped(String(unit))
            default:
                let escapes = isLoose && Int.random(in: 0..<12, using: &generator) == 0
                text += escapes ? escaped(String(unit)) : String(unit)
            }
        }
        return text + "\""
    }

    private func escaped(_ text: String) -> String {
        text.utf16.map { "\\u" + String(format: "%04x", Int($0)) }.joined()
    }
}
