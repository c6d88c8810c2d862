/// Comprehensions, and the functions that go through the elements of a list.
extension PythonCompiler {
    /// The elements of a comprehension or of a generator.
    mutating func generator(_ loop: PythonComprehension) throws(ExpressionError) -> Generator {
        let iterable = try elements(loop.iterable)
        variables.append(
            LoopVariable(type: iterable.elementType, name: loop.variable, depth: variables.count))
        defer { variables.removeLast() }
        var conditions: [any Kernel] = []
        for condition in loop.conditions { conditions.append(try truth(condition)) }
        return Generator(iterable: iterable, conditions: conditions, element: try value(loop.element).kernel)
    }

    /// What can be gone through.
    private mutating func elements(_ node: PythonNode) throws(ExpressionError) -> any ElementSource {
        let list: Typed
        switch node.kind {
        case .generator(let loop): return try generator(loop)
        case .tuple(let elements): list = try self.list(elements, node)
        default: list = try value(node)
        }
        switch list.type {
        case .list(let element): return ListElements(list: list.kernel, elementType: element)
        case .string: return ListElements(list: TextCharacters(text: list.kernel), elementType: .string)
        case .null where list.literal == nil:
            let rejected = AlwaysRejected(type: .list(.null), reason: "'NoneType' object is not iterable")
            return ListElements(list: rejected, elementType: .null)
        case .bytes: throw error("the elements of bytes are not supported", node).outside
        default: throw error("'\(list.name)' object is not iterable", node)
        }
    }

    mutating func overElements(
        _ name: String, _ arguments: [PythonNode], _ keywords: [PythonKeyword], _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        try requireArguments(name, arguments, name == "sum" ? 1...2 : 1...1, [], node)
        let source = try elements(arguments[0])
        let type = source.elementType
        var named: [String: PythonNode] = [:]
        for keyword in keywords { named[keyword.name] = keyword.value }
        let allowed =
            switch name {
            case "sorted": ["reverse"]
            case "sum": ["start"]
            case "max", "min": ["default"]
            default: [String]()
            }
        if let keyword = keywords.first(where: { !allowed.contains($0.name) }) {
            let refusal = error("\(name)() does not take '\(keyword.name)' here", keyword.value)
            throw keyword.name == "key" ? refusal.outside : refusal
        }
        switch name {
        case "any", "all": return Typed(ElementsTruth(wanted: name == "any", source: source))
        case "list": return Typed(CollectedList(source: source))
        case "sum": return try sum(source, arguments.count > 1 ? arguments[1] : named["start"], node)
        case "sorted":
            try requireOrder(type, name, node)
            var isReversed = false
            if let reverse = named["reverse"] {
                guard case .boolean(let value) = reverse.kind else {
                    throw error("'reverse' is True or False here", reverse).outside
                }
                isReversed = value
            }
            return Typed(SortedList(source: source, isReversed: isReversed))
        default:
            try requireOrder(type, name, node)
            guard let fallback = named["default"] else {
                return Typed(
                    ElementsExtreme(isGreatest: name == "max", source: source, fallback: nil, type: type),
                    isNullable: true)
            }
            let given = Typed(Constant(.null, type), isNullable: true)
            let (chosen, _, common) = try unified(try value(fallback), given, fallback.offset, "\(name) gives")
            let widened: any ElementSource =
                type == common ? source : WidenedElements(source: source, elementType: common)
            return Typed(
                ElementsExtreme(isGreatest: name == "max", source: widened, fallback: chosen.kernel, type: common),
                isNullable: true)
        }
    }

    private func requireOrder(_ type: DataType, _ name: String, _ node: PythonNode) throws(ExpressionError) {
        switch type {
        case .list, .structure:
            throw error("\(name) is not supported for elements of '\(type.pythonName)'", node).outside
        default: break
        }
    }

    private mutating func sum(
        _ source: any ElementSource, _ start: PythonNode?, _ node: PythonNode
    ) throws(ExpressionError) -> Typed {
        var first = Typed.literal(.int64(0), .int64)
        if let start { first = try value(start) }
        guard let start = first.literal, [.int64, .float64].contains(first.type) else {
            throw error("the start of a sum must be a number that is spelled out", node).outside
        }
        let element = source.elementType
        guard element.isNumber || element == .null else {
            throw error("unsupported operand types for +: '\(first.name)' and '\(element.pythonName)'", node)
        }
        let type: DataType = element == .float64 || first.type == .float64 ? .float64 : .int64
        return Typed(ElementsSum(source: source, start: start, type: type))
    }
}
