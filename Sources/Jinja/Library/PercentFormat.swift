/// Python's `format % values`.
struct PercentFormat {
    private let scalars: [Unicode.Scalar]

    init(_ format: String) { scalars = Array(format.unicodeScalars) }

    func apply(_ value: Value) throws -> String {
        var values: [Value]
        var names: DictionaryBox?
        switch value {
        case .tuple(let items): values = items
        case .dictionary(let dictionary):
            names = dictionary
            values = [value]
        default: values = [value]
        }
        var result = ""
        var index = 0
        var used = 0
        var usesNames = false
        func next() throws -> Unicode.Scalar {
            guard index < scalars.count else { throw Failure(.runtime, "the format ends behind '%'") }
            defer { index += 1 }
            return scalars[index]
        }
        func take() throws -> Value {
            guard used < values.count else { throw Failure(.runtime, "the format needs more values than there are") }
            defer { used += 1 }
            return values[used]
        }
        while index < scalars.count {
            let scalar = try next()
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            var specification = FormatSpecification()
            var letter = try next()
            if letter == "%" {
                result += "%"
                continue
            }
            var named: Value?
            if letter == "(" {
                var name = ""
                while case let scalar = try next(), scalar != ")" { name.unicodeScalars.append(scalar) }
                guard let names else { throw Failure(.runtime, "the format names values, so it needs a map") }
                guard let value = names.get(name) else { throw Failure(.runtime, "the format needs '\(name)'") }
                named = value
                usesNames = true
                letter = try next()
            }
            while "-+ 0#".unicodeScalars.contains(letter) {
                switch letter {
                case "-": specification.align = "<"
                case "0": specification.zero = true
                case "#": specification.alternate = true
                default: specification.sign = letter == "+" || specification.sign == "+" ? "+" : " "
                }
                letter = try next()
            }
            func number() throws -> Int? {
                if letter == "*" {
                    letter = try next()
                    guard let value = try take().integerValue else {
                        throw Failure(.runtime, "'*' needs a whole number")
                    }
                    return value
                }
                var number: Int?
                while ("0"..."9").contains(letter) {
                    number = min((number ?? 0) * 10 + Int(letter.value) - 48, Limits.textBytes + 1)
                    letter = try next()
                }
                return number
            }
            specification.width = try number() ?? 0
            if letter == "." {
                letter = try next()
                specification.precision = try number() ?? 0
            }
            while "hlL".unicodeScalars.contains(letter) { letter = try next() }
            result += try text(try named ?? take(), letter, specification)
            guard result.utf8.count <= Limits.textBytes else { throw Limits.tooLong }
        }
        if used < values.count, !usesNames, names == nil {
            throw Failure(.runtime, "the format uses \(used) of \(values.count) values")
        }
        return result
    }

    private func text(_ value: Value, _ letter: Unicode.Scalar, _ specification: FormatSpecification) throws -> String {
        var specification = specification
        if case .undefined(let undefined) = value { throw undefined.failure }
        switch letter {
        case "s", "r", "a":
            var text = letter == "s" ? try value.text() : try value.representation()
            if let precision = specification.precision { text = String(scalars: text.unicodeScalars.prefix(precision)) }
            specification.zero = false
            return try specification.padded(text, align: specification.align ?? ">")
        case "c":
            if case .string(let text) = value, text.unicodeScalars.count == 1 {
                return try specification.padded(text, align: specification.align ?? ">")
            }
            guard let code = value.integerValue, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
                throw Failure(.runtime, "'%c' takes a character or its number")
            }
            return try specification.padded(String(scalar), align: specification.align ?? ">")
        case "d", "i", "u", "x", "X", "o":
            let number: Int
            if let whole = value.integerValue {
                number = whole
            } else if case .float(let float) = value, letter != "x", letter != "X", letter != "o",
                let whole = Int(exactly: float.rounded(.towardZero))
            {
                number = whole
            } else {
                throw Failure(.runtime, "'%\(letter)' takes a number, not '\(value.typeName)'")
            }
            specification.type = "xXo".unicodeScalars.contains(letter) ? letter : "d"
            return try specification.text(number)
        case "e", "E", "f", "F", "g", "G":
            guard let number = value.number else {
                throw Failure(.runtime, "'%\(letter)' takes a number, not '\(value.typeName)'")
            }
            specification.type = letter
            return try specification.text(number)
        default: throw Failure(.runtime, "'%\(letter)' is not a format")
        }
    }
}

/// Width, sign and the rest of one place of a format.
struct FormatSpecification {
    var fill: Unicode.Scalar = " "
    var align: Unicode.Scalar?
    var sign: Unicode.Scalar = "-"
    var alternate = false
    var zero = false
    var width = 0
    var grouping: Unicode.Scalar?
    var precision: Int?
    var type: Unicode.Scalar?

    func text(_ number: Int) throws -> String {
        let prefix: String
        var digits: String
        switch type {
        case "x": (prefix, digits) = ("0x", String(number.magnitude, radix: 16))
        case "X": (prefix, digits) = ("0X", String(number.magnitude, radix: 16, uppercase: true))
        case "o": (prefix, digits) = ("0o", String(number.magnitude, radix: 8))
        case "b": (prefix, digits) = ("0b", String(number.magnitude, radix: 2))
        default: (prefix, digits) = ("", String(number.magnitude))
        }
        if let precision, digits.count < precision, precision <= Limits.textBytes {
            digits = String(repeating: "0", count: precision - digits.count) + digits
        }
        let size = prefix.isEmpty || type == "o" && false ? 3 : 4
        if let grouping { digits = Self.grouped(digits, by: prefix.isEmpty ? 3 : size, with: grouping) }
        return try numeric((alternate ? prefix : "") + digits, isNegative: number < 0)
    }

    func text(_ number: Double) throws -> String {
        let letter = type ?? "g"
        if !number.isFinite {
            let word = number.isNaN ? "nan" : "inf"
            var plain = self
            if plain.align == nil { plain.zero = false }
            return try plain.numeric(letter.properties.isUppercase ? word.uppercased() : word, isNegative: number < 0)
        }
        let precision = min(precision ?? 6, 400)
        var body: String
        if letter == "%" {
            body = FloatMath.formatted("%.\(precision)f", number.magnitude * 100) + "%"
        } else if type == nil, self.precision == nil {
            body = PythonFloat.text(number.magnitude)
        } else {
            body = FloatMath.formatted("%\(alternate ? "#" : "").\(precision)\(letter)", number.magnitude)
            if type == nil, !body.contains("."), !body.contains("e") { body += ".0" }
        }
        if let grouping {
            let whole = body.prefix { $0.isASCII && $0.isNumber }
            body = Self.grouped(String(whole), by: 3, with: grouping) + body.dropFirst(whole.count)
        }
        return try numeric(body, isNegative: number.sign == .minus)
    }

    private static func grouped(_ digits: String, by size: Int, with separator: Unicode.Scalar) -> String {
        var groups: [Substring] = []
        var rest = digits[...]
        while rest.count > size {
            groups.append(rest.suffix(size))
            rest = rest.dropLast(size)
        }
        groups.append(rest)
        return groups.reversed().joined(separator: String(separator))
    }

    private func numeric(_ body: String, isNegative: Bool) throws -> String {
        let sign = isNegative ? "-" : self.sign == "-" ? "" : String(self.sign)
        if zero, align == nil || align == "=" {
            let missing = max(0, width - sign.count - body.count)
            guard missing <= Limits.textBytes else { throw Limits.tooLong }
            return sign + String(repeating: "0", count: missing) + body
        }
        if align == "=" {
            return sign + String(repeating: String(fill), count: max(0, width - sign.count - body.count)) + body
        }
        return try padded(sign + body, align: align ?? ">")
    }

    func padded(_ text: String, align: Unicode.Scalar) throws -> String {
        guard width <= Limits.textBytes else { throw Limits.tooLong }
        let missing = max(0, abs(width) - text.unicodeScalars.count)
        let fill = String(fill)
        switch width < 0 ? "<" : align {
        case "<": return text + String(repeating: fill, count: missing)
        case "^":
            return String(repeating: fill, count: missing / 2) + text
                + String(repeating: fill, count: missing - missing / 2)
        default: return String(repeating: fill, count: missing) + text
        }
    }
}
