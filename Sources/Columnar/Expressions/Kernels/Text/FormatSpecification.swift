/// A format specification of Python's `[[fill]align][sign][#][0][width][,][.precision][type]`.
struct FormatSpecification: Sendable, Equatable {
    var fill: Character = " "
    /// `<`, `>`, `^` or `=`; nil: as the type has it.
    var alignment: Character?
    var sign: Character = "-"
    /// With `0x` and the like.
    var isAlternate = false
    var width = 0
    var grouping: Character?
    var precision: Int?
    /// Digits that a whole number has at least: the precision of `%.3d`.
    var leastDigits = 1
    /// `s d x X o b f F e E g G %`; nil: as the type has it.
    var presentation: Character?
    /// Zeros come from a `0` before the width, which text does not heed.
    private var isZeroPadded = false

    /// As the type has it.
    init() {}

    /// Nil when it is none that Python knows.
    init?(_ text: String) {
        var rest = Array(text)[...]
        let alignments: Set<Character> = ["<", ">", "^", "="]
        if rest.count > 1, alignments.contains(rest[rest.startIndex + 1]) {
            fill = rest.removeFirst()
            alignment = rest.removeFirst()
        } else if let first = rest.first, alignments.contains(first) {
            alignment = rest.removeFirst()
        }
        if let first = rest.first, first == "+" || first == "-" || first == " " { sign = rest.removeFirst() }
        if rest.first == "#" {
            rest.removeFirst()
            isAlternate = true
        }
        if rest.first == "0" {
            rest.removeFirst()
            if alignment == nil { (fill, alignment, isZeroPadded) = ("0", "=", true) }
        }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard digits.count < 5 else { return nil }
        width = Int(String(digits)) ?? 0
        rest = rest.dropFirst(digits.count)
        if let first = rest.first, first == "," || first == "_" { grouping = rest.removeFirst() }
        if rest.first == "." {
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, digits.count < 4 else { return nil }
            precision = Int(String(digits))
            rest = rest.dropFirst(1 + digits.count)
        }
        presentation = rest.popFirst()
        guard rest.isEmpty, presentation.map({ "sdxXobfFeEgG%".contains($0) }) ?? true else { return nil }
    }

    private static let floating = "fFeEgG%"

    /// Whether values of `type` can be written so.
    func fits(_ type: DataType) -> Bool {
        let isFloating = presentation.map { Self.floating.contains($0) }
        switch type {
        case .string:
            return (presentation ?? "s") == "s" && (alignment != "=" || isZeroPadded) && grouping == nil && sign == "-"
                && !isAlternate
        case .int64:
            if presentation == "s" || (isAlternate && isFloating == true) { return false }
            if isFloating != true, precision != nil { return false }
            return grouping != "," || presentation.map { !"xXob".contains($0) } ?? true
        case .float64: return isFloating != false && !isAlternate
        default: return false
        }
    }

    func format(_ value: Int64) -> String {
        if let presentation, Self.floating.contains(presentation) { return format(Double(value)) }
        let radix: Int =
            switch presentation {
            case "x", "X": 16
            case "o": 8
            case "b": 2
            default: 10
            }
        var digits = String(value.magnitude, radix: radix, uppercase: presentation == "X")
        digits = String(repeating: "0", count: max(0, leastDigits - digits.count)) + digits
        let prefix = isAlternate && radix != 10 ? "0" + String(presentation ?? "x") : ""
        return laidOut(sign: signText(value < 0) + prefix, digits, every: radix == 10 ? 3 : 4, rest: "")
    }

    func format(_ value: Double) -> String {
        let magnitude = value.magnitude
        var body: String
        switch presentation {
        case _ where !value.isFinite: body = value.isNaN ? "nan" : "inf"
        case "f", "F": body = PythonNumber.fixed(magnitude, digits: precision ?? 6)
        case "%": body = PythonNumber.fixed(magnitude * 100, digits: precision ?? 6)
        case "e", "E": body = PythonNumber.fixed(magnitude, digits: precision ?? 6, exponent: true)
        case "g", "G": body = general(magnitude, precision ?? 6)
        default: body = precision.map { general(magnitude, $0) } ?? PythonNumber.text(magnitude)
        }
        if let presentation, "FEG".contains(presentation) { body = body.uppercased() }
        let whole = body.prefix { $0.isNumber }
        return laidOut(
            sign: signText(value.sign == .minus && !value.isNaN), String(whole), every: 3,
            rest: body.dropFirst(whole.count) + (presentation == "%" ? "%" : ""))
    }

    /// `precision` digits that count, with an exponent where that is shorter; without a presentation the number keeps
    /// its point.
    private func general(_ magnitude: Double, _ precision: Int) -> String {
        let precision = max(1, precision)
        let keepsPoint = presentation == nil
        let parts = PythonNumber.fixed(magnitude, digits: precision - 1, exponent: true).split(separator: "e")
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        if exponent < -4 || exponent >= (keepsPoint ? precision - 1 : precision), parts.count > 1 {
            return withoutZeros(String(parts[0])) + "e" + parts[1]
        }
        let shown = withoutZeros(PythonNumber.fixed(magnitude, digits: max(0, precision - 1 - exponent)))
        return keepsPoint && !shown.contains(".") ? shown + ".0" : shown
    }

    private func withoutZeros(_ digits: String) -> String {
        guard digits.contains(".") else { return digits }
        var digits = digits[...]
        while digits.last == "0" { digits.removeLast() }
        return String(digits.last == "." ? digits.dropLast() : digits)
    }

    func format(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let cut = precision.map { String(String.UnicodeScalarView(scalars.prefix($0))) } ?? text
        return padded(sign: "", cut, side: isZeroPadded ? "<" : alignment ?? "<")
    }

    private func signText(_ isNegative: Bool) -> String { isNegative ? "-" : (sign == "-" ? "" : String(sign)) }

    private func laidOut(sign: String, _ digits: String, every size: Int, rest: String) -> String {
        guard let grouping, !digits.isEmpty else { return padded(sign: sign, digits + rest, side: alignment ?? ">") }
        // Zeros that fill the width are grouped too.
        let fillsWithZeros = fill == "0" && alignment == "="
        var width = fillsWithZeros ? self.width - sign.count - rest.count : 0
        var left = Array(digits)
        var groups: [String] = []
        repeat {
            let length = min(size, max(left.count, width, 1))
            let group = String(left.suffix(length))
            groups.append(String(repeating: "0", count: length - group.count) + group)
            left.removeLast(group.count)
            width -= length + 1
        } while !left.isEmpty || width + 1 > 0
        let whole = groups.reversed().joined(separator: String(grouping))
        return padded(sign: sign, whole + rest, side: alignment ?? ">")
    }

    private func padded(sign: String, _ body: String, side: Character) -> String {
        let missing = width - sign.count - body.unicodeScalars.count
        guard missing > 0 else { return sign + body }
        func fill(_ count: Int) -> String { String(repeating: self.fill, count: count) }
        switch side {
        case "<": return sign + body + fill(missing)
        case "^": return fill(missing / 2) + sign + body + fill(missing - missing / 2)
        case "=": return sign + fill(missing) + body
        default: return fill(missing) + sign + body
        }
    }
}
