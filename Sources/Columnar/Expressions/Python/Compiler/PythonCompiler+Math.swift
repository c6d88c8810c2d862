/// The module `math`.
extension PythonCompiler {
    /// `math.pi` and the like.
    func constant(_ path: [String], _ node: PythonNode) throws(ExpressionError) -> Typed {
        switch path {
        case ["math", "pi"]: return .literal(.float64(.pi), .float64)
        case ["math", "tau"]: return .literal(.float64(2 * .pi), .float64)
        case ["math", "e"]: return .literal(.float64(2.718281828459045), .float64)
        case ["math", "inf"]: return .literal(.float64(.infinity), .float64)
        case ["math", "nan"]: return .literal(.float64(.nan), .float64)
        default:
            let refusal = error("'\(path.joined(separator: "."))' is no value", node)
            throw PythonNames.mayBe(path) ? refusal.outside : refusal
        }
    }

    static let mathFunctions: [String] =
        ["ceil", "floor", "trunc", "isnan", "isinf", "isfinite"] + MathFunction.Function.allCases.map(\.rawValue)
        + MathPair.Function.allCases.map(\.rawValue)

    /// Nil when there is no such function.
    mutating func math(
        _ name: String, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed? {
        guard Self.mathFunctions.contains(name) else { return nil }
        if name == "log", arguments.count == 2 {
            // Both logarithms come before the division, as in CPython.
            try requireArguments(name, arguments, 2...2, keywords, node)
            let value = try float(arguments[0])
            let base = try float(arguments[1])
            return Typed(
                FloatArithmetic(
                    op: .divide, left: MathFunction(function: .log, operand: value.kernel),
                    right: MathFunction(function: .log, operand: base.kernel),
                    names: OperandNames(left: "float", right: "float")))
        }
        if let function = MathPair.Function(rawValue: name) {
            try requireArguments(name, arguments, 2...2, keywords, node)
            let first = try float(arguments[0])
            return Typed(MathPair(function: function, left: first.kernel, right: try float(arguments[1]).kernel))
        }
        try requireArguments(name, arguments, 1...1, keywords, node)
        if let test = FloatTest.Test(rawValue: name) {
            return Typed(FloatTest(test: test, operand: try float(arguments[0]).kernel))
        }
        if let function = MathFunction.Function(rawValue: name) {
            return Typed(MathFunction(function: function, operand: try float(arguments[0]).kernel))
        }
        let value = try value(arguments[0])
        if value.type.isWhole {
            return Typed(Required(operand: widened(value, to: .int64), reason: "must be real number, not NoneType"))
        }
        let number = try float(arguments[0])
        return Typed(WholeNumber(function: WholeNumber.Function(rawValue: name) ?? .floor, operand: number.kernel))
    }

    private mutating func float(_ node: PythonNode) throws(ExpressionError) -> Typed {
        let value = try value(node)
        if value.type == .null, value.literal == nil {
            return Typed(AlwaysRejected(type: .float64, reason: "must be real number, not NoneType"))
        }
        guard value.type.isNumber else { throw error("must be real number, not \(value.name)", node) }
        return Typed(widened(value, to: .float64))
    }
}
