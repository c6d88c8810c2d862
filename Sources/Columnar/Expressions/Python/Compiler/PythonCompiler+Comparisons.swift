extension PythonCompiler {
    /// A chain: every link must hold, and a link is only asked where the ones before hold.
    mutating func comparison(_ first: PythonNode, _ links: [PythonComparison]) throws(ExpressionError) -> any Kernel {
        var left = first
        var result: (any Kernel)?
        for link in links {
            let kernel = try comparison(left, link)
            result = result.map { Junction(op: .and, left: $0, right: kernel) } ?? kernel
            left = link.operand
        }
        return result ?? Constant(.boolean(true), .boolean)
    }

    private mutating func comparison(_ left: PythonNode, _ link: PythonComparison) throws(ExpressionError) -> any Kernel
    {
        switch link.symbol {
        case "in": return try membership(left, link)
        case "not in": return Negation(operand: try membership(left, link))
        case "is", "is not": return try identity(left, link)
        default:
            let op = Comparison.Operator(rawValue: link.symbol) ?? .equal
            let (a, b) = (try operand(left), try operand(link.operand))
            if let kernel = try momentComparison(op, a, b, at: link.offset) { return kernel }
            return try comparison(op, try plain(a, left), try plain(b, link.operand), link)
        }
    }

    private func comparison(
        _ op: Comparison.Operator, _ left: Typed, _ right: Typed, _ link: PythonComparison
    ) throws(ExpressionError) -> any Kernel {
        let names = OperandNames(left: left.name, right: right.name)
        let rightIsNull = right.type == .null
        if left.type == .null || rightIsNull {
            if !op.isOrdering {
                let test = NullTest(operand: rightIsNull ? left.kernel : right.kernel, isNegated: op == .notEqual)
                guard left.type == .null, rightIsNull else { return test }
                return Comparison(op: op, left: left.kernel, right: right.kernel, names: names)
            }
            if left.literal == .null || right.literal == .null { throw unordered(op, left, right, link) }
            return AlwaysRejected(
                type: .boolean,
                reason: "'\(op.rawValue)' not supported between instances of '\(left.name)' and '\(right.name)'")
        }
        guard let (a, b) = comparable(left, right, ordering: op.isOrdering) else {
            if op.isOrdering { throw unordered(op, left, right, link) }
            throw ExpressionError("'\(left.name)' and '\(right.name)' are never equal", at: link.offset).outside
        }
        return Comparison(op: op, left: a, right: b, names: names)
    }

    private func unordered(
        _ op: Comparison.Operator, _ left: Typed, _ right: Typed, _ link: PythonComparison
    ) -> ExpressionError {
        let refusal = ExpressionError(
            "'\(op.rawValue)' is not supported between '\(left.name)' and '\(right.name)'", at: link.offset)
        if case .list = left.type, case .list = right.type { return refusal.outside }
        if case .structure = left.type, case .structure = right.type { return refusal.outside }
        return refusal
    }

    /// The operands in columns that can be compared; nil when Python's types cannot.
    private func comparable(_ a: Typed, _ b: Typed, ordering: Bool) -> (any Kernel, any Kernel)? {
        func number(_ value: Typed) -> any Kernel { value.type == .boolean ? widened(value, to: .int64) : value.kernel }
        func time(_ value: Typed) -> (any Kernel)? {
            if value.type == .timestamp { return value.kernel }
            // Equality with a null is false, but the conversion would reject it.
            guard value.type.isNumber, ordering || !value.isNullable else { return nil }
            return TimestampConversion(operand: number(value), unit: .seconds, noun: "Timestamp")
        }
        if a.type.isNumber, b.type.isNumber { return (number(a), number(b)) }
        if a.type == .timestamp || b.type == .timestamp {
            guard let left = time(a), let right = time(b) else { return nil }
            return (left, right)
        }
        guard a.type == b.type else { return nil }
        switch a.type {
        case .list, .map, .structure: return ordering ? nil : (a.kernel, b.kernel)
        default: return (a.kernel, b.kernel)
        }
    }

    private mutating func identity(_ left: PythonNode, _ link: PythonComparison) throws(ExpressionError) -> any Kernel {
        let isNegated = link.symbol == "is not"
        switch link.operand.kind {
        case .none: return NullTest(operand: try operand(left).kernel, isNegated: isNegated)
        case .boolean:
            let (value, other) = (try value(left), try value(link.operand))
            guard value.type == .boolean else { break }
            return Comparison(
                op: isNegated ? .notEqual : .equal, left: widened(value, to: .int64), right: widened(other, to: .int64),
                names: OperandNames(left: "bool", right: "bool"))
        default: break
        }
        throw ExpressionError(
            "'\(link.symbol)' compares objects, not values", at: link.offset,
            suggestion: "write '\(isNegated ? "!=" : "==")'"
        ).outside
    }

    private mutating func membership(_ left: PythonNode, _ link: PythonComparison) throws(ExpressionError) -> any Kernel
    {
        let operand = try value(left)
        if case .tuple(let elements) = link.operand.kind { return try membership(operand, elements) }
        if case .list(let elements) = link.operand.kind { return try membership(operand, elements) }
        if case .set(let elements) = link.operand.kind { return try setMembership(operand, elements) }
        if case .dictionary(let entries) = link.operand.kind {
            let test = try setMembership(operand, entries.map(\.key))
            return Eager(try nonLiteral(entries.map(\.value)), then: test)
        }
        let container = try value(link.operand)
        switch container.type {
        case .string:
            guard operand.type == .string else {
                if operand.type == .null, operand.literal == nil {
                    return AlwaysRejected(
                        type: .boolean, reason: "'in <string>' requires string as left operand, not NoneType")
                }
                throw ExpressionError("'in' text needs text on its left, not '\(operand.name)'", at: link.offset)
            }
            return TextTest(test: .contains, text: container.kernel, pattern: operand.kernel)
        case .list(let element):
            let whole = Typed(AlwaysRejected(type: element, reason: ""), isNullable: true)
            guard
                operand.type == element || operand.type == .null || element == .null
                    || (operand.type.isNumber && element.isNumber && comparable(operand, whole, ordering: false) != nil)
            else {
                throw ExpressionError(
                    "a list of '\(element.pythonName)' never holds '\(operand.name)'", at: link.offset
                ).outside
            }
            return ListMembership(operand: operand.kernel, list: container.kernel)
        case .map:
            guard operand.type == .string || (operand.type == .null && operand.literal == nil) else {
                throw ExpressionError("the keys are text, never '\(operand.name)'", at: link.offset).outside
            }
            return MapMembership(key: operand.kernel, map: container.kernel)
        case .null where container.literal == nil:
            return AlwaysRejected(type: .boolean, reason: "argument of type 'NoneType' is not iterable")
        default: throw ExpressionError("argument of type '\(container.name)' is not iterable", at: link.offset)
        }
    }

    private mutating func setMembership(_ operand: Typed, _ elements: [PythonNode]) throws(ExpressionError)
        -> any Kernel
    {
        if case .list = operand.type {
            throw ExpressionError("unhashable type: 'list'", at: elements.first?.offset ?? 0)
        }
        return try membership(operand, elements)
    }

    private mutating func membership(_ operand: Typed, _ elements: [PythonNode]) throws(ExpressionError) -> any Kernel {
        var candidates: [any Kernel] = []
        var left = operand.kernel
        for element in elements {
            let candidate = try value(element)
            if candidate.type == .null || operand.type == .null {
                candidates.append(candidate.kernel)
            } else if let (a, b) = comparable(operand, candidate, ordering: false) {
                left = a
                candidates.append(b)
            } else {
                throw error("'\(operand.name)' and '\(candidate.name)' are never equal", element).outside
            }
        }
        if candidates.isEmpty { return Eager([left], then: Constant(.boolean(false), .boolean)) }
        return Membership(operand: left, candidates: candidates)
    }
}
