import Time

/// `Timestamp(seconds)`, `Timestamp(micros=…)`, `Timestamp.of(seconds)`; a fraction of a microsecond is cut off.
struct TimestampConversion: Kernel {
    enum Unit { case seconds, micros }

    /// A whole number or a float.
    let operand: any Kernel
    let unit: Unit
    /// What the reason for a null calls the target: `seconds`, `micros` or `Timestamp`.
    let noun: String
    var type: DataType { .timestamp }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in
            "Cannot interpret None <class 'NoneType'> as \(noun)."
        }
        let scale: Int64 = unit == .seconds ? 1_000_000 : 1
        let values: [Int64]
        if case .float64(let floats) = value.column {
            let scaled = floats.values.map { $0 * Double(scale) }
            let bad = zipBits(scaled, scaled, count: presence.count) { value, _ in !(value.magnitude < 0x1p63) }
            rows.rejectValues(bad, &presence, mask: mask) { row in
                let value = floats.values[row]
                return value.isFinite ? outOfRange(PythonNumber.text(value)) : IntegerConversion.reasonNoInteger(value)
            }
            values = scaled.map { $0.magnitude < 0x1p63 ? Int64($0) : 0 }
        } else {
            let numbers = value.column.int64Values
            let bad = zipBits(numbers, numbers, count: presence.count) { value, _ in
                value.multipliedReportingOverflow(by: scale).overflow
            }
            rows.rejectValues(bad, &presence, mask: mask) { row in outOfRange(String(numbers[row])) }
            values = numbers.map { $0 &* scale }
        }
        return Vector(
            .timestamp(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }

    private func outOfRange(_ value: String) -> String {
        "\(value) \(unit == .seconds ? "seconds" : "microseconds") are beyond the range of timestamps"
    }
}

/// A timestamp plus or minus a duration, which comes as a timestamp of that many seconds.
struct TimestampShift: Kernel {
    let timestamp: any Kernel
    let duration: any Kernel
    let isSubtraction: Bool
    var type: DataType { .timestamp }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let time = timestamp.evaluate(&rows, mask: mask)
        let shift = duration.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([time, shift], mask: mask) { row in
            time.isNull(row)
                ? "unsupported operand type(s) for \(isSubtraction ? "-" : "+"): 'NoneType' and 'int'"
                : "unsupported operand type(s) for *: 'NoneType' and 'int'"
        }
        let a = time.column.int64Values
        let b = shift.column.int64Values
        let bad = zipBits(a, b, count: presence.count) {
            isSubtraction ? $0.subtractingReportingOverflow($1).overflow : $0.addingReportingOverflow($1).overflow
        }
        rows.rejectValues(bad, &presence, mask: mask) { _ in "the timestamp is beyond the range of timestamps" }
        let values = zipValues(a, b, count: presence.count) { isSubtraction ? $0 &- $1 : $0 &+ $1 }
        return Vector(
            .timestamp(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

/// `Timestamp.from_rfc3339(text)`.
struct TimestampParsing: Kernel {
    let operand: any Kernel
    var type: DataType { .timestamp }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in "None is no RFC 3339 time" }
        let text = value.column.textValues
        var values = [Int64](repeating: 0, count: presence.count)
        var bad = Bitmap(repeating: false, count: presence.count)
        forEachText(text, count: presence.count) { row, bytes in
            if let time = Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self)) {
                values[row] = time.micros
            } else {
                bad[row] = true
            }
        }
        rows.rejectValues(bad, &presence, mask: mask) { row in
            "Could not parse RFC 3339 string '\(String(decoding: text[row], as: UTF8.self))'"
        }
        return Vector(
            .timestamp(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

/// `timestamp.micros`, `timestamp.seconds()`.
struct TimestampPart: Kernel {
    enum Part: String { case micros, seconds }

    let part: Part
    let operand: any Kernel
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([value], mask: mask) { _ in
            "'NoneType' object has no attribute '\(part.rawValue)'"
        }
        let micros = value.column.int64Values
        let values = part == .micros ? micros : micros.map { $0.floorDivided(by: 1_000_000).partialValue }
        return Vector(
            .int64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}
