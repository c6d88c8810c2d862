/// Values as Python writes them.
extension Value {
    /// Python's `str(value)`.
    func text() throws -> String {
        switch self {
        case .undefined(let undefined):
            if undefined.isLenient { return "" }
            throw undefined.failure
        case .string(let text): return text
        case .object(let object): return try object.text()
        default: return try representation()
        }
    }

    /// Python's `repr(value)`.
    func representation() throws -> String {
        var writer = RepresentationWriter()
        try writer.write(self, depth: 0)
        return writer.text
    }
}

private struct RepresentationWriter {
    var text = ""
    private var open: Set<ObjectIdentifier> = []

    mutating func write(_ value: Value, depth: Int) throws {
        guard depth < Limits.nesting else { throw Failure(.limit, "the value is nested too deeply to be printed") }
        guard text.utf8.count <= Limits.textBytes else { throw Limits.tooLong }
        switch value {
        // In a list Python writes its name, and Jinja finds nothing wrong with that.
        case .undefined: text += "Undefined"
        case .none: text += "None"
        case .boolean(let flag): text += flag ? "True" : "False"
        case .integer(let number): text += String(number)
        case .float(let number): text += PythonFloat.text(number)
        case .string(let string): text += PythonString.quoted(string)
        case .list(let list):
            guard open.insert(ObjectIdentifier(list)).inserted else { return text += "[...]" }
            try write(list.items, "[", "]", depth)
            open.remove(ObjectIdentifier(list))
        case .tuple(let items): try write(items, "(", items.count == 1 ? ",)" : ")", depth)
        case .dictionary(let dictionary):
            guard open.insert(ObjectIdentifier(dictionary)).inserted else { return text += "{...}" }
            text += "{"
            for (index, entry) in dictionary.entries.enumerated() {
                if index > 0 { text += ", " }
                try write(entry.key, depth: depth + 1)
                text += ": "
                try write(entry.value, depth: depth + 1)
            }
            text += "}"
            open.remove(ObjectIdentifier(dictionary))
        case .range(let range):
            text += "range(\(range.start), \(range.stop)\(range.step == 1 ? "" : ", \(range.step)"))"
        case .view(let view): try write(view.items, "\(view.typeName)([", "])", depth)
        case .iterator: text += "<generator object>"
        case .callable(let callable): text += "<function \(callable.name)>"
        case .object(let object): text += try object.representation()
        }
    }

    private mutating func write(_ items: [Value], _ start: String, _ end: String, _ depth: Int) throws {
        text += start
        for (index, item) in items.enumerated() {
            if index > 0 { text += ", " }
            try write(item, depth: depth + 1)
        }
        text += end
    }
}

/// Python's way with floats.
enum PythonFloat {
    /// `repr(number)`: the shortest digits that give the same number; exponents below -4 and from 16 on.
    static func text(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        let sign = number.sign == .minus ? "-" : ""
        if number == 0 { return sign + "0.0" }
        let (digits, exponent) = shortest(number.magnitude)
        if (-4..<16).contains(exponent) { return sign + positional(digits, exponent) }
        let rest = digits.dropFirst()
        let mantissa = String(digits.prefix(1)) + (rest.isEmpty ? "" : "." + rest)
        let power = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
        return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(power)"
    }

    /// The digits `d₁d₂…` and the exponent of d₁.d₂… × 10ⁿ.
    private static func shortest(_ number: Double) -> (digits: String, exponent: Int) {
        let parts = number.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        var fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
        if fraction == "0" { fraction = "" }
        var digits = whole + fraction
        var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count - 1
        while digits.count > 1, digits.hasPrefix("0") {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
        return (digits, exponent)
    }

    private static func positional(_ digits: String, _ exponent: Int) -> String {
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
        if digits.count <= exponent + 1 {
            return digits + String(repeating: "0", count: exponent + 1 - digits.count) + ".0"
        }
        return digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
    }
}

/// Python's way with text.
enum PythonString {
    /// `repr(text)`.
    static func quoted(_ text: String) -> String {
        let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\":
                result.append("\\")
                result.append(scalar)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            default:
                if isPrintable(scalar) {
                    result.append(scalar)
                } else {
                    result.append(contentsOf: escape(scalar).unicodeScalars)
                }
            }
        }
        result.append(quote)
        return String(result)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }

    /// What `strip`, `split` and `\s` take for white space.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
}
