/// Arithmetic on whole numbers with Python's rules: `//` and `%` round towards negative infinity. Python's integers
/// have no bound; here a result beyond 64 bits rejects the row.
struct IntegerArithmetic: Kernel {
    enum Operator: String {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case floorDivide = "//"
        case modulo = "%"
        case power = "**"
    }

    let op: Operator
    let left: any Kernel
    let right: any Kernel
    let names: OperandNames
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let left = left.evaluate(&rows, mask: mask)
        let right = right.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([left, right], mask: mask) { names.unsupported(op.rawValue, left, right, $0) }
        let a = left.column.int64Values
        let b = right.column.int64Values
        let values: [Int64]
        switch op {
        case .add: values = checked(a, b, &presence, &rows, mask) { $0.addingReportingOverflow($1) }
        case .subtract: values = checked(a, b, &presence, &rows, mask) { $0.subtractingReportingOverflow($1) }
        case .multiply: values = checked(a, b, &presence, &rows, mask) { $0.multipliedReportingOverflow(by: $1) }
        case .floorDivide:
            rejectZeros(b, &presence, &rows, mask, "integer division or modulo by zero")
            values = checked(a, b, &presence, &rows, mask) { $0.floorDivided(by: $1) }
        case .modulo:
            rejectZeros(b, &presence, &rows, mask, "integer modulo by zero")
            values = zipValues(a, b, count: presence.count) { $0.floorModulo($1) }
        case .power:
            let negative = zipBits(a, b, count: presence.count) { _, exponent in exponent < 0 }
            rows.rejectValues(negative, &presence, mask: mask) { _ in
                "a negative power of an integer is no integer: make the base a float"
            }
            values = checked(a, b, &presence, &rows, mask) { $0.raised(to: $1) }
        }
        return Vector(
            .int64(FixedColumn(values: values, validity: presence.validity)), isConstant: presence.isConstant)
    }

    @inline(__always)
    private func checked(
        _ a: [Int64], _ b: [Int64], _ presence: inout Presence, _ rows: inout Evaluation, _ mask: Bitmap?,
        _ body: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) -> [Int64] {
        var overflowed = false
        let values = zipValues(a, b, count: presence.count) { left, right in
            let (value, overflow) = body(left, right)
            overflowed = overflowed || overflow
            return value
        }
        if overflowed {
            let bad = zipBits(a, b, count: presence.count) { body($0, $1).overflow }
            rows.rejectValues(bad, &presence, mask: mask) { row in
                "\(a[a.count == 1 ? 0 : row]) \(op.rawValue) \(b[b.count == 1 ? 0 : row]) does not fit in 64 bits"
            }
        }
        return values
    }

    private func rejectZeros(
        _ divisors: [Int64], _ presence: inout Presence, _ rows: inout Evaluation, _ mask: Bitmap?, _ reason: String
    ) {
        let zeros = zipBits(divisors, divisors, count: presence.count) { divisor, _ in divisor == 0 }
        rows.rejectValues(zeros, &presence, mask: mask) { _ in reason }
    }
}

/// What Python calls the types of two operands, for the reasons of rejected rows.
struct OperandNames: Sendable {
    let left: String
    let right: String

    /// The text of Python's TypeError.
    func unsupported(_ symbol: String, _ left: Vector, _ right: Vector, _ row: Int) -> String {
        unsupported(symbol, left.isNull(row), right.isNull(row))
    }

    func unsupported(_ symbol: String, _ leftIsNull: Bool, _ rightIsNull: Bool) -> String {
        let left = leftIsNull ? "NoneType" : self.left
        let right = rightIsNull ? "NoneType" : self.right
        if symbol == "+", self.left == "str" || self.left == "bytes", left != "NoneType" {
            return self.left == "str"
                ? "can only concatenate str (not \"\(right)\") to str" : "can't concat \(right) to bytes"
        }
        if symbol == "*", self.left == "str" || self.right == "str" {
            return "can't multiply sequence by non-int of type 'NoneType'"
        }
        let symbol = symbol == "**" ? "** or pow()" : symbol
        return "unsupported operand type(s) for \(symbol): '\(left)' and '\(right)'"
    }

    func unordered(_ symbol: String, _ left: Vector, _ right: Vector, _ row: Int) -> String {
        let left = left.isNull(row) ? "NoneType" : self.left
        let right = right.isNull(row) ? "NoneType" : self.right
        return "'\(symbol)' not supported between instances of '\(left)' and '\(right)'"
    }
}

/// `-x`, `abs(x)` of whole numbers.
struct IntegerSign: Kernel {
    enum Operator { case negate, absolute }

    let op: Operator
    let operand: any Kernel
    var type: DataType { .int64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in
            op == .negate ? "bad operand type for unary -: 'NoneType'" : "bad operand type for abs(): 'NoneType'"
        }
        let values = value.column.int64Values
        let least = zipBits(values, values, count: presence.count) { value, _ in value == .min }
        rows.rejectValues(least, &presence, mask: mask) { _ in "\(Int64.min.magnitude) does not fit in 64 bits" }
        return Vector(
            .int64(
                FixedColumn(
                    values: values.map { op == .negate || $0 < 0 ? 0 &- $0 : $0 }, validity: presence.validity)),
            isConstant: presence.isConstant)
    }
}

extension Int64 {
    /// Division rounded towards negative infinity; a division by zero gives zero.
    @inline(__always)
    func floorDivided(by divisor: Int64) -> (partialValue: Int64, overflow: Bool) {
        if divisor == 0 { return (0, false) }
        if divisor == -1 { return Int64(0).subtractingReportingOverflow(self) }
        let quotient = self / divisor
        let isInexact = quotient &* divisor != self
        return (isInexact && (self < 0) != (divisor < 0) ? quotient - 1 : quotient, false)
    }

    /// The remainder with the divisor's sign; zero for a division by zero.
    @inline(__always)
    func floorModulo(_ divisor: Int64) -> Int64 {
        if divisor == 0 || divisor == -1 { return 0 }
        let remainder = self % divisor
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder
    }

    /// A power by repeated squaring; a negative exponent gives zero.
    func raised(to exponent: Int64) -> (partialValue: Int64, overflow: Bool) {
        if exponent < 0 { return (0, false) }
        var result: Int64 = 1
        var square = self
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: square)
                if overflow { return (0, true) }
                result = product
            }
            rest >>= 1
            guard rest > 0 else { break }
            let (product, overflow) = square.multipliedReportingOverflow(by: square)
            // The square is a factor of the result unless that is zero already.
            if overflow { return (0, true) }
            square = product
        }
        return (result, false)
    }

    /// The quotient as the nearest double, as Python's true division gives it also beyond 2^53.
    func trueDivided(by divisor: Int64) -> Double {
        let exact: ClosedRange<Int64> = -(1 << 53)...(1 << 53)
        if exact.contains(self), exact.contains(divisor) { return Double(self) / Double(divisor) }
        // A quotient of more than 54 bits with what is left over folded into the last one rounds once, and rightly.
        let shift = magnitude.leadingZeroBitCount + 63
        let (quotient, remainder) = (UInt128(magnitude) << UInt128(shift))
            .quotientAndRemainder(dividingBy: UInt128(divisor.magnitude))
        let excess = Swift.max(0, 64 - quotient.leadingZeroBitCount)
        var top = UInt64(truncatingIfNeeded: quotient >> UInt128(excess))
        if remainder != 0 || (UInt128(top) << UInt128(excess)) != quotient { top |= 1 }
        let nearest: Double = Double(top)
        let value = Double(sign: .plus, exponent: excess - shift, significand: nearest)
        return (self < 0) != (divisor < 0) ? -value : value
    }
}
