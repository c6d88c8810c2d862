/// `int(text, base)`.
struct RadixConversion: Kernel {
    let text: any Kernel
    /// 2 to 36.
    let radix: Int
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = text.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in
            "int() can't convert non-string with explicit base"
        }
        let values = PythonNumber.integers(value.column.textValues, base: radix, &presence, &rows, mask)
        return Vector(
            .int64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

extension PythonNumber {
    /// `int` of each text; rows whose text is no whole number of the base, or one beyond 64 bits, are rejected.
    static func integers(
        _ texts: BytesColumn, base: Int, _ presence: inout Presence, _ rows: inout Evaluation, _ mask: Bitmap?
    ) -> [Int64] {
        var values = [Int64](repeating: 0, count: presence.count)
        var bad = Bitmap(repeating: false, count: presence.count)
        var large: Set<Int> = []
        forEachText(texts, count: presence.count) { row, bytes in
            switch base == 10 ? integer(bytes) : integer(bytes, radix: base) {
            case .value(let value): values[row] = value
            case .invalid: bad[row] = true
            case .tooLarge:
                bad[row] = true
                large.insert(row)
            }
        }
        rows.rejectValues(bad, &presence, mask: mask) { row in
            let shown = String(decoding: texts[row], as: UTF8.self)
            return large.contains(row)
                ? "\(shown) does not fit in 64 bits"
                : "invalid literal for int() with base \(base): \(PythonText.quoted(shown))"
        }
        return values
    }

    /// As `int(text, base)` reads it: a sign, the base's prefix if it has one, digits and letters with single underscores
    /// between them.
    static func integer(_ text: UnsafeBufferPointer<UInt8>, radix: Int) -> Parsed {
        var rest = PythonText.strip(Array(String(decoding: text, as: UTF8.self).unicodeScalars))[...]
        var isNegative = false
        if let sign = rest.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            rest = rest.dropFirst()
        }
        let prefix: Unicode.Scalar? = radix == 16 ? "x" : (radix == 8 ? "o" : (radix == 2 ? "b" : nil))
        if let prefix, rest.first == "0", let letter = rest.dropFirst().first,
            letter == prefix || letter.value + 32 == prefix.value
        {
            rest = rest.dropFirst(2)
            // The prefix counts as a digit for the underscore after it.
            if rest.first == "_" { rest = rest.dropFirst() }
        }
        var value: Int64 = 0
        var isTooLarge = false
        var wasDigit = false
        for scalar in rest {
            if scalar == "_", wasDigit {
                wasDigit = false
                continue
            }
            guard let digit = digit(scalar), digit < radix else { return .invalid }
            let (product, first) = value.multipliedReportingOverflow(by: Int64(radix))
            let (sum, second) = product.subtractingReportingOverflow(Int64(digit))
            isTooLarge = isTooLarge || first || second
            value = sum
            wasDigit = true
        }
        guard wasDigit else { return .invalid }
        if isTooLarge || (!isNegative && value == .min) { return .tooLarge }
        return .value(isNegative ? value : -value)
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "0"..."9": return Int(scalar.value) - 48
        case "a"..."z": return Int(scalar.value) - 87
        case "A"..."Z": return Int(scalar.value) - 55
        default:
            guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else {
                return nil
            }
            return Int(value)
        }
    }
}
