/// A format specification of Python's `[[fill]align][sign][0][width][,][.precision][type]`.
struct FormatSpecification: Sendable, Equatable {
    var fill: Character = " "
    /// `<`, `>`, `^` or `=`; nil: as the type has it.
    var alignment: Character?
    var sign: Character = "-"
    var width = 0
    var grouping: Character?
    var precision: Int?
    /// `s d x X o b f F e E %`; nil: as the type has it.
    var presentation: Character?

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
        if rest.first == "0" {
            rest.removeFirst()
            if alignment == nil { (fill, alignment) = ("0", "=") }
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
        guard rest.isEmpty, presentation.map({ "sdxXobfFeE%".contains($0) }) ?? true else { return nil }
    }

    /// Whether values of `type` can be written so.
    func fits(_ type: DataType) -> Bool {
        switch type {
        case .string: (presentation ?? "s") == "s" && alignment != "=" && grouping == nil && sign == "-"
        case .int64: presentation != "s" && (precision == nil || "fFeE%".contains(presentation ?? "d"))
        case .float64: presentation.map { "fFeE%".contains($0) } ?? (precision == nil)
        default: false
        }
    }

    func format(_ value: Int64) -> String {
        if let presentation, "fFeE%".contains(presentation) { return format(Double(value)) }
        let radix: Int =
            switch presentation {
            case "x", "X": 16
            case "o": 8
            case "b": 2
            default: 10
            }
        let digits = String(value.magnitude, radix: radix, uppercase: presentation == "X")
        return padded(sign: signText(value < 0), grouped(digits, every: radix == 10 ? 3 : 4), default: ">")
    }

    func format(_ value: Double) -> String {
        let magnitude = value.magnitude
        var body: String
        switch presentation {
        case _ where !value.isFinite: body = value.isNaN ? "nan" : "inf"
        case "f", "F": body = PythonNumber.fixed(magnitude, digits: precision ?? 6)
        case "%": body = PythonNumber.fixed(magnitude * 100, digits: precision ?? 6)
        case "e", "E":
            body = PythonNumber.fixed(magnitude, digits: precision ?? 6, exponent: true)
            if presentation == "E" { body = body.uppercased() }
        default: body = PythonNumber.text(magnitude)
        }
        if let point = body.firstIndex(where: { !$0.isNumber }) {
            body = grouped(String(body[..<point]), every: 3) + body[point...]
        } else {
            body = grouped(body, every: 3)
        }
        if presentation == "%" { body += "%" }
        return padded(sign: signText(value.sign == .minus && !value.isNaN), body, default: ">")
    }

    func format(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let cut = precision.map { String(String.UnicodeScalarView(scalars.prefix($0))) } ?? text
        return padded(sign: "", cut, default: "<")
    }

    private func signText(_ isNegative: Bool) -> String { isNegative ? "-" : (sign == "-" ? "" : String(sign)) }

    private func grouped(_ digits: String, every size: Int) -> String {
        guard let grouping else { return digits }
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % size == 0 { result.append(grouping) }
            result.append(digit)
        }
        return result
    }

    private func padded(sign: String, _ body: String, default side: Character) -> String {
        let missing = width - sign.count - body.unicodeScalars.count
        guard missing > 0 else { return sign + body }
        func fill(_ count: Int) -> String { String(repeating: self.fill, count: count) }
        switch alignment ?? side {
        case "<": return sign + body + fill(missing)
        case "^": return fill(missing / 2) + sign + body + fill(missing - missing / 2)
        case "=": return sign + fill(missing) + body
        default: return fill(missing) + sign + body
        }
    }
}

/// A value written as a format specification says.
struct Formatting: Kernel {
    let operand: any Kernel
    let specification: FormatSpecification
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([value], mask: mask) { _ in
            "unsupported format string passed to NoneType.__format__"
        }
        var result = BytesColumn.reserving(presence.count)
        for row in 0..<presence.count {
            let text: String =
                switch value.column {
                case .int64(let numbers): specification.format(numbers.values[row])
                case .float64(let numbers): specification.format(numbers.values[row])
                case .string(let text): specification.format(String(decoding: text[row], as: UTF8.self))
                default: ""
                }
            result.bytes += Array(text.utf8)
            result.endValue()
        }
        result.validity = presence.validity
        return Vector(.string(result), isConstant: presence.isConstant)
    }
}
