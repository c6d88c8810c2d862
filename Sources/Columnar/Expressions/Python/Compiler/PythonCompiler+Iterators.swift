/// Functions that give something to go through, rather than a value: `range`, `enumerate`, `zip`, `reversed`, `set`.
extension PythonCompiler {
    /// Nil when it is another call.
    mutating func iterator(
        _ callee: PythonNode, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode, parts: Int,
        needsOrder: Bool
    ) throws(ExpressionError) -> (any ElementSource)? {
        guard case .name(let name) = callee.kind, ["range", "enumerate", "zip", "reversed", "set"].contains(name),
            isBuiltin(name)
        else { return nil }
        let wanted = name == "enumerate" ? 2 : (name == "zip" ? arguments.count : 1)
        guard parts == wanted else {
            throw error("\(name)() gives \(wanted) values at a time, for as many variables", node).outside
        }
        switch name {
        case "range":
            try requireArguments(name, arguments, 1...3, keywords, node)
            var bounds: [any Kernel] = []
            for argument in arguments { bounds.append(try wholeNumber(argument)) }
            let zero = Constant(.int64(0), .int64)
            let one = Constant(.int64(1), .int64)
            return RangeElements(
                start: bounds.count > 1 ? bounds[0] : zero, stop: bounds.count > 1 ? bounds[1] : bounds[0],
                step: bounds.count > 2 ? bounds[2] : one)
        case "enumerate":
            var start: PythonNode? = arguments.count > 1 ? arguments[1] : nil
            if let keyword = keywords.first {
                guard keyword.name == "start", keywords.count == 1, start == nil else {
                    throw error("enumerate() does not take '\(keyword.name)'", keyword.value)
                }
                start = keyword.value
            }
            try requireArguments(name, arguments, 1...2, [], node)
            let first = try start.map { (start) throws(ExpressionError) in try wholeNumber(start) }
            return EnumeratedElements(source: try elements(arguments[0]), start: first ?? Constant(.int64(0), .int64))
        case "zip":
            try requireArguments(name, arguments, 2...8, keywords, node)
            var sources: [any ElementSource] = []
            for argument in arguments { sources.append(try elements(argument)) }
            return ZippedElements(sources: sources)
        case "reversed":
            try requireArguments(name, arguments, 1...1, keywords, node)
            if case .generator = arguments[0].kind { throw error("'generator' object is not reversible", node) }
            let source = try elements(arguments[0])
            return ReversedElements(source: source)
        default:
            try requireArguments(name, arguments, 1...1, keywords, node)
            if needsOrder { throw error("a set has no order", node, suggestion: "write sorted(set(…))").outside }
            let source = try elements(arguments[0], needsOrder: false)
            switch source.elementType {
            case .int64, .string, .boolean, .bytes: return DistinctElements(source: source)
            default:
                throw error("a set of '\(source.elementType.pythonName)' is not supported", node).outside
            }
        }
    }

    /// Whether a name stands for Python's own function here.
    func isBuiltin(_ name: String) -> Bool {
        imports[name] == nil && name != parameter && !loops.contains { $0.names.contains(name) }
            && (parameter != nil || schema.index(of: name) == nil)
    }

    /// A whole number that is there.
    mutating func wholeNumber(_ node: PythonNode) throws(ExpressionError) -> any Kernel {
        let value = try value(node)
        let reason = "'\(value.name)' object cannot be interpreted as an integer"
        if value.type == .null, value.literal == nil { return AlwaysRejected(type: .int64, reason: reason) }
        guard value.type.isWhole else { throw error(reason, node) }
        return Required(
            operand: widened(value, to: .int64), reason: "'NoneType' object cannot be interpreted as an integer")
    }
}
