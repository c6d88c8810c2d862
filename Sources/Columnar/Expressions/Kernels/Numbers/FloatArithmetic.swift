#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Arithmetic on floating-point numbers with Python's rules: a division by zero rejects the row, `//` and `%` round
/// towards negative infinity.
struct FloatArithmetic: Kernel {
    enum Operator: String {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case floorDivide = "//"
        case modulo = "%"
        case power = "**"
    }

    let op: Operator
    let left: any Kernel
    let right: any Kernel
    let names: OperandNames
    var type: DataType { .float64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let left = left.evaluate(&rows, mask: mask)
        let right = right.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([left, right], mask: mask) { names.unsupported(op.rawValue, left, right, $0) }
        let a = left.column.float64Values
        let b = right.column.float64Values
        let count = presence.count
        let values: [Double]
        switch op {
        case .add: values = zipValues(a, b, count: count) { $0 + $1 }
        case .subtract: values = zipValues(a, b, count: count) { $0 - $1 }
        case .multiply: values = zipValues(a, b, count: count) { $0 * $1 }
        case .divide:
            rejectZeros(b, &presence, &rows, mask, "float division by zero")
            values = zipValues(a, b, count: count) { $0 / $1 }
        case .floorDivide:
            rejectZeros(b, &presence, &rows, mask, "float floor division by zero")
            values = zipValues(a, b, count: count) { $0.floorDivMod($1).quotient }
        case .modulo:
            rejectZeros(b, &presence, &rows, mask, "float modulo")
            values = zipValues(a, b, count: count) { $0.floorDivMod($1).remainder }
        case .power: values = power(a, b, &presence, &rows, mask)
        }
        return Vector(
            .float64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }

    private func rejectZeros(
        _ divisors: [Double], _ presence: inout Presence, _ rows: inout Evaluation, _ mask: Bitmap?, _ reason: String
    ) {
        let zeros = zipBits(divisors, divisors, count: presence.count) { divisor, _ in divisor == 0 }
        rows.rejectValues(zeros, &presence, mask: mask) { _ in reason }
    }

    private func power(
        _ a: [Double], _ b: [Double], _ presence: inout Presence, _ rows: inout Evaluation, _ mask: Bitmap?
    ) -> [Double] {
        let count = presence.count
        rows.rejectValues(zipBits(a, b, count: count) { $0 == 0 && $1 < 0 }, &presence, mask: mask) { _ in
            "0.0 cannot be raised to a negative power"
        }
        let complex = zipBits(a, b, count: count) { $0 < 0 && $0.isFinite && $1.isFinite && $1 != $1.rounded() }
        rows.rejectValues(complex, &presence, mask: mask) { _ in
            "a fractional power of a negative number is complex"
        }
        let values = zipValues(a, b, count: count) { pow($0, $1) }
        let infinite = zipBits(a, b, count: count) { $0.isFinite && $1.isFinite && pow($0, $1).isInfinite }
        rows.rejectValues(infinite, &presence, mask: mask) { _ in "(34, 'Numerical result out of range')" }
        return values
    }
}

/// `/` of whole numbers: the nearest float.
struct IntegerDivision: Kernel {
    let left: any Kernel
    let right: any Kernel
    let names: OperandNames
    var type: DataType { .float64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let left = left.evaluate(&rows, mask: mask)
        let right = right.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([left, right], mask: mask) { names.unsupported("/", left, right, $0) }
        let a = left.column.int64Values
        let b = right.column.int64Values
        rows.rejectValues(zipBits(b, b, count: presence.count) { b, _ in b == 0 }, &presence, mask: mask) { _ in
            "division by zero"
        }
        let values = zipValues(a, b, count: presence.count) { $1 == 0 ? 0 : $0.trueDivided(by: $1) }
        return Vector(
            .float64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

/// Functions of one float that give a float.
struct FloatFunction: Kernel {
    enum Function {
        case negate, absolute
    }

    let function: Function
    let operand: any Kernel
    var type: DataType { .float64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([value], mask: mask) { _ in
            switch function {
            case .negate: "bad operand type for unary -: 'NoneType'"
            case .absolute: "bad operand type for abs(): 'NoneType'"
            }
        }
        let values = value.column.float64Values
        let result: [Double]
        switch function {
        case .negate: result = values.map { -$0 }
        case .absolute: result = values.map(\.magnitude)
        }
        return Vector(
            .float64(FixedColumn(values: result, validity: presence.validity)), isConstant: presence.isConstant)
    }
}

extension Double {
    /// Quotient and remainder as Python defines them: the remainder has the divisor's sign. Zeros for a division by zero.
    func floorDivMod(_ divisor: Double) -> (quotient: Double, remainder: Double) {
        if divisor == 0 { return (0, 0) }
        var remainder = truncatingRemainder(dividingBy: divisor)
        var quotient = (self - remainder) / divisor
        if remainder == 0 {
            remainder = Double(signOf: divisor, magnitudeOf: 0)
        } else if (divisor < 0) != (remainder < 0) {
            remainder += divisor
            quotient -= 1
        }
        guard quotient != 0 else { return (Double(signOf: self / divisor, magnitudeOf: 0), remainder) }
        var floored = quotient.rounded(.down)
        if quotient - floored > 0.5 { floored += 1 }
        return (floored, remainder)
    }
}
