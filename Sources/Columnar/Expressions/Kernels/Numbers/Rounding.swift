/// `round(x)`, `math.floor(x)`, `math.ceil(x)`, `math.trunc(x)` of a float: a whole number.
struct WholeNumber: Kernel {
    enum Function: String { case round, floor, ceil, trunc }

    let function: Function
    /// A float.
    let operand: any Kernel
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in
            function == .round ? "type NoneType doesn't define __round__ method" : "must be real number, not NoneType"
        }
        let rule: FloatingPointRoundingRule =
            switch function {
            case .round: .toNearestOrEven
            case .floor: .down
            case .ceil: .up
            case .trunc: .towardZero
            }
        let rounded = value.column.float64Values.map { $0.rounded(rule) }
        let bad = zipBits(rounded, rounded, count: presence.count) { value, _ in !(value >= -0x1p63 && value < 0x1p63) }
        rows.rejectValues(bad, &presence, mask: mask) { row in IntegerConversion.reasonNoInteger(rounded[row]) }
        let values = rounded.map { $0 >= -0x1p63 && $0 < 0x1p63 ? Int64($0) : 0 }
        return Vector(
            .int64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

/// `round(x, digits)`: a float of that many decimals.
struct DecimalRounding: Kernel {
    /// A float.
    let operand: any Kernel
    let digits: Int
    var type: DataType { .float64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([value], mask: mask) { _ in "type NoneType doesn't define __round__ method" }
        let values = value.column.float64Values.map { PythonNumber.rounded($0, digits: digits) }
        return Vector(
            .float64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

/// The greatest or least of several values: the first of those that are equal.
struct Extreme: Kernel {
    let isGreatest: Bool
    /// At least two, of one type.
    let operands: [any Kernel]
    let names: [String]
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        var best = operands[0].evaluate(&rows, mask: mask)
        var name = names[0]
        for (operand, other) in zip(operands, names).dropFirst() {
            let next = operand.evaluate(&rows, mask: mask)
            let isBetter = Comparison(
                op: isGreatest ? .greater : .less, left: Given(value: next, type: type),
                right: Given(value: best, type: type), names: OperandNames(left: other, right: name)
            ).evaluate(&rows, mask: mask)
            let bits = isBetter.column.booleanValues
            best = isBetter.isConstant ? (bits[0] ? next : best) : Vector(.choosing(bits, next, best))
            name = other
        }
        return best
    }
}

/// `round(x, -digits)` of a whole number: to tens, hundreds and so on, half to even.
struct TensRounding: Kernel {
    /// A whole number.
    let operand: any Kernel
    /// Negative.
    let digits: Int
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in "type NoneType doesn't define __round__ method" }
        let numbers = value.column.int64Values
        let rounded = numbers.map { Self.rounded($0, digits: digits) }
        let bad = Bitmap(count: presence.count) { rounded[$0] == nil }
        rows.rejectValues(bad, &presence, mask: mask) { row in
            "\(numbers[row]) rounded to \(-digits) zeros does not fit in 64 bits"
        }
        return Vector(
            .int64(FixedColumn(values: rounded.map { $0 ?? 0 }, validity: presence.validity)),
            isConstant: presence.isConstant)
    }

    /// Nil where the result does not fit.
    private static func rounded(_ value: Int64, digits: Int) -> Int64? {
        guard digits > -20 else { return 0 }
        var unit: Int128 = 1
        for _ in 0 ..< -digits { unit *= 10 }
        let number = Int128(value)
        let remainder = (number % unit + unit) % unit
        let lower = number - remainder
        let isUp = remainder * 2 > unit || (remainder * 2 == unit && (lower / unit) % 2 != 0)
        return Int64(exactly: isUp ? lower + unit : lower)
    }
}
