/// `text.isdigit()` and its like: what all characters of a text are.
struct TextKind: Kernel {
    enum Kind: String, CaseIterable {
        case isdigit, isdecimal, isnumeric, isalpha, isalnum, isspace, islower, isupper, isascii
    }

    let kind: Kind
    let operand: any Kernel
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([value], mask: mask) { _ in
            "'NoneType' object has no attribute '\(kind.rawValue)'"
        }
        var bits = Bitmap(repeating: false, count: presence.count)
        forEachText(value.column.textValues, count: presence.count) { row, bytes in
            if kind == .isascii {
                bits[row] = bytes.allSatisfy { $0 < 128 }
            } else if kind == .isdigit, bytes.allSatisfy({ $0 < 128 }) {
                bits[row] = !bytes.isEmpty && bytes.allSatisfy { (48...57).contains($0) }
            } else {
                bits[row] = holds(String(decoding: bytes, as: UTF8.self).unicodeScalars)
            }
        }
        return Vector(
            .boolean(BooleanColumn(values: bits, validity: presence.validity)), isConstant: presence.isConstant)
    }

    private func holds(_ scalars: String.UnicodeScalarView) -> Bool {
        switch kind {
        case .islower: return hasCase(scalars, \.isLowercase, not: \.isUppercase)
        case .isupper: return hasCase(scalars, \.isUppercase, not: \.isLowercase)
        default: return !scalars.isEmpty && scalars.allSatisfy(holds)
        }
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return switch kind {
        case .isdecimal: properties.numericType == .decimal
        case .isdigit: properties.numericType == .decimal || properties.numericType == .digit
        case .isnumeric: properties.numericType != nil
        case .isalpha: isLetter(scalar)
        case .isalnum: isLetter(scalar) || properties.numericType != nil
        case .isspace: PythonText.isSpace(scalar)
        case .islower, .isupper, .isascii: scalar.isASCII
        }
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// One letter at least has the case, and none the other or that of a title.
    private func hasCase(
        _ scalars: String.UnicodeScalarView, _ wanted: KeyPath<Unicode.Scalar.Properties, Bool>,
        not other: KeyPath<Unicode.Scalar.Properties, Bool>
    ) -> Bool {
        var found = false
        for scalar in scalars {
            let properties = scalar.properties
            if properties[keyPath: other] || properties.generalCategory == .titlecaseLetter { return false }
            if properties[keyPath: wanted] { found = true }
        }
        return found
    }
}
