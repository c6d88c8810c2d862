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
