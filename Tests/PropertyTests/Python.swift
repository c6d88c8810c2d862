/// Why a row is rejected: an exception of Python's, or a number that has no room.
struct Rejection: Error {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}

/// The rules of Python that expressions need, on single values.
enum Python {
    static func isTrue(_ value: Value) -> Bool {
        switch value {
        case .null: false
        case .boolean(let flag): flag
        case .integer(let number): number != 0
        case .float(let number): number != 0
        case .text(let scalars): !scalars.isEmpty
        case .list(let elements): !elements.isEmpty
        case .time, .row: true
        }
    }

    // MARK: Numbers

    static func arithmetic(_ symbol: String, _ left: Value, _ right: Value) throws(Rejection) -> Value {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return try integers(symbol, a, b)
        case (.integer(let a), .float(let b)): return .float(try floats(symbol, Double(a), b))
        case (.float(let a), .integer(let b)): return .float(try floats(symbol, a, Double(b)))
        case (.float(let a), .float(let b)): return .float(try floats(symbol, a, b))
        case (.text(let a), .text(let b)) where symbol == "+": return .text(a + b)
        case (.text(let a), .integer(let b)) where symbol == "*":
            return .text(Array(repeatElement(a, count: Int(max(0, b))).joined()))
        case (.list(let a), .list(let b)) where symbol == "+": return .list(a + b)
        case (.time(let a), .integer(let b)) where symbol == "+": return .time(a + b * 1_000_000)
        default: throw Rejection("operands of \(symbol)")
        }
    }

    private static func fitting(_ result: (partialValue: Int64, overflow: Bool)) throws(Rejection) -> Value {
        if result.overflow { throw Rejection("64 bits") }
        return .integer(result.partialValue)
    }

    private static func integers(_ symbol: String, _ a: Int64, _ b: Int64) throws(Rejection) -> Value {
        switch symbol {
        case "+": return try fitting(a.addingReportingOverflow(b))
        case "-": return try fitting(a.subtractingReportingOverflow(b))
        case "*": return try fitting(a.multipliedReportingOverflow(by: b))
        case "**":
            var result: Value = .integer(1)
            for _ in 0..<b { result = try arithmetic("*", result, .integer(a)) }
            return result
        default: break
        }
        if b == 0 { throw Rejection("division by zero") }
        switch symbol {
        case "/": return .float(quotient(Int128(a), Int128(b)))
        case "//":
            let (quotient, remainder) = Int128(a).quotientAndRemainder(dividingBy: Int128(b))
            let floored = remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient
            guard let result = Int64(exactly: floored) else { throw Rejection("64 bits") }
            return .integer(result)
        case "%":
            let remainder = Int128(a) % Int128(b)
            return .integer(Int64(remainder != 0 && (remainder < 0) != (b < 0) ? remainder + Int128(b) : remainder))
        default: throw Rejection("operator \(symbol)")
        }
    }

    /// The double next to `a / b`, found by long division: 64 binary places, and whether something is left.
    static func quotient(_ a: Int128, _ b: Int128) -> Double {
        let negative = (a < 0) != (b < 0)
        var (whole, remainder) = a.magnitude.quotientAndRemainder(dividingBy: b.magnitude)
        var exponent = 0
        if whole == 0, remainder == 0 { return 0 }
        // Bits behind the point, until there are 64 in all.
        while whole >> 63 == 0 {
            remainder <<= 1
            whole <<= 1
            exponent -= 1
            if remainder >= b.magnitude {
                remainder -= b.magnitude
                whole |= 1
            }
        }
        var sticky = remainder != 0
        while whole >> 64 != 0 {
            sticky = sticky || whole & 1 == 1
            whole >>= 1
            exponent += 1
        }
        // To 53 bits, half to even.
        let cut = UInt64(whole) & 0x7FF
        var top = UInt64(whole) >> 11
        if cut > 0x400 || (cut == 0x400 && (sticky || top & 1 == 1)) { top += 1 }
        let value = Double(sign: .plus, exponent: exponent + 11, significand: Double(top))
        return negative ? -value : value
    }

    private static func floats(_ symbol: String, _ a: Double, _ b: Double) throws(Rejection) -> Double {
        switch symbol {
        case "+": return a + b
        case "-": return a - b
        case "*": return a * b
        case "/":
            if b == 0 { throw Rejection("float division by zero") }
            return a / b
        case "//", "%":
            if b == 0 { throw Rejection("float modulo") }
            let (floored, remainder) = floorDivision(a, b)
            return symbol == "%" ? remainder : floored
        case "**":
            var result = 1.0
            for _ in 0..<Int(b) { result *= a }
            if result.isInfinite, a.isFinite { throw Rejection("result too large") }
            return result
        default: throw Rejection("operator \(symbol)")
        }
    }

    /// As `float_divmod` of CPython defines it.
    private static func floorDivision(_ a: Double, _ b: Double) -> (Double, Double) {
        var remainder = a.truncatingRemainder(dividingBy: b)
        var quotient = (a - remainder) / b
        if remainder != 0 {
            if (b < 0) != (remainder < 0) {
                remainder += b
                quotient -= 1
            }
        } else {
            remainder = Double(signOf: b, magnitudeOf: 0)
        }
        guard quotient != 0 else { return (Double(signOf: a / b, magnitudeOf: 0), remainder) }
        var floored = quotient.rounded(.down)
        if quotient - floored > 0.5 { floored += 1 }
        return (floored, remainder)
    }

    // MARK: Order

    /// Whether `a symbol b` for one of Python's comparisons.
    static func compare(_ symbol: String, _ a: Value, _ b: Value) throws(Rejection) -> Bool {
        if symbol == "==" { return equal(a, b) }
        if symbol == "!=" { return !equal(a, b) }
        let order: Int?
        switch (a, b) {
        case (.integer(let x), .integer(let y)): order = x < y ? -1 : x == y ? 0 : 1
        case (.integer(let x), .float(let y)): order = Self.order(x, y)
        case (.float(let x), .integer(let y)): order = Self.order(y, x).map { -$0 }
        case (.float(let x), .float(let y)): order = x < y ? -1 : x == y ? 0 : x > y ? 1 : nil
        case (.boolean(let x), .boolean(let y)): order = (x ? 1 : 0) - (y ? 1 : 0)
        case (.time(let x), .time(let y)): order = x < y ? -1 : x == y ? 0 : 1
        case (.text(let x), .text(let y)):
            order = x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
        default: throw Rejection("'\(symbol)' not supported")
        }
        guard let order else { return false }
        return switch symbol {
        case "<": order < 0
        case "<=": order <= 0
        case ">": order > 0
        default: order >= 0
        }
    }

    /// A whole number and a float, exactly; nil beside NaN.
    private static func order(_ a: Int64, _ b: Double) -> Int? {
        if b.isNaN { return nil }
        if b >= 0x1p63 { return -1 }
        if b < -0x1p63 { return 1 }
        let whole = b.rounded(.down)
        let floor = Int64(whole)
        if a != floor { return a < floor ? -1 : 1 }
        return b == whole ? 0 : -1
    }

    static func equal(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.integer(let x), .float(let y)), (.float(let y), .integer(let x)): order(x, y) == 0
        case (.float(let x), .float(let y)): x == y
        case (.list(let x), .list(let y)): x.count == y.count && zip(x, y).allSatisfy { equal($0, $1) }
        default: a == b
        }
    }

    // MARK: Text

    /// `str()`.
    static func text(_ value: Value) -> [Unicode.Scalar] {
        switch value {
        case .null: return Array("None".unicodeScalars)
        case .boolean(let flag): return Array((flag ? "True" : "False").unicodeScalars)
        case .integer(let number): return Array(String(number).unicodeScalars)
        case .float(let number): return Array(text(number).unicodeScalars)
        case .text(let scalars): return scalars
        default: return []
        }
    }

    /// The shortest digits that give the number back, laid out as `repr` does it.
    private static func text(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        let sign = number.sign == .minus ? "-" : ""
        if number == 0 { return sign + "0.0" }
        let parts = "\(number.magnitude)".split(separator: "e")
        let point = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(point[0])
        var digits = Array(whole + (point.count > 1 ? String(point[1]) : ""))
        // The number is 0.DIGITS times ten to the `scale`.
        var scale = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.count > 1, digits.first == "0" {
            digits.removeFirst()
            scale -= 1
        }
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        if scale > 16 || scale < -3 {
            let exponent = scale - 1
            let tail = digits.count > 1 ? "." + String(digits.dropFirst()) : ""
            let size = String(abs(exponent))
            return sign + String(digits[0]) + tail + "e" + (exponent < 0 ? "-" : "+") + (size.count < 2 ? "0" : "")
                + size
        }
        if scale <= 0 { return sign + "0." + String(repeating: "0", count: -scale) + String(digits) }
        if digits.count <= scale {
            return sign + String(digits) + String(repeating: "0", count: scale - digits.count) + ".0"
        }
        return sign + String(digits[..<scale]) + "." + String(digits[scale...])
    }

    /// `int()` of text.
    static func integer(_ text: [Unicode.Scalar]) throws(Rejection) -> Int64 {
        var rest = strip(text)[...]
        var negative = false
        if let first = rest.first, first == "-" || first == "+" {
            negative = first == "-"
            rest = rest.dropFirst()
        }
        var result: Int128 = 0
        var canSeparate = false
        guard let last = rest.last, last != "_" else { throw Rejection("invalid literal for int()") }
        for scalar in rest {
            if scalar == "_", canSeparate {
                canSeparate = false
                continue
            }
            guard scalar.isASCII, let digit = Int128(String(scalar)) else {
                throw Rejection("invalid literal for int()")
            }
            result = result * 10 + digit
            if result > Int128(1) << 70 { throw Rejection("64 bits") }
            canSeparate = true
        }
        guard let number = Int64(exactly: negative ? -result : result) else { throw Rejection("64 bits") }
        return number
    }

    static func strip(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || (28...31).contains(scalar.value)
        }
        var slice = text[...]
        while let first = slice.first, isSpace(first) { slice.removeFirst() }
        while let last = slice.last, isSpace(last) { slice.removeLast() }
        return Array(slice)
    }

    /// Where `part` stands in `text` without overlapping.
    static func occurrences(of part: [Unicode.Scalar], in text: [Unicode.Scalar]) -> [Int] {
        var found: [Int] = []
        var position = 0
        while position + part.count <= text.count {
            if Array(text[position..<position + part.count]) == part {
                found.append(position)
                position += part.count
            } else {
                position += 1
            }
        }
        return found
    }
}

extension Double {
    fileprivate init(signOf sign: Double, magnitudeOf magnitude: Double) {
        self = sign.sign == .minus ? -magnitude : magnitude
    }
}
