/// Whole numbers and booleans where an operation works on floats, booleans where it works on whole numbers.
struct Widening: Kernel {
    let operand: any Kernel
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        return Vector(value.column.widened(to: type), isConstant: value.isConstant)
    }
}

/// `int(x)`.
struct IntegerConversion: Kernel {
    let operand: any Kernel
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in
            "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"
        }
        let values: [Int64]
        switch value.column {
        case .float64(let floats): values = Self.truncated(floats.values, &presence, &rows, mask)
        case .string(let text): values = PythonNumber.integers(text, base: 10, &presence, &rows, mask)
        case .timestamp(let times): values = times.values.map { $0.floorDivided(by: 1_000_000).partialValue }
        case .boolean(let bits): values = (0..<bits.values.count).map { bits.values[$0] ? 1 : 0 }
        default: values = value.column.int64Values
        }
        return Vector(
            .int64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }

    /// Towards zero.
    private static func truncated(
        _ floats: [Double], _ presence: inout Presence, _ rows: inout Evaluation, _ mask: Bitmap?
    ) -> [Int64] {
        let bad = zipBits(floats, floats, count: presence.count) { value, _ in !(value >= -0x1p63 && value < 0x1p63) }
        rows.rejectValues(bad, &presence, mask: mask) { row in reasonNoInteger(floats[row]) }
        return floats.map { $0 >= -0x1p63 && $0 < 0x1p63 ? Int64($0) : 0 }
    }

    static func reasonNoInteger(_ value: Double) -> String {
        if value.isNaN { return "cannot convert float NaN to integer" }
        if value.isInfinite { return "cannot convert float infinity to integer" }
        return "\(PythonNumber.text(value)) does not fit in 64 bits"
    }
}

/// `float(x)`.
struct FloatConversion: Kernel {
    let operand: any Kernel
    var type: DataType { .float64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in
            "float() argument must be a string or a real number, not 'NoneType'"
        }
        var values: [Double]
        switch value.column {
        case .string(let text):
            values = [Double](repeating: 0, count: presence.count)
            var bad = Bitmap(repeating: false, count: presence.count)
            forEachText(text, count: presence.count) { row, bytes in
                if let value = PythonNumber.float(bytes) { values[row] = value } else { bad[row] = true }
            }
            rows.rejectValues(bad, &presence, mask: mask) { row in
                "could not convert string to float: \(PythonText.quoted(String(decoding: text[row], as: UTF8.self)))"
            }
        case .timestamp(let times): values = times.values.map { $0.trueDivided(by: 1_000_000) }
        case .int64(let numbers): values = numbers.values.map(Double.init)
        default: values = value.column.float64Values
        }
        return Vector(
            .float64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

/// `str(x)`: text of scalars; `None` for a null.
struct TextConversion: Kernel {
    let operand: any Kernel
    var type: DataType { .string }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        if case .string(let text) = value.column, text.validity == nil { return value }
        let column = value.column
        var result = BytesColumn.reserving(column.count)
        for row in 0..<column.count {
            if column.isNull(row) {
                result.bytes += Array("None".utf8)
            } else {
                Self.append(column, row, to: &result.bytes)
            }
            result.endValue()
        }
        return Vector(.string(result), isConstant: value.isConstant)
    }

    /// The text of one value that is not null.
    static func text(_ column: Column, _ row: Int) -> String {
        var bytes: [UInt8] = []
        append(column, row, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ column: Column, _ row: Int, to bytes: inout [UInt8]) {
        switch column {
        case .string(let text): bytes += text[row]
        case .int64(let numbers): PythonNumber.append(numbers.values[row], to: &bytes)
        case .float64(let numbers): bytes += Array(PythonNumber.text(numbers.values[row]).utf8)
        case .boolean(let bits): bytes += Array((bits.values[row] ? "True" : "False").utf8)
        case .timestamp(let times): bytes += Array(timestampText(times.values[row]).utf8)
        default: break
        }
    }

    /// As Beam writes a Timestamp: seconds, with six digits of a fraction if there is one.
    static func timestampText(_ micros: Int64) -> String {
        let (seconds, fraction) = micros.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let digits = String(fraction)
        let shown = fraction == 0 ? "" : "." + String(repeating: "0", count: 6 - digits.count) + digits
        return "Timestamp(\(micros < 0 ? "-" : "")\(seconds)\(shown))"
    }
}
