extension PythonCompiler {
    /// The value as a wider number type.
    func widened(_ value: Typed, to type: DataType) -> any Kernel {
        value.type == type ? value.kernel : Widening(operand: value.kernel, type: type)
    }

    /// Both as values of one type.
    func unified(
        _ a: Typed, _ b: Typed, _ offset: Int, _ what: String
    ) throws(ExpressionError) -> (Typed, Typed, DataType) {
        if a.type == b.type { return (a, b, a.type) }
        if a.type == .null { return (retyped(a, b.type), b, b.type) }
        if b.type == .null { return (a, retyped(b, a.type), a.type) }
        if case .list(.null) = a.type, case .list(let element) = b.type { return (elements(a, element), b, b.type) }
        if case .list(.null) = b.type, case .list(let element) = a.type { return (a, elements(b, element), a.type) }
        let numbers: Set<DataType> = [.int64, .float64]
        if numbers.contains(a.type), numbers.contains(b.type) {
            return (
                Typed(widened(a, to: .float64), isNullable: a.isNullable),
                Typed(widened(b, to: .float64), isNullable: b.isNullable), .float64
            )
        }
        throw ExpressionError("\(what) \(a.name) or \(b.name); a field has one type", at: offset).outside
    }

    /// An empty list as one of `element`.
    private func elements(_ list: Typed, _ element: DataType) -> Typed {
        Typed(RetypedList(operand: list.kernel, element: element), isNullable: list.isNullable)
    }

    /// Nulls of no known type as nulls of `type`.
    private func retyped(_ value: Typed, _ type: DataType) -> Typed {
        Typed(Retyped(operand: value.kernel, type: type), isNullable: true)
    }

    // MARK: Arithmetic

    func sign(_ symbol: String, _ operand: Typed, _ node: PythonNode) throws(ExpressionError) -> Typed {
        switch operand.type {
        case .float64:
            return symbol == "-"
                ? Typed(FloatFunction(function: .negate, operand: operand.kernel)) : required(operand, "+")
        case .int64, .boolean:
            let whole = Typed(widened(operand, to: .int64), isNullable: operand.isNullable)
            return symbol == "-" ? Typed(IntegerSign(op: .negate, operand: whole.kernel)) : required(whole, "+")
        case .null where operand.literal == nil:
            return Typed(AlwaysRejected(type: .int64, reason: "bad operand type for unary \(symbol): 'NoneType'"))
        default: throw error("bad operand type for unary \(symbol): '\(operand.name)'", node)
        }
    }

    private func required(_ operand: Typed, _ symbol: String) -> Typed {
        guard operand.isNullable else { return operand }
        return Typed(Required(operand: operand.kernel, reason: "bad operand type for unary \(symbol): 'NoneType'"))
    }

    func arithmetic(_ symbol: String, _ left: Typed, _ right: Typed, _ node: PythonNode) throws(ExpressionError)
        -> Typed
    {
        let names = OperandNames(left: left.name, right: right.name)
        if left.type.isNumber, right.type.isNumber { return Typed(numeric(symbol, left, right, names)) }
        switch (symbol, left.type, right.type) {
        case ("+", .string, .string), ("+", .bytes, .bytes):
            return Typed(Concatenation(left: left.kernel, right: right.kernel, names: names, type: left.type))
        case ("*", .string, .int64), ("*", .string, .boolean):
            return Typed(Repetition(text: left.kernel, times: widened(right, to: .int64), names: names))
        case ("*", .int64, .string), ("*", .boolean, .string):
            return Typed(Repetition(text: right.kernel, times: widened(left, to: .int64), names: names))
        case ("+", .list, .list):
            let (a, b, type) = try unified(left, right, node.offset, "the list holds")
            return Typed(ListConcatenation(left: a.kernel, right: b.kernel, names: names, type: type))
        case ("*", .list, .int64), ("*", .list, .boolean):
            return Typed(ListRepetition(list: left.kernel, times: widened(right, to: .int64), names: names))
        case ("*", .int64, .list), ("*", .boolean, .list):
            return Typed(ListRepetition(list: right.kernel, times: widened(left, to: .int64), names: names))
        case ("%", .string, _):
            throw error("the text before '%' must be spelled out", node, suggestion: "write an f-string").outside
        case ("+", .timestamp, _) where right.type.isNumber, ("-", .timestamp, _) where right.type.isNumber:
            return Typed(
                TimestampShift(timestamp: left.kernel, duration: seconds(right), isSubtraction: symbol == "-"))
        case ("+", _, .timestamp) where left.type.isNumber:
            return Typed(TimestampShift(timestamp: right.kernel, duration: seconds(left), isSubtraction: false))
        case ("-", .timestamp, .timestamp):
            throw error(
                "the difference of two timestamps is a Duration, which is not supported", node,
                suggestion: "subtract their .micros"
            ).outside
        case (_, .null, _) where left.literal == nil, (_, _, .null) where right.literal == nil:
            let other = left.type == .null ? right.type : left.type
            let reason = names.unsupported(symbol, left.type == .null, right.type == .null)
            return Typed(AlwaysRejected(type: other, reason: reason), isNullable: true)
        default:
            let textAndNumber = Set([left.type, right.type]) == [.string, .int64]
            let refusal = error(
                "unsupported operand types for \(symbol): '\(left.name)' and '\(right.name)'", node,
                suggestion: symbol == "+" && textAndNumber ? "make the number text with str(…)" : nil)
            throw PythonNames.mayBe(symbol, left.type, right.type) ? refusal.outside : refusal
        }
    }

    private func seconds(_ value: Typed) -> any Kernel {
        TimestampConversion(
            operand: value.type == .boolean ? widened(value, to: .int64) : value.kernel, unit: .seconds, noun: "seconds"
        )
    }

    private func numeric(_ symbol: String, _ left: Typed, _ right: Typed, _ names: OperandNames) -> any Kernel {
        var isWhole = left.type.isWhole && right.type.isWhole
        if isWhole, symbol == "/" {
            return IntegerDivision(left: widened(left, to: .int64), right: widened(right, to: .int64), names: names)
        }
        // A power is a fraction when its exponent is spelled out as a negative number.
        if symbol == "**", case .int64(let exponent)? = right.literal, exponent < 0 { isWhole = false }
        if isWhole, let op = IntegerArithmetic.Operator(rawValue: symbol) {
            return IntegerArithmetic(
                op: op, left: widened(left, to: .int64), right: widened(right, to: .int64), names: names)
        }
        return FloatArithmetic(
            op: FloatArithmetic.Operator(rawValue: symbol) ?? .add, left: widened(left, to: .float64),
            right: widened(right, to: .float64), names: names)
    }

    // MARK: Choices

    mutating func conditional(
        _ test: PythonNode, _ yes: PythonNode, _ no: PythonNode, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        let condition = try truth(test)
        let first = try whereTrue(test) { (compiler) throws(ExpressionError) in try compiler.value(yes) }
        let (yes, no, type) = try unified(first, try value(no), node.offset, "the expression gives")
        return Typed(
            Conditional(test: condition, yes: yes.kernel, no: no.kernel, type: type),
            isNullable: yes.isNullable || no.isNullable)
    }

    mutating func junction(
        _ op: Junction.Operator, _ left: PythonNode, _ right: PythonNode, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        let first = try value(left)
        let second =
            op == .and
            ? try whereTrue(left) { (compiler) throws(ExpressionError) in try compiler.value(right) } : try value(right)
        if first.type == .boolean, second.type == .boolean, !first.isNullable, !second.isNullable {
            return Typed(Junction(op: op, left: first.kernel, right: second.kernel))
        }
        let (a, b, type) = try unified(first, second, node.offset, "'\(op)' gives")
        // A null never decides an `or`.
        let isNullable = op == .or ? b.isNullable : a.isNullable || b.isNullable
        return Typed(DecidingValue(op: op, left: a.kernel, right: b.kernel, type: type), isNullable: isNullable)
    }

    /// A list of the elements, which are of one type.
    mutating func list(_ elements: [PythonNode], _ node: PythonNode) throws(ExpressionError) -> Typed {
        var values: [Typed] = []
        var type = DataType.null
        for element in elements {
            let value = try value(element)
            if type == .null { type = value.type }
            guard value.type == type || value.type == .null else {
                throw error("the list holds \(type.pythonName) and \(value.name); a list has one type", element).outside
            }
            values.append(value)
        }
        let literals = values.compactMap(\.literal)
        if literals.count == values.count { return Typed(Constant(.list(literals), .list(type))) }
        return Typed(
            ListBuilding(elements: values.map { $0.type == type ? $0.kernel : retyped($0, type).kernel }, element: type)
        )
    }
}

/// Nulls of no known type as nulls of a type.
struct Retyped: Kernel {
    let operand: any Kernel
    let type: DataType

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        // It may reject rows, as an attribute of a null does.
        if !(operand is Constant) { _ = operand.evaluate(&rows, mask: mask) }
        return Vector(.nulls(type, count: 1), isConstant: true)
    }
}

/// Lists whose elements have no known type as lists of a type.
struct RetypedList: Kernel {
    let operand: any Kernel
    let element: DataType
    var type: DataType { .list(element) }

    func evaluate(_ rows: inout Evaluation, mask: Bitmap?) -> Vector {
        let value = operand.evaluate(&rows, mask: mask)
        var list = value.column.listValues
        list.element = .nulls(element, count: list.element.count)
        list.validity = value.column.validity
        return Vector(.list(list), isConstant: value.isConstant)
    }
}
