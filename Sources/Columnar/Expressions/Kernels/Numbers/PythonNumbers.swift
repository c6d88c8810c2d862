#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Numbers as Python reads and writes them.
enum PythonNumber {
    enum Parsed: Equatable {
        case value(Int64)
        case invalid
        case tooLarge
    }

    /// As `int(text)` reads it: decimal digits of any script, a sign, spaces around, single underscores between digits.
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Parsed {
        if let value = plainInteger(text) { return .value(value) }
        guard let digits = digits(of: PythonText.strip(Array(String(decoding: text, as: UTF8.self).unicodeScalars)))
        else {
            return .invalid
        }
        let isNegative = digits.first == 45
        let body = digits.first == 45 || digits.first == 43 ? digits.dropFirst() : digits[...]
        guard !body.isEmpty, isSeparatedRightly(Array(body)) else { return .invalid }
        var value: Int64 = 0
        for digit in body where digit != 95 {
            guard (48...57).contains(digit) else { return .invalid }
            let (product, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = product.subtractingReportingOverflow(Int64(digit - 48))
            if first || second { return .tooLarge }
            value = sum
        }
        if isNegative { return .value(value) }
        return value == .min ? .tooLarge : .value(-value)
    }

    /// Up to 18 plain digits with or without a sign: nearly every number.
    @inline(__always)
    private static func plainInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let first = text.first else { return nil }
        let start = first == 45 || first == 43 ? 1 : 0
        guard text.count > start, text.count - start <= 18 else { return nil }
        var value: Int64 = 0
        for index in start..<text.count {
            let digit = text[index] &- 48
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return first == 45 ? -value : value
    }

    /// As `float(text)` reads it; nil when it is none.
    static func float(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let bytes = digits(of: PythonText.strip(Array(String(decoding: text, as: UTF8.self).unicodeScalars))),
            !bytes.isEmpty
        else { return nil }
        let sign = bytes[0] == 45 || bytes[0] == 43 ? 1 : 0
        let lowered = bytes.dropFirst(sign).map { (65...90).contains($0) ? $0 + 32 : $0 }
        switch String(decoding: lowered, as: UTF8.self) {
        case "inf", "infinity": return bytes[0] == 45 ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        // Swift's reader also knows hexadecimal floats, which Python's does not.
        guard lowered.allSatisfy({ (48...57).contains($0) || [95, 46, 101, 43, 45].contains($0) }),
            lowered.contains(where: { (48...57).contains($0) }), isSeparatedRightly(lowered)
        else { return nil }
        let plain = String(decoding: bytes.filter { $0 != 95 }, as: UTF8.self)
        return plain.withCString { start in
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(start, &end)
            guard let end, end > start, end.pointee == 0 else { return nil }
            return value
        }
    }

    /// ASCII for decimal digits of any script; nil where another character stands.
    private static func digits(of scalars: some Sequence<Unicode.Scalar>) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in scalars {
            if scalar.isASCII {
                result.append(UInt8(truncatingIfNeeded: scalar.value))
            } else if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue {
                result.append(48 + UInt8(value))
            } else {
                return nil
            }
        }
        return result
    }

    /// Underscores stand between digits only.
    private static func isSeparatedRightly(_ bytes: [UInt8]) -> Bool {
        for (index, byte) in bytes.enumerated() where byte == 95 {
            guard index > 0, index + 1 < bytes.count, (48...57).contains(bytes[index - 1]),
                (48...57).contains(bytes[index + 1])
            else { return false }
        }
        return true
    }

    /// The decimal digits, with a sign if it is negative.
    static func append(_ value: Int64, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = digits.count
            var rest = value.magnitude
            repeat {
                let quotient = rest / 10
                start -= 1
                digits[start] = 48 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
                rest = quotient
            } while rest > 0
            if value < 0 {
                start -= 1
                digits[start] = 45
            }
            bytes.append(contentsOf: digits[start...])
        }
    }

    /// As `repr(float)` writes it: the shortest digits that read back, with an exponent from 1e16 and below 1e-4.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let sign = value.sign == .minus ? "-" : ""
        if value == 0 { return sign + "0.0" }
        // The digits are Swift's, which are the shortest too; the layout is Python's.
        let description = value.magnitude.description
        let parts = description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        var digits = mantissa.joined()
        var point = mantissa[0].count + exponent
        let zeros = digits.prefix { $0 == "0" }.count
        digits.removeFirst(zeros)
        point -= zeros
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        if point > 16 || point < -3 {
            let rest = digits.dropFirst()
            let power = point - 1
            let shown = power.magnitude < 10 ? "0\(power.magnitude)" : "\(power.magnitude)"
            return sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest) + "e" + (power < 0 ? "-" : "+") + shown
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if point >= digits.count { return sign + digits + String(repeating: "0", count: point - digits.count) + ".0" }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }

    /// `%.*f` or `%.*e` of the exact binary value, rounded half to even as Python does.
    static func fixed(_ value: Double, digits: Int, exponent: Bool = false) -> String {
        withVaList([Int32(clamping: digits), value]) { arguments in
            var buffer = [CChar](repeating: 0, count: 400 + max(0, digits))
            let written = vsnprintf(&buffer, buffer.count, exponent ? "%.*e" : "%.*f", arguments)
            return String(decoding: buffer.prefix(Int(written)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// `round(value, digits)`: the decimal nearest to the exact binary value.
    static func rounded(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, value != 0 else { return value }
        if digits > 308 + 15 { return value }
        if digits >= 0 { return strtod(fixed(value, digits: digits), nil) }
        if digits < -308 { return Double(signOf: value, magnitudeOf: 0) }
        let scale = pow(10, Double(-digits))
        return (value / scale).rounded(.toNearestOrEven) * scale
    }
}
