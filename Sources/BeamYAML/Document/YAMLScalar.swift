import Yams

/// A scalar as PyYAML, which Beam reads its files with, resolves it: YAML 1.1.
enum YAMLScalar: Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case float(Double)
    case string(String)
    /// A date or a time, which PyYAML makes an object of.
    case date(String)

    init(_ scalar: Node.Scalar) {
        guard scalar.style == .plain || scalar.style == .any, scalar.tag == .implicit else {
            self = .string(scalar.string)
            return
        }
        self = Self.plain(scalar.string)
    }

    private static func plain(_ text: String) -> YAMLScalar {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .boolean(true)
        case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .boolean(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: break
        }
        guard let first = text.first, "+-.0123456789".contains(first) else { return .string(text) }
        if let value = integer(text) { return .integer(value) }
        if let value = float(text) { return .float(value) }
        return isDate(text) ? .date(text) : .string(text)
    }

    private static func integer(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let body = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let digits = body.filter { $0 != "_" }
        guard let first = body.first, first.isASCII, first.isNumber, !digits.isEmpty else { return nil }
        func value(_ digits: Substring, _ radix: Int) -> Int64? {
            Int64((isNegative ? "-" : "") + digits, radix: radix)
        }
        if digits.hasPrefix("0b") { return value(digits.dropFirst(2)[...], 2) }
        if digits.hasPrefix("0x") { return value(digits.dropFirst(2)[...], 16) }
        if digits.count > 1, digits.hasPrefix("0") { return value(digits[...], 8) }
        if digits.contains(":") {
            // Base 60, as in 1:30.
            var total: Int64 = 0
            for (index, part) in digits.split(separator: ":", omittingEmptySubsequences: false).enumerated() {
                guard let number = Int64(part), number >= 0, index == 0 || (part.count <= 2 && number < 60) else {
                    return nil
                }
                total = total * 60 + number
            }
            return isNegative ? -total : total
        }
        return value(digits[...], 10)
    }

    /// A number with a point; without one, 1e3 is text in YAML 1.1.
    private static func float(_ text: String) -> Double? {
        let digits = text.filter { $0 != "_" }
        let body = digits.hasPrefix("-") || digits.hasPrefix("+") ? digits.dropFirst() : digits[...]
        guard let point = body.firstIndex(of: "."), body[..<point].allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        let rest = body[body.index(after: point)...]
        let fraction = rest.prefix { $0.isASCII && $0.isNumber }
        guard !(body[..<point].isEmpty && fraction.isEmpty) else { return nil }
        let exponent = rest.dropFirst(fraction.count)
        if let letter = exponent.first {
            let sign = exponent.dropFirst().first
            guard letter == "e" || letter == "E", sign == "+" || sign == "-", exponent.count > 2,
                exponent.dropFirst(2).allSatisfy({ $0.isASCII && $0.isNumber })
            else { return nil }
        }
        let whole = body[..<point].isEmpty ? "0" : String(body[..<point])
        let shown =
            "\(digits.hasPrefix("-") ? "-" : "")\(whole).\(fraction.isEmpty ? "0" : String(fraction))\(exponent)"
        return Double(shown)
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.prefix { $0 != "T" && $0 != "t" && $0 != " " }.split(
            separator: "-", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].count == 4 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
    }

    /// As Python's `str` writes the value: what Beam makes an expression of.
    var pythonText: String? {
        switch self {
        case .null, .date: nil
        case .boolean(let value): value ? "True" : "False"
        case .integer(let value): String(value)
        case .float(let value): "\(value)"
        case .string(let value): value
        }
    }
}
