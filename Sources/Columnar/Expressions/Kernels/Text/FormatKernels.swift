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

/// A text with values in it that are all computed before the first is written, as the arguments of `%` and `format` are.
struct TextTemplate: Kernel {
    enum Part: Sendable {
        case text(String)
        /// A kernel of text over the operand at an index.
        case value(Int, @Sendable (any Kernel) -> any Kernel)
    }

    let operands: [any Kernel]
    let parts: [Part]
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let given = operands.map { Given(value: $0.evaluate(&rows, mask: mask), type: $0.type) }
        let kernels: [any Kernel] = parts.map { part in
            switch part {
            case .text(let text): Constant(.string(text), .string)
            case .value(let index, let write): write(given[index])
            }
        }
        return Joining(parts: kernels).evaluate(&rows, mask: mask)
    }
}

/// `repr(x)`, which is `str(x)` of a list and of bytes.
struct Representation: Kernel {
    let operand: any Kernel
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var result = BytesColumn.reserving(value.column.count)
        for row in 0..<value.column.count {
            result.bytes += Array(Self.text(value.column, row).utf8)
            result.endValue()
        }
        return Vector(.string(result), isConstant: value.isConstant)
    }

    static func text(_ column: Column, _ row: Int) -> String {
        if column.isNull(row) { return "None" }
        switch column {
        case .string(let text): return PythonText.quoted(String(decoding: text[row], as: UTF8.self))
        case .bytes(let bytes): return PythonText.quoted(bytes[row])
        case .list(let list):
            let elements = (list.offsets[row]..<list.offsets[row + 1]).map { text(list.element, Int($0)) }
            return "[" + elements.joined(separator: ", ") + "]"
        default: return TextConversion.text(column, row)
        }
    }
}
