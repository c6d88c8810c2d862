#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Functions of the module `math` that make a float of a float.
struct MathFunction: Kernel {
    enum Function: String, CaseIterable {
        case sqrt, fabs, exp, expm1, log, log2, log10, log1p, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh
        case degrees, radians, cbrt
    }

    let function: Function
    /// A float.
    let operand: any Kernel
    var type: DataType { .float64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([value], mask: mask) { _ in "must be real number, not NoneType" }
        let values = value.column.float64Values
        let result = values.map(apply)
        // What is no number comes of an argument outside the domain, what is not finite of one that is too large.
        let outside = zipBits(values, result, count: presence.count) { $1.isNaN && !$0.isNaN || isOutside($0) }
        rows.rejectValues(outside, &presence, mask: mask) { _ in "math domain error" }
        let large = zipBits(values, result, count: presence.count) { $1.isInfinite && $0.isFinite }
        rows.rejectValues(large, &presence, mask: mask) { _ in "math range error" }
        return Vector(
            .float64(FixedColumn(values: result, validity: presence.validity)), isConstant: presence.isConstant)
    }

    private func isOutside(_ value: Double) -> Bool {
        switch function {
        case .log, .log2, .log10: value <= 0
        case .log1p: value <= -1
        default: false
        }
    }

    private func apply(_ value: Double) -> Double {
        switch function {
        case .sqrt: value.squareRoot()
        case .fabs: value.magnitude
        case .exp: exp(value)
        case .expm1: expm1(value)
        case .log: log(value)
        case .log2: log2(value)
        case .log10: log10(value)
        case .log1p: log1p(value)
        case .sin: sin(value)
        case .cos: cos(value)
        case .tan: tan(value)
        case .asin: asin(value)
        case .acos: acos(value)
        case .atan: atan(value)
        case .sinh: sinh(value)
        case .cosh: cosh(value)
        case .tanh: tanh(value)
        case .degrees: value * (180 / .pi)
        case .radians: value * (.pi / 180)
        case .cbrt: cbrt(value)
        }
    }
}

/// Functions of the module `math` of two floats.
struct MathPair: Kernel {
    enum Function: String, CaseIterable {
        case pow, fmod, atan2, hypot, copysign
    }

    let function: Function
    /// Floats.
    let left: any Kernel
    let right: any Kernel
    var type: DataType { .float64 }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let left = left.evaluate(&rows, mask: mask)
        let right = right.evaluate(&rows, mask: mask)
        var presence = rows.requireValues([left, right], mask: mask) { _ in "must be real number, not NoneType" }
        let a = left.column.float64Values
        let b = right.column.float64Values
        let result = zipValues(a, b, count: presence.count, apply)
        let outside = zipBits(a, b, count: presence.count) { a, b in
            (apply(a, b).isNaN && !a.isNaN && !b.isNaN) || (function == .pow && a == 0 && b < 0 && b.isFinite)
        }
        rows.rejectValues(outside, &presence, mask: mask) { _ in "math domain error" }
        let large = zipBits(a, b, count: presence.count) { apply($0, $1).isInfinite && $0.isFinite && $1.isFinite }
        rows.rejectValues(large, &presence, mask: mask) { _ in "math range error" }
        return Vector(
            .float64(FixedColumn(values: result, validity: presence.validity)), isConstant: presence.isConstant)
    }

    private func apply(_ a: Double, _ b: Double) -> Double {
        switch function {
        case .pow: pow(a, b)
        case .fmod: fmod(a, b)
        case .atan2: atan2(a, b)
        case .hypot: hypot(a, b)
        case .copysign: copysign(a, b)
        }
    }
}

/// `math.isnan(x)`, `math.isinf(x)`, `math.isfinite(x)`.
struct FloatTest: Kernel {
    enum Test: String { case isnan, isinf, isfinite }

    let test: Test
    /// A float.
    let operand: any Kernel
    var type: DataType { .boolean }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        let presence = rows.requireValues([value], mask: mask) { _ in "must be real number, not NoneType" }
        let values = value.column.float64Values
        let bits = zipBits(values, values, count: presence.count) { value, _ in
            switch test {
            case .isnan: value.isNaN
            case .isinf: value.isInfinite
            case .isfinite: value.isFinite
            }
        }
        return Vector(
            .boolean(BooleanColumn(values: bits, validity: presence.validity)), isConstant: presence.isConstant)
    }
}
