/// Comprehensions, and the functions that go through the elements of a list.
extension PythonCompiler {
    /// The elements of a comprehension or of a generator.
    mutating func generator(_ comprehension: PythonComprehension) throws(ExpressionError) -> Generator {
        try generator(comprehension.loops[...], comprehension.element)
    }

    private mutating func generator(
        _ rest: ArraySlice<PythonLoop>, _ element: PythonNode
    ) throws(ExpressionError) -> Generator {
        guard let loop = rest.first else { throw error("a comprehension needs a 'for'", element) }
        let iterable = try elements(loop.iterable, parts: loop.variables.count)
        loops.append(LoopScope(names: loop.variables, type: iterable.elementType, depth: loops.count))
        defer { loops.removeLast() }
        var conditions: [any Kernel] = []
        for condition in loop.conditions { conditions.append(try truth(condition)) }
        let body: Generator.Body =
            rest.count > 1
            ? .elements(try generator(rest.dropFirst(), element)) : .value(try value(element).kernel)
        return Generator(iterable: iterable, conditions: conditions, body: body)
    }

    /// What can be gone through: elements of as many parts as there are variables to take them.
    ///
    /// - Parameter needsOrder: False where it makes no difference in which order a set gives them.
    mutating func elements(
        _ node: PythonNode, parts: Int = 1, needsOrder: Bool = true
    ) throws(ExpressionError) -> any ElementSource {
        let list: Typed
        switch node.kind {
        case .generator(let loop) where parts == 1: return try generator(loop)
        case .tuple(let elements) where parts == 1: list = try self.list(elements, node)
        case .call(let callee, let arguments, let keywords):
            if let source = try iterator(callee, arguments, keywords, node, parts: parts, needsOrder: needsOrder) {
                return source
            }
            list = try value(node)
        default: list = try value(node)
        }
        if parts > 1 { throw error("the elements are no pairs that can be taken apart here", node).outside }
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
        let source = try elements(
            arguments[0], needsOrder: name == "list" || keywords.contains { $0.name == "key" })
        let type = source.elementType
        var named: [String: PythonNode] = [:]
        for keyword in keywords { named[keyword.name] = keyword.value }
        let allowed =
            switch name {
            case "sorted": ["reverse", "key"]
            case "sum": ["start"]
            case "max", "min": ["default", "key"]
            default: [String]()
            }
        if let keyword = keywords.first(where: { !allowed.contains($0.name) }) {
            throw error("\(name)() does not take '\(keyword.name)' here", keyword.value)
        }
        switch name {
        case "any", "all": return Typed(ElementsTruth(wanted: name == "any", source: source))
        case "list": return Typed(CollectedList(source: source))
        case "sum": return try sum(source, arguments.count > 1 ? arguments[1] : named["start"], node)
        case "sorted":
            let key = try named["key"].map { (key) throws(ExpressionError) in try sortingKey(key, type) } ?? nil
            try requireOrder(key?.type ?? type, name, node)
            var isReversed = false
            if let reverse = named["reverse"] {
                guard case .boolean(let value) = reverse.kind else {
                    throw error("'reverse' is True or False here", reverse).outside
                }
                isReversed = value
            }
            return Typed(SortedList(source: source, key: key, isReversed: isReversed))
        default:
            let key = try named["key"].map { (key) throws(ExpressionError) in try sortingKey(key, type) } ?? nil
            try requireOrder(key?.type ?? type, name, node)
            guard let fallback = named["default"] else {
                return Typed(
                    ElementsExtreme(isGreatest: name == "max", source: source, key: key, fallback: nil, type: type),
                    isNullable: true)
            }
            let given = Typed(Constant(.null, type), isNullable: true)
            let (chosen, _, common) = try unified(try value(fallback), given, fallback.offset, "\(name) gives")
            if key != nil, type != common {
                throw error("the default and the elements differ in type", fallback).outside
            }
            let widened: any ElementSource =
                type == common ? source : WidenedElements(source: source, elementType: common)
            return Typed(
                ElementsExtreme(
                    isGreatest: name == "max", source: widened, key: key, fallback: chosen.kernel, type: common),
                isNullable: true)
        }
    }

    /// `key=lambda x: …`, or a function that is called with the element.
    private mutating func sortingKey(_ node: PythonNode, _ element: DataType) throws(ExpressionError) -> (any Kernel)? {
        if case .none = node.kind { return nil }
        loops.append(LoopScope(names: ["key element"], type: element, depth: loops.count))
        defer { loops.removeLast() }
        switch node.kind {
        case .lambda(let parameters, let body):
            guard parameters.count == 1 else { throw error("the key takes one parameter", node) }
            loops[loops.count - 1].names = parameters
            return try value(body).kernel
        case .name(let name) where Self.functions.contains(name):
            let element = PythonNode(kind: .name("key element"), offset: node.offset)
            return try value(PythonNode(kind: .call(node, [element], keywords: []), offset: node.offset)).kernel
        default: throw error("such a key is not supported", node, suggestion: "write key=lambda x: …").outside
        }
    }

    private func requireOrder(_ type: DataType, _ name: String, _ node: PythonNode) throws(ExpressionError) {
        switch type {
        case .list, .map, .structure:
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
